"""Shared by all readers: the school's rules for marks, a page to read, and the list of problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.imports.error_texts import is_error_text, may_be_error_text
from core.errors import SchoolError
from core.model.imports.reports import LeftOutRow, Problem
from core.rules import characters

Rows = Sequence[Sequence[str]]

LONGEST_VALUE = 40

MOST_PROBLEMS = 10_000
"""More would fill the memory, and nobody reads them."""


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Settings of the school that decide how cells are read; `lowest_mark` is 1 where ones are given (Q37)."""

    lowest_mark: int = 2


class UnreadableFileError(SchoolError):
    """The file or sheet cannot be read; `reason` is a key of the catalogue `import.…`."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__()
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Page:
    """A data table with its spans filled, and the lines of text above and below it.

    Rows and columns of problems count from 1 in `rows`: in the HTML table, or in the workbook's sheet.
    """

    sheet: str | None
    rows: Rows
    above: Sequence[str]
    below: Sequence[str]


@dataclass(slots=True)
class ReadingProblems:
    """The problems of one sheet, collected so that the whole file is checked (Q101).

    `removed`: row and column of the first cell with removed invisible characters, and the number of such cells.
    """

    sheet: str | None = None
    problems: list[Problem] = field(default_factory=list)
    removed: tuple[int | str | None, int | str | None, int] = (None, None, 0)
    left_out: list[Problem] = field(default_factory=list)
    rows_left_out: list[LeftOutRow] = field(default_factory=list)

    @property
    def notes(self) -> Sequence[Problem]:
        """What was left out without stopping the import, and the first place of removed invisible characters."""
        row, column, cells = self.removed
        hidden = [Problem(self.sheet, row, column, None, "invisible", (("cells", str(cells)),))] if cells else []
        return [*self.left_out, *hidden]

    def note(
        self, reason: str, *, row: int | None = None, column: int | None = None, value: str | None = None, **facts: str
    ) -> None:
        """Tell about a place that was left out and changes nothing; it does not stop the import."""
        self.left_out.append(Problem(self.sheet, row, column, _shortened(value), reason, tuple(facts.items())))

    def add(
        self,
        reason: str,
        *,
        row: int | str | None = None,
        column: int | str | None = None,
        value: str | None = None,
        title: str | None = None,
        **facts: str,
    ) -> None:
        """Add a problem. `value` is never the text of a cell with a name or a contact (Q103)."""
        value = _shortened(value)
        if len(self.problems) == MOST_PROBLEMS and reason != "too_many_problems":
            raise UnreadableFileError("too_many_problems", most=str(MOST_PROBLEMS))
        self.problems.append(Problem(self.sheet, row, column, value, reason, tuple(facts.items()), title))

    def leave_out_row(self, table: str, row: int, cells: Mapping[str, str] | None = None) -> None:
        """Remember a row that has problems, with the texts of its sound cells."""
        self.rows_left_out.append(LeftOutRow(table, self.sheet, row, cells or {}))

    def clean_text(self, text: str, *, row: int | str | None = None, column: int | str | None = None) -> str:
        """The text of a cell without invisible characters.

        Harmless ones are noted. A forbidden one is a problem that names the character, never the words, and so is the
        text of an error («#N/A»).
        """
        if is_error_text(text):
            self.add("error_cell", row=row, column=column)
        if text.isprintable():
            return text
        if (character := characters.first_forbidden_character(text)) is not None:
            self.add("character", row=row, column=column, character=character)
        seen = characters.without_invisible_characters(text)
        if len(seen) < len(text):
            first_row, first_column, cells = self.removed if self.removed[-1] else (row, column, 0)
            self.removed = first_row, first_column, cells + 1
        return characters.without_forbidden_characters(seen)

    def clean_row(self, cells: Sequence[str], number: int) -> list[str]:
        """The cells of a row as `clean_text` gives them; the join tests a whole row at once, which is fast."""
        joined = "".join(cells)
        if joined.isprintable() and not may_be_error_text(joined):
            return list(cells)
        return [self.clean_text(cell, row=number, column=column) for column, cell in enumerate(cells, start=1)]


def _shortened(value: str | None) -> str | None:
    return f"{value[: LONGEST_VALUE - 1]}…" if value and len(value) > LONGEST_VALUE else value
