"""Finds the term that a question about marks names: «за 1 четверть», «итоговые», «за прошлую четверть» (Q13)."""

import re
from itertools import pairwise

from core.rules.results.terms import is_numbered, term_key

PRESENT, PREVIOUS, WHOLE_YEAR = "present", "previous", "year"
"""What words mean that name a term without its number."""

_ORDINAL_ENDING = re.compile(r"(?<=\d)\s*-\s*(?:я|й|ю|е|ой|ую|ая|ое|го)\b")
_WORD = re.compile(r"[^\W\d]+|\d+")
_YEAR = re.compile(r"\b(?:годов\w*|за (?:весь )?(?:учебный )?год|за год|whole year|annual)\b")
_PREVIOUS = re.compile(r"\b(?:прошл\w*|предыдущ\w*|последн\w*|last|previous) (?:четв|трим|полуг|term|quarter)")
_PRESENT = re.compile(
    r"\b(?:итог\w*|четвертн\w*|триместров\w*|полугодов\w*|за (?:эту |текущую )?(?:четв|трим|полуг)\w*|final)\b"
)


def named_term(words: str) -> str | None:
    """The key of a numbered term, or which term is meant else; None where the words name no term."""
    text = _ORDINAL_ENDING.sub("", " ".join(words.casefold().replace("ё", "е").split()))
    for first, second in pairwise(_WORD.findall(text)):
        if is_numbered(f"{first} {second}"):
            return term_key(f"{first} {second}")
    for pattern, meaning in ((_PREVIOUS, PREVIOUS), (_YEAR, WHOLE_YEAR), (_PRESENT, PRESENT)):
        if pattern.search(text):
            return meaning
    return None
