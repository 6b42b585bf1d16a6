"""One row of a table with named columns: each of its cells is read, or becomes a problem with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.imports.dates import read_date
from bot.imports.reading import Faults
from core.rules.cells import UnknownTokenError, day_tokens, weight


@dataclass(frozen=True, slots=True)
class TableRow:
    """`columns` is column name → index; an absent column reads as an empty cell. `number` counts from 1."""

    number: int
    cells: Sequence[str]
    columns: Mapping[str, int]
    faults: Faults

    def text(self, name: str) -> str | None:
        """The words of a cell; None when it is empty."""
        index = self.columns.get(name)
        return (" ".join(self.cells[index].split()) or None) if index is not None else None

    def required(self, name: str) -> str:
        """The words of a cell that must not be empty; "" and a problem when it is."""
        text = self.text(name)
        if text is None:
            self.fault(name, "cell_missing")
        return text or ""

    def date(self, name: str, *, required: bool = False) -> date | None:
        """A date; one that is no date is a problem, and so is an empty cell where it is required."""
        text = self.required(name) if required else self.text(name)
        if not text:
            return None
        on = read_date(text)
        if on is None:
            self.fault(name, "date", value=text)
        return on

    def tokens(self, name: str, lowest_mark: int) -> tuple[str, ...] | None:
        """The tokens of a mark cell; None and a problem when one of them is unknown."""
        try:
            return day_tokens(self.text(name) or "", lowest_mark)
        except UnknownTokenError as error:
            self.fault(name, "unknown_token", value=error.token)
            return None

    def weight(self, name: str) -> Decimal | None:
        """The weight of a mark; what is no weight is a problem."""
        try:
            return weight(self.text(name) or "")
        except UnknownTokenError as error:
            self.fault(name, "weight", value=error.token)
            return None

    def fault(self, name: str, reason: str, *, value: str | None = None, **facts: str) -> None:
        """A problem of this cell; `value` only where the cell holds a mark, a date or a weight (Q103)."""
        self.faults.add(reason, row=self.number, column=self.columns[name] + 1, value=value, **facts)
