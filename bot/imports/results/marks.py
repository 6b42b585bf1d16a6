"""A cell of final marks: 2–5, зач, незач, н/а, осв, or nothing yet (Q37)."""

import re

from core.rules.marks.tokens import NOT_ASSESSED, UnknownTokenError

_WORDS = frozenset({"зач", "незач", NOT_ASSESSED, "осв"})
_NOTHING = frozenset({"", "отс", "-", "–", "—"})
_GONE = "выбыл"
_SCORE = re.compile(r"([1-5])(?:\.0)?")
_LOWEST_ANYWHERE = 1


def read_final_mark_cell(text: str, lowest_mark: int) -> str | None:
    """The mark of a cell, in any case. None for an empty cell, a dash, «отс», and what begins with «выбыл».

    «5.0» is «5», as a table program prints it. Raises UnknownTokenError for anything else.
    """
    word = " ".join(text.lower().split())
    if word in _NOTHING or word.startswith(_GONE):
        return None
    score = _SCORE.fullmatch(word)
    if word not in _WORDS and (score is None or int(score[1]) < lowest_mark):
        raise UnknownTokenError(text.strip())
    return score[1] if score else word


def is_final_mark_cell(text: str) -> bool:
    """True for a mark of any school, also of one that gives ones."""
    return is_allowed_mark_cell(text) and read_final_mark_cell(text, _LOWEST_ANYWHERE) is not None


def is_allowed_mark_cell(text: str) -> bool:
    """True for what a column of marks may hold: a mark, or nothing yet."""
    try:
        read_final_mark_cell(text, _LOWEST_ANYWHERE)
    except UnknownTokenError:
        return False
    return True
