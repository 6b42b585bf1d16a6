"""Finds the term that a question names: «за 1 четверть», «итоговые», «за прошлую четверть» (Q13, Q113)."""

import re
from itertools import pairwise

from bot.questions.words import ORDINALS
from core.rules.results.terms import is_numbered_term, term_key

PRESENT, PREVIOUS, NEXT, WHOLE_YEAR = "present", "previous", "next", "year"
"""What words mean that name a term without its number."""

_ORDINAL_ENDING = re.compile(r"(?<=\d)\s*-\s*(?:я|й|ю|е|ой|ую|ая|ое|го)\b")
_WORD = re.compile(r"[^\W\d]+|\d+")
_YEAR = re.compile(r"\b(?:годов\w*|за (?:весь )?(?:учебный )?год|за год|whole year|annual)\b")
_PREVIOUS = re.compile(
    r"\b(?:прошл\w*|предыдущ\w*|последн\w*|last|previous) (?:четв(?!ер[гк])|трим|полуг|term|quarter)"
)
_NEXT = re.compile(r"\b(?:следующ\w*|next) (?:четв(?!ер[гк])|трим|полуг|term|quarter)")
_PRESENT = re.compile(
    r"^(?:мои |наши |\w+ )?четверти(?: \w+)?$|"
    r"\bзаконч\w+ (?:четв(?!ер[гк])|трим|полуг)|"
    r"\b(?:итог\w*|четвертн\w*|триместров\w*|полугодов\w*|final|"
    r"(?:за|в|на|с начала) (?:эту |этой |этом |всю |всей |текущ\w+ |нынешн\w+ )?(?:четв(?!ер[гкоы])|трим|полуг)\w*|"
    r"(?:this|for the|in the) (?:quarter|term|half.?year|trimester))\b"
)
_RUSSIAN = {"quarter": "четверть", "trimester": "триместр", "half": "полугодие"}
_IN_ENGLISH = re.compile(r"\b([1-4])(?:st|nd|rd|th)? (quarter|trimester|half)(?:.?year)?\b")
_ORDINAL_ALONE = re.compile(r"\W*(?:а|и|ну)?\s*(?:за|в|во)?\s*(?:(перв\w+|втор\w+|трет\w+|четв[её]рт\w+)|([1-4]))\W*")
_TERM = re.compile(r"четв(?!ер[гк])|трим|полуг|\bгод|quarter|term|half|year")


def term_named_in_question(words: str, *, of_marks: bool) -> str | None:
    """The key of a numbered term, or which term is meant else; None where the words name no term.

    A number that no term has is kept as it is said: «5 четверть» is answered as unknown, not passed over.
    `of_marks`: «итоговые» alone are marks of a term; an «итоговая контрольная» is none.
    """
    text = _ORDINAL_ENDING.sub("", " ".join(words.casefold().replace("ё", "е").split()))
    text = _IN_ENGLISH.sub(lambda found: f"{found[1]} {_RUSSIAN[found[2]]}", text)
    for first, second in pairwise(_WORD.findall(text)):
        if is_numbered_term(f"{first} {second}") and term_key(f"{first} {second}")[0].isdecimal():
            return term_key(f"{first} {second}")
        if first.isdecimal() and second.startswith(("четверт", "триместр", "полугоди")):
            return f"{first} {second}"
    if not of_marks and not _TERM.search(text):
        return None
    for pattern, meaning in ((_PREVIOUS, PREVIOUS), (_NEXT, NEXT), (_YEAR, WHOLE_YEAR), (_PRESENT, PRESENT)):
        if pattern.search(text):
            return meaning
    return None


def ordinal_alone_in_question(words: str) -> int | None:
    """The number of «а за вторую?», «а третий?», «а во 2?», which a term or a lesson of the question before has."""
    found = _ORDINAL_ALONE.fullmatch(_ORDINAL_ENDING.sub("", words.casefold().strip()))
    if found is None:
        return None
    return int(found[2]) if found[2] else 1 + next(n for n, stem in enumerate(ORDINALS) if found[1].startswith(stem))
