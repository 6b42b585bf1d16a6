"""What every reader shares: the school's rules for marks, a page to read, and the list of its faults."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import SchoolError
from core.model.imports.reports import Problem
from core.rules import letters

Rows = Sequence[Sequence[str]]

LONGEST_VALUE = 40

MOST_PROBLEMS = 10_000
"""Nobody reads more, and a file of a million faults would fill the memory with them."""


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What the school's settings say of cells; `lowest_mark` is 1 where ones are given (Q37)."""

    lowest_mark: int = 2


class UnreadableFileError(SchoolError):
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
    """Problems of one sheet, gathered so that the whole file is checked instead of stopping at the first (Q101).

    `unseen` are the first place where something harmless was left out, and how many such places there are.
    """

    sheet: str | None = None
    found: list[Problem] = field(default_factory=list)
    unseen: tuple[int | str | None, int | str | None, int] = (None, None, 0)

    @property
    def notes(self) -> Sequence[Problem]:
        """What was left out without a loss, which keeps nothing from being written."""
        row, column, cells = self.unseen
        return [Problem(self.sheet, row, column, None, "invisible", (("cells", str(cells)),))] if cells else []

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
        if len(self.found) == MOST_PROBLEMS and reason != "too_many_problems":
            raise UnreadableFileError("too_many_problems", most=str(MOST_PROBLEMS))
        self.found.append(Problem(self.sheet, row, column, value, reason, tuple(facts.items())))

    def words(self, text: str, *, row: int | str | None = None, column: int | str | None = None) -> str:
        """The text of a cell without anything that cannot be seen.

        What is harmless is noted, what nobody may keep is a problem that names the character, and never the words.
        """
        if text.isprintable():
            return text
        if (character := letters.first_forbidden(text)) is not None:
            self.add("character", row=row, column=column, character=character)
        seen = letters.without_invisible(text)
        if len(seen) < len(text):
            first_row, first_column, cells = self.unseen if self.unseen[-1] else (row, column, 0)
            self.unseen = first_row, first_column, cells + 1
        return letters.without_forbidden(seen)

    def row(self, cells: Sequence[str], number: int) -> list[str]:
        """The cells of a row, each with its place; most rows are clean at one look."""
        if "".join(cells).isprintable():
            return list(cells)
        return [self.words(cell, row=number, column=column) for column, cell in enumerate(cells, start=1)]
