"""The summary sheet as a workbook: real numbers, no formula, frozen heads, one page wide in print (Q65)."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from bot.documents.results.sheet.grid import GridPupil, Heading, SheetGrid, sheet_grid
from bot.documents.results.sheet.page import PageForm, usual_sheet_page_size
from bot.documents.results.sheet.words import SheetIssue, SheetWords, sheet_document_words
from bot.documents.results.workbook import OPTIONS
from core.model.results.summary_sheet import SummarySheet
from core.ports import Translator

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_PAPERS = {"a3": 8, "a4": 9}
"""The numbers of the file format."""

_FORMATS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13},
    "plain": {"text_wrap": True, "valign": "top"},
    "warning": {"bold": True, "font_size": 12, "font_color": "#b00020"},
    "head": {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True},
    "vertical": {"bold": True, "border": 1, "align": "center", "valign": "bottom", "text_wrap": True, "rotation": 90},
    "cell": {"border": 1, "align": "center", "valign": "vcenter"},
    "name": {"border": 1, "valign": "vcenter", "text_wrap": True},
    "none": {"border": 1, "bg_color": "#e4e7eb"},
}
_NUMBER, _NAME, _MARKS = 0, 1, 2
_WIDE_NAME, _NARROW, _SUBJECT, _TERM, _WORDS = 34, 4.3, 9, 12, 26
"""Widths of columns, in characters."""

_LINE_HEIGHT = 18
_HEAD_HEIGHT, _TERM_HEIGHT = 150, 70
"""Heights of rows: of a line, of vertical subjects, of vertical terms, in points."""


def sheet_workbook(sheet: SummarySheet, form: PageForm, issue: SheetIssue, t: Translator) -> bytes:
    """The workbook of a sheet as bytes; equal data give equal bytes."""
    grid, words = sheet_grid(sheet, form.layout, t), sheet_document_words(sheet, issue, t)
    return _workbook(grid, words, issue, t, paper=form.paper or usual_sheet_page_size(sheet, form.layout))


def _workbook(grid: SheetGrid, words: SheetWords, issue: SheetIssue, t: Translator, *, paper: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": words.title, "created": datetime.combine(issue.on, time(), tzinfo=UTC)})
        formats = {name: book.add_format(options) for name, options in _FORMATS.items()}
        _SheetDrawing(book.add_worksheet(t("sheet.tab")), grid, words, formats, t).draw(paper)
    return file.getvalue()


class _SheetDrawing:
    """One worksheet, drawn from top to bottom."""

    def __init__(
        self, sheet: Any, grid: SheetGrid, words: SheetWords, formats: Mapping[str, Any], t: Translator
    ) -> None:
        self._sheet, self._grid, self._words, self._formats, self._t = sheet, grid, words, formats, t
        self._marks = _MARKS + int(grid.has_terms_in_rows)
        self._decision = self._marks + grid.width
        self._last = self._decision + 1
        self._row = 0

    def draw(self, paper: str) -> None:
        self._draw_title()
        top = self._row
        self._draw_head()
        body = self._row
        for pupil in self._grid.pupils:
            self._draw_pupil(pupil)
        self._draw_foot()
        self._set_print(paper, top=top, body=body)

    def _draw_title(self) -> None:
        self._line(self._words.school, "plain")
        self._line(self._words.title, "title")
        if self._words.warning is not None:
            self._line(self._words.warning, "warning")

    def _line(self, text: str, style: str) -> None:
        """A line over the whole width; merged cells do not grow with their text, so its height is estimated."""
        self._area(self._row, 0, self._row, self._last, text, style)
        self._sheet.set_row(self._row, _LINE_HEIGHT * -(-len(text) // self._letters()))
        self._row += 1

    def _letters(self) -> int:
        """How many letters a line of the sheet's width has room for, at least."""
        return int(_WIDE_NAME + 2 * _WORDS + self._grid.width * _NARROW)

    def _draw_head(self) -> None:
        rows, width = self._grid.head_rows, self._grid.width
        sides = [(_NUMBER, "number"), (_NAME, "name"), (self._last, "remark")]
        if self._grid.has_terms_in_rows:
            sides.append((_MARKS, "term"))
        for column, name in sides:
            self._head_cell(Heading(self._t(f"sheet.column.{name}"), column, height=rows))
        self._head_cell(Heading(self._grid.decision_heading, self._decision, height=rows))
        for heading in self._grid.headings:
            self._head_cell(heading, shift=self._marks)
        heights = [_HEAD_HEIGHT] if rows == 1 else [_TERM_HEIGHT, _TERM_HEIGHT]
        for row, height in enumerate(heights, start=self._row):
            self._sheet.set_row(row, height)
        self._sheet.set_column(_NUMBER, _NUMBER, _NARROW)
        self._sheet.set_column(_NAME, _NAME, _WIDE_NAME)
        if self._grid.has_terms_in_rows:
            self._sheet.set_column(_MARKS, _MARKS, _TERM)
        if width:
            narrow = _NARROW if rows > 1 else _SUBJECT
            self._sheet.set_column(self._marks, self._decision - 1, narrow)
        self._sheet.set_column(self._decision, self._last, _WORDS)
        self._row += rows

    def _head_cell(self, heading: Heading, *, shift: int = 0) -> None:
        top, left = self._row + heading.row, heading.column + shift
        style = "vertical" if heading.is_vertical else "head"
        self._area(top, left, top + heading.height - 1, left + heading.width - 1, heading.text, style)

    def _area(self, top: int, left: int, bottom: int, right: int, text: str, style: str) -> None:
        """A text over one cell, or over several that are merged."""
        if (top, left) == (bottom, right):
            self._sheet.write_string(top, left, text, self._formats[style])
        else:
            self._sheet.merge_range(top, left, bottom, right, text, self._formats[style])

    def _draw_pupil(self, pupil: GridPupil) -> None:
        top, bottom = self._row, self._row + max(len(pupil.lines), 1) - 1
        self._area(top, _NUMBER, bottom, _NUMBER, "", "cell")
        self._sheet.write_number(top, _NUMBER, pupil.number, self._formats["cell"])
        for column, text in ((_NAME, pupil.name), (self._decision, pupil.decision), (self._last, pupil.remark)):
            self._area(top, column, bottom, column, text, "name")
        if pupil.words is not None:
            self._area(top, self._marks, top, self._decision - 1, pupil.words, "cell")
        for row, (term, cells) in enumerate(pupil.lines, start=top):
            if self._grid.has_terms_in_rows:
                self._sheet.write_string(row, _MARKS, term, self._formats["name"])
            for column, cell in enumerate(cells, start=self._marks):
                self._mark(row, column, cell.text, "cell" if cell.exists else "none")
        self._row = bottom + 1

    def _mark(self, row: int, column: int, text: str, style: str) -> None:
        if text.isdecimal():
            self._sheet.write_number(row, column, int(text), self._formats[style])
        elif text:
            self._sheet.write_string(row, column, text, self._formats[style])
        else:
            self._sheet.write_blank(row, column, None, self._formats[style])

    def _draw_foot(self) -> None:
        """Notes, corrections and signatures; the first line ends the pupils for whoever reads the file again."""
        self._row += 1
        if self._words.notes:
            self._line(self._t("sheet.notes"), "plain")
        for note in self._words.notes:
            self._line(note, "plain")
        if self._words.corrections:
            self._line(self._t("sheet.corrections"), "plain")
        for each in self._words.corrections:
            self._line(each, "plain")
        self._row += 1
        for post, name in self._words.signatures:
            self._line(f"{post} ____________________ / {name or '____________________'} /", "plain")
        self._line(self._words.issued, "plain")

    def _set_print(self, paper: str, *, top: int, body: int) -> None:
        self._sheet.set_landscape()
        self._sheet.set_paper(_PAPERS[paper])
        self._sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(top, body - 1)
        self._sheet.print_area(0, 0, self._row - 1, self._last)
        self._sheet.freeze_panes(body, self._marks)
        self._sheet.set_footer("&C&P / &N")
