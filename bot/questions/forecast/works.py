"""The kinds of works that a question about a forecast names, as journals begin their names.

`forecast_works.csv` has the spoken words of each; a kind that is not `is_large` is never taken for the heaviest one.
"""

import re
from collections.abc import Sequence
from functools import cache

from bot.questions.tables import question_table_rows


def find_forecast_works(text: str) -> Sequence[str]:
    """The beginnings of their names in the order of the text: «лабу на 4, контрольную на 3» «лаб», «контрол»."""
    found = {match.start(): (match.end(), begins) for pattern, begins in _spoken() for match in pattern.finditer(text)}
    works: list[str] = []
    end = 0
    for start, (stop, begins) in sorted(found.items()):
        if start >= end:
            works.append(begins)
            end = stop
    return works


def is_large_forecast_work(begins: str) -> bool:
    """Whether such a work is usually among the heaviest."""
    return any(row["begins"] == begins and row["is_large"] == "yes" for row in question_table_rows("forecast_works"))


@cache
def _spoken() -> Sequence[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(rf"\b(?:{row['spoken']})\b", re.IGNORECASE), row["begins"])
        for row in question_table_rows("forecast_works")
    ]
