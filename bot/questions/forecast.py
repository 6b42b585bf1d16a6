"""Finds the mark in a question about a forecast, hoped for or supposed to come next; and asks for the risk list."""

import re

NEXT_BETTER = 1
"""In place of a mark: the next better one than the average so far makes."""

_MARKS = {
    5: r"5|пять|пяти|пят[её]р\w*|отлично|five",
    4: r"4|четыре|четыр[её]х|четв[её]р(?:к|оч)\w*|хорошо|four",
    3: r"3|три|тр[её]х|тро(?:й|я|е)\w*|удовл\w*|three",
    2: r"2|два|двух|двой\w*|неуд\w*|two",
}
_ORDINAL = r"(?:-?(?:й|я|ю|ая|ую|ой|ей|е|nd|rd|th)\s+)?"
_TERM = rf"{_ORDINAL}(?:четв(?!ер|ёр)|четверт[ьи]|чтв|полуг|трим|класс|quarter|term|half|week|недел|урок|дн)"
_NO_PART = r"(?<![\w.,/:-])"
_NOT_OTHER = rf"(?!\w|[.,/:-]\d|\s*{_TERM})"
_ANY = "|".join(_MARKS.values())
_WORD = re.compile(rf"{_NO_PART}[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}", re.IGNORECASE)
_AIM = re.compile(
    rf"(?:чтоб\w*|для|до|на|вый[дт]\w+|выход\w*|ради|for|so|to|get)\s(?:[^?!.]*?\s)?[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}",
    re.IGNORECASE,
)
_MENDED = re.compile(r"исправ|испрал", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:если|ежели|коли|вдруг|допустим|if|suppose)\b", re.IGNORECASE)

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


def hoped_mark(text: str) -> int | None:
    """The mark that is aimed at.

    Of «сколько пятёрок до четвёрки» it is the «4», of «сколько пятёрок надо» `NEXT_BETTER`, of «исправлю двойку» «3».
    """
    named = [_mark_of(found["mark"]) for found in _WORD.finditer(text)]
    if is_supposition(text):
        after = text[_start_of_supposition(text) :]
        return next((_mark_of(found["mark"]) for found in _WORD.finditer(after)), named[0] if named else None)
    if _MENDED.search(text):
        return min(named[0] + 1, max(_MARKS)) if named else NEXT_BETTER
    counted = re.search(r"(?:сколько|how many)\s(?:\w+\s)?", text, re.IGNORECASE)
    if counted is None:
        return named[0] if named else None
    aims = list(_AIM.finditer(text, counted.end()))
    return _mark_of(aims[0]["mark"]) if aims else NEXT_BETTER


def is_supposition(text: str) -> bool:
    """«а если получу 3»."""
    return _SUPPOSED.search(text) is not None


def _start_of_supposition(text: str) -> int:
    found = _SUPPOSED.search(text)
    return found.end() if found else 0


def _mark_of(word: str) -> int:
    return next(mark for mark, forms in _MARKS.items() if re.fullmatch(forms, word, re.IGNORECASE))


def asks_for_risks(words: str) -> bool:
    """Whether the words ask who of a class is at risk."""
    return _RISKS.search(words) is not None
