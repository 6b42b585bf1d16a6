"""What every reader shares: the school's rules for marks, a page to read, and the list of its faults."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import SchoolError
from core.model.journal import Problem

Rows = Sequence[Sequence[str]]

LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What the school's settings say of cells; `lowest_mark` is 1 where ones are given (Q37)."""

    lowest_mark: int = 2


class UnreadableError(SchoolError):
    """Nothing of the file can be read."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__()
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Page:
    """A data table, spans filled out, with the lines of text above and below it.

    Rows and columns of problems count from 1 in `rows`: in the HTML table, or in the workbook's sheet.
    """

    sheet: str | None
    rows: Rows
    above: Sequence[str]
    below: Sequence[str]


@dataclass(slots=True)
class Faults:
    """Problems of one sheet, gathered so that the whole file is checked instead of stopping at the first (Q101)."""

    sheet: str | None = None
    found: list[Problem] = field(default_factory=list)

    def add(
        self,
        reason: str,
        *,
        row: int | str | None = None,
        column: int | str | None = None,
        value: str | None = None,
        **facts: str,
    ) -> None:
        """`value` only for mark, date and weight cells: names and contacts are told by their place (Q103)."""
        if value and len(value) > LONGEST_VALUE:
            value = f"{value[: LONGEST_VALUE - 1]}…"
        self.found.append(Problem(self.sheet, row, column, value, reason, tuple(facts.items())))
