"""Tells whether the words ask who of a class is at risk (Q49)."""

import re

_WHO = r"(?:у\s+кого|кто|кому|кого|чьи|какие\s+ученики|список|покажи|who|which\s+students|list)"
_BAD = r"(?:двой\w*|двоеч\w*|неуд\w*|не\s?успева\w*|«?2»?|два|не\s?аттест\w*|н/а|отста\w*|failing|fails?|a\s+2|twos?)"
_COMES = r"(?:выходит|выйдет|выходят|выйдут|грозит|светит|получается|будет|может|риск\w*|скатыва\w*|heading|at\s+risk)"
_RISKS = re.compile(
    rf"\bриск\w*\b|\bat\s+risk\b|\brisk\s+list\b"
    rf"|\b{_WHO}\b.*\b{_COMES}.*{_BAD}"
    rf"|\b{_WHO}\b.*{_BAD}.*\b{_COMES}"
    rf"|\b{_WHO}\b.*\bна\s+грани\b|\bна\s+грани\b.*\b{_WHO}\b"
    rf"|\b(?:кто|who)\b.*\b(?:не\s?успева|двоечник|отста[её]т|неуспева|is\s+failing)"
    rf"|\b(?:which\s+students|who)\b.*\b(?:are|is)\s+failing|^\W*(?:мои\s+)?(?:двоечники|неуспевающие|отстающие)\W*$",
    re.IGNORECASE,
)


def asks_for_risks(words: str) -> bool:
    """Whether the words ask who of a class is at risk."""
    return _RISKS.search(words) is not None
