"""Decides what a question about a forecast asks, by the slots that it has, whatever their order (R4, Q41, Q44).

`forecast.csv` is the table: the first row decides of whose `all` each is there and of whose `none` none is. `a|b`:
one of them; `a&b`: both. A row that decides `yes` makes a text a question about a forecast, `no` only tells its kind.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from bot.questions.forecast.marks import MarkRole, SaidMark
from bot.questions.tables import question_table_rows
from core.model.forecast import HIGHEST, LOWEST

_ROW_FIRST = re.compile(r"(?:(?:of )?_ )?@\S+ (?:and )?@\S+ ")
"""«4 5 5 по алгебре»: nothing says whose they are, so they are supposed."""

_SERIES = re.compile(r"@[2-5](?: (?:and )?@[2-5]){2}")
"""Marks in a row, as a diary has them."""

_TAGGED = re.compile(r"@\S+(?: (?:of _|in (?:this )?term quarter|now|come))* (?:tag|true)(?!\S)|\btag (?:_ )?@\S+ \.?$")
"""A mark with «же», «ведь», «да?» behind it."""

WORK_ASKED = re.compile(r"\bwhich (?:(?:final|average|_) )?(?:(?:in|on) )?(?:_ )?control\b")
"""«какой оценкой за контрольную»."""

_COMING = re.compile(r"(?: in (?:\S+ )?term quarter)? come(?!\S)")


@dataclass(frozen=True, slots=True)
class ForecastQuestionKind:
    """A row of the table."""

    name: str
    decides: bool
    wanted: Sequence[Sequence[AbstractSet[str]]]
    unwanted: Sequence[AbstractSet[str]]

    def fits(self, slots: AbstractSet[str]) -> bool:
        """Whether these slots are of this kind."""
        return all(any(each <= slots for each in choice) for choice in self.wanted) and not any(
            each <= slots for each in self.unwanted
        )


def find_forecast_question_kind(slots: AbstractSet[str]) -> ForecastQuestionKind | None:
    """The kind of a question with these slots."""
    return next((kind for kind in forecast_question_kinds() if kind.fits(slots)), None)


def find_forecast_kind_slots(line: str, mentions: Sequence[SaidMark], subjects: int) -> AbstractSet[str]:
    """The slots of a line, the roles of its marks, and how many subjects it names."""
    slots = {each for each in line.split() if not each.startswith(("@", "_"))} | {str(each.role) for each in mentions}
    told = {
        "mark": bool(mentions),
        "mark2": len(mentions) > 1,
        "series": _SERIES.search(line) is not None and any(each.role is not MarkRole.SUPPOSED for each in mentions),
        "row_first": _ROW_FIRST.match(line) is not None,
        "noun": any(not line[each.start : each.end].lstrip("@").isdecimal() for each in mentions),
        "fall": any(each.role is MarkRole.BY and each.mark < HIGHEST for each in mentions),
        "twos": any(each.role is MarkRole.BY and each.mark == LOWEST for each in mentions),
        "outcome": any(_comes_out(line, each) for each in mentions),
        "good": bool(mentions) and all(each.mark > LOWEST + 1 for each in mentions),
        "asked_work": WORK_ASKED.search(line) is not None,
        "present": "this term quarter" in line,
        "tagged": _TAGGED.search(line) is not None,
        "honours": any(each.startswith("honours") for each in slots),
        "subject": subjects == 1,
        "subjects": subjects > 1,
    }
    if "threat" in slots:
        slots.add("heading")
    return slots | {name for name, is_told in told.items() if is_told}


def _comes_out(line: str, mention: SaidMark) -> bool:
    """Whether the mark is said to come out, by itself or with those that are supposed."""
    is_free = mention.role in {MarkRole.NAMED, MarkRole.GOAL}
    return is_free and _COMING.match(line, mention.end) is not None


@cache
def forecast_question_kinds() -> Sequence[ForecastQuestionKind]:
    """The rows of `forecast.csv`."""
    return [
        ForecastQuestionKind(
            row["kind"],
            row["decides"] == "yes",
            [[frozenset(each.split("&")) for each in choice.split("|")] for choice in row["all"].split()],
            [frozenset(each.split("&")) for each in row["none"].split()],
        )
        for row in question_table_rows("forecast")
    ]
