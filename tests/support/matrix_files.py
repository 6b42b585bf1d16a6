"""Files of final marks as schools arrange them, written from rows, spans and a title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bot.imports.files import read_import_files
from core.model.imports.reports import ReadFile

Rows = Sequence[Sequence[object]]
Span = tuple[int, int, int, int]
"""First and last row, first and last column of merged cells, from 1."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a formula fills; `value` None: nobody has calculated it."""

    value: object = None


@dataclass(frozen=True, slots=True)
class Printed:
    """One sheet as it is printed; `merged` are its spans, each with the text of its first cell."""

    rows: Rows
    merged: Sequence[Span] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = field(default=())


def workbook_of(path: Path, sheets: Mapping[str, Printed]) -> Path:
    """An xlsx with these sheets."""
    with xlsxwriter.Workbook(path) as book:
        for name, printed in sheets.items():
            sheet = book.add_worksheet(name)
            for top, bottom, left, right in printed.merged:
                sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
            for row, cells in enumerate(printed.rows):
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell)
            for row in printed.hidden_rows:
                sheet.set_row(row - 1, None, None, {"hidden": True})
            for column in printed.hidden_columns:
                sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})
    return path


def _write(sheet: Worksheet, row: int, column: int, cell: object) -> None:
    match cell:
        case Formula(None):
            sheet.write_formula(row, column, "=4+1", None, "")
        case Formula(value):
            sheet.write_formula(row, column, "=4+1", None, value)
        case str() if cell:
            sheet.write_string(row, column, cell)
        case _ if cell != "":
            sheet.write(row, column, cell)


def html_of(printed: Printed, title: str = "") -> str:
    """The sheet as a page with one table, whose merged cells are spans, under a title."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, bottom, left, right in printed.merged}
    covered = {
        (row, column)
        for top, bottom, left, right in printed.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - spans.keys()
    lines = []
    for row, cells in enumerate(printed.rows, start=1):
        shown = [(column, cell) for column, cell in enumerate(cells, start=1) if (row, column) not in covered]
        lines.append("".join(_cell(cell, *spans.get((row, column), (1, 1))) for column, cell in shown))
    table = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><head><title>Отчёт</title></head><body><h3>{title}</h3><table border=1>{table}</table></body></html>"


def _cell(cell: object, rows: int, columns: int) -> str:
    text = escape(str(cell)).replace("\n", "<br>") or "&nbsp;"
    return f"<td rowspan={rows} colspan={columns}>{text}</td>"


def csv_of(printed: Printed, delimiter: str = ";") -> str:
    """The sheet as a table program saves it: merged cells keep their text in the first of them."""
    return "".join(delimiter.join(_quoted(str(cell)) for cell in cells) + "\r\n" for cells in printed.rows)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set('";\n,') else text


def read_file(path: Path) -> ReadFile:
    """What the readers find in one file."""
    [found] = read_import_files([path])
    return found


def marks_in(found: ReadFile) -> list[tuple[str, str, str, str]]:
    """Student, subject, term and mark of every row, in reading order."""
    return [(row.student, row.subject, row.term, row.mark) for table in found.finals for row in table.rows]


def places_in(found: ReadFile) -> list[tuple[str, str | None, int | str | None, int | str | None]]:
    """Reason, sheet, row and column of every problem."""
    return [(problem.reason, problem.sheet, problem.row, problem.column) for problem in found.problems]
