"""Recognises what is no question for the journal (Q114): greetings, abuse, wishes for a person, for erasure.

The patterns are in `talk.csv`. Those `always` hold decide before the grammar («С Днём учителя!» asks for no teacher),
those `else` only where the grammar finds nothing that is asked.
"""

import re
from functools import cache

from bot.questions.model import Talk
from bot.questions.tables import question_table_rows

_DIGITS = re.compile(r"\W*\d{1,3}(?:[.,/+*-]\d+)*\W*")
_WHAT = re.compile(r"\b(?:че|чо|шо|што)\b(?!-)")
"""«чё ты умеешь»: a pattern has to know «что» alone."""

ALWAYS, ELSE = "always", "else"


def decided_small_talk(text: str) -> Talk | None:
    """What is said, where it is no question whatever words of the school stand in it."""
    return _matched(text, ALWAYS)


def other_small_talk(text: str) -> Talk | None:
    """What is said in words that ask for nothing; without any word these are signs or a number."""
    if not re.search(r"[^\W\d_]", text):
        return Talk.NUMBER if _DIGITS.fullmatch(text) else Talk.SIGNS
    return _matched(text, ELSE)


def _matched(text: str, when: str) -> Talk | None:
    said = _WHAT.sub("что", " ".join(text.casefold().replace("ё", "е").split()))
    return next((kind for kind, pattern in _patterns(when) if pattern.search(said)), None)


@cache
def _patterns(when: str) -> list[tuple[Talk, re.Pattern[str]]]:
    return [
        (Talk(row["kind"]), re.compile(row["pattern"].replace("ё", "е")))
        for row in question_table_rows("talk")
        if row["when"] == when
    ]
