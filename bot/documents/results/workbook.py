"""Tables of figures as a workbook: real numbers, filters, frozen heads, one page wide on paper."""

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import xlsxwriter

from bot.documents.results.table import EMPTY, Cell, FigureTable

LONGEST_SHEET_NAME = 31
WIDEST = 40
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""A name that begins with = + - @ stays text, whatever a spreadsheet would make of it."""


def tables_workbook(tables: Sequence[FigureTable]) -> bytes:
    """A sheet for each table; figures are numbers with two decimals, and «—» stands for none."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "exact": book.add_format({"num_format": "0.00"}),
            "none": book.add_format({"align": "right"}),
        }
        for table in tables:
            _write_sheet(book.add_worksheet(_sheet_name(table.title)), table, formats)
    return content.getvalue()


def _write_sheet(sheet: Any, table: FigureTable, formats: dict[str, Any]) -> None:
    last_row, last_column = len(table.rows), len(table.heads) - 1
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, formats["head"])
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, (number, column), cell, formats)
    for number, note in enumerate(table.notes, start=last_row + 2):
        sheet.write_string(number, 0, note)
    for column in range(last_column + 1):
        longest = max((len(str(row[column])) for row in table.rows if isinstance(row[column], str)), default=0)
        sheet.set_column(column, column, min(max(longest + 2, 11), WIDEST))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last_row, last_column)
    _set_page(sheet, max([last_row, last_row + 1 + len(table.notes)] if table.notes else [last_row]), last_column)


def _set_page(sheet: Any, last_row: int, last_column: int) -> None:
    """A4 across, one page wide, with the heads on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&C&P / &N")


def _write_cell(sheet: Any, place: tuple[int, int], cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            sheet.write_string(*place, EMPTY, formats["none"])
        case Fraction():
            sheet.write_number(*place, float(_round_half_up(cell)), formats["exact"])
        case int():
            sheet.write_number(*place, cell)
        case _:
            sheet.write_string(*place, cell)


def _round_half_up(figure: Fraction) -> Fraction:
    """To two decimals, as everywhere else: the workbook's own rounding is half to even."""
    return Fraction((figure * 200 + 1) // 2, 100)


def _sheet_name(title: str) -> str:
    return title.translate(FORBIDDEN)[:LONGEST_SHEET_NAME]
