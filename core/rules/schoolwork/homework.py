"""Whether the words of a homework set anything to be done (Q23)."""

import re

_NO_WORDS = re.compile(
    r"[\s.\-–—_]*(?:не\s+указан[аоы]?)?[\s.\-–—_]*|(?:д/?з\s+)?не\s+задано\.?|нет\.?|без\s+(?:задания|д/?з)\.?",
    re.IGNORECASE,
)
_AS_BEFORE = re.compile(r"(?:задани[ея]\s+)?(?:прежн(?:ее|ие)|то\s+же)\.?", re.IGNORECASE)


def homework_text(text: str | None) -> str | None:
    """The words on one line, None where they are one of the ways of saying nothing.

    «-», «---Не указана---», «не задано» and the like are no assignment, and «задание прежнее» is none either: it gives
    nothing new, and what it repeats stands at the lesson before.
    """
    words = " ".join((text or "").split())
    return None if _NO_WORDS.fullmatch(words) or _AS_BEFORE.fullmatch(words) else words
