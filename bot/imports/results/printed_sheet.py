"""Reads a summary sheet that was printed as a workbook: every cell with its student, subject, term and place (Q66)."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import IO

from bot.imports.dates import read_school_year_dates
from bot.imports.formats.workbooks import fill_merged_workbook_cells, read_workbook_sheets
from bot.imports.reading import Rows
from bot.imports.results.matrix_head import MatrixHead, find_matrix_head, matrix_head_cell_text, matrix_head_titles
from bot.imports.results.terms import read_result_term
from bot.imports.results.titles import class_in_result_title
from core.model.results.summary_sheet import PrintedCell
from core.rules.people.names import normal_name


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The cells of a file in reading order, also the empty ones; class and first day of the year as its titles say."""

    school_class: str | None
    year: date | None
    cells: Sequence[PrintedCell]
    has_table: bool


def read_printed_sheet(file: IO[bytes], *, other_heads: Collection[str]) -> PrintedSheet:
    """The sheet of a workbook; a column whose title begins, as a normal name, with one of `other_heads` has no marks.

    Raises UnreadableError for a file that is no workbook.
    """
    cells: list[PrintedCell] = []
    lines: list[str] = []
    has_table = False
    for sheet in read_workbook_sheets(file):
        rows = fill_merged_workbook_cells([[*row] for row in sheet.rows], sheet.merged)
        head = find_matrix_head(rows, is_merged=bool(sheet.merged))
        lines += matrix_head_titles(rows, 0, len(rows) if head is None else head.top)
        if head is not None:
            has_table = True
            cells += _Reader(rows, head, sheet.name, tuple(other_heads)).cells()
    year = next((found[0] for line in lines if (found := read_school_year_dates(line)) is not None), None)
    return PrintedSheet(class_in_result_title(lines), year, cells, has_table)


def read_printed_sheet_workbook(content: bytes, *, other_heads: Collection[str]) -> PrintedSheet:
    """The sheet of a workbook in memory; it passes through a file without a name, since another process reads it."""
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        return read_printed_sheet(file, other_heads=other_heads)


@dataclass(frozen=True, slots=True)
class _Reader:
    rows: Rows
    head: MatrixHead
    sheet: str
    other_heads: tuple[str, ...]

    def cells(self) -> Iterator[PrintedCell]:
        """Row by row; a name that a new number follows is a new student, also of the same name."""
        seen, last = Counter[str](), ""
        name, namesake = "", 0
        for row in self._pupil_rows():
            number = matrix_head_cell_text(self.rows, row, self.head.name - 1)
            if self.head.term_column is None or number != last:
                name, last = matrix_head_cell_text(self.rows, row, self.head.name), number
                namesake = seen[normal_name(name)]
                seen[normal_name(name)] += 1
            yield from self._marks(row, name, namesake)

    def _pupil_rows(self) -> Iterator[int]:
        """The numbered rows under the head."""
        for row in range(self.head.body, len(self.rows)):
            if not matrix_head_cell_text(self.rows, row, self.head.name - 1).isdecimal():
                return
            yield row

    def _is_other(self, title: str) -> bool:
        return normal_name(title).startswith(self.other_heads)

    def _marks(self, row: int, name: str, namesake: int) -> Iterator[PrintedCell]:
        column_of_terms = self.head.term_column
        own = (
            None
            if column_of_terms is None
            else read_result_term(matrix_head_cell_text(self.rows, row, column_of_terms))
        )
        for column in self.head.columns:
            term = column.term if own is None else own
            if column.subject and term is not None and not self._is_other(column.subject):
                text = matrix_head_cell_text(self.rows, row, column.index)
                place = self.sheet, row + 1, column.index + 1
                yield PrintedCell(name, namesake, column.subject, term, text, *place)
