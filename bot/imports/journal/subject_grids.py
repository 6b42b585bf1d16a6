"""Tables with one row a subject, which two reports have: a header of one to three rows, then the subjects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.imports.dates import read_month_cell
from bot.imports.journal.report_heads import ReportHead
from bot.imports.reading import Page, ReadingProblems, Rows, UnreadableFileError
from core.model.imports.reports import JournalReport, ReportKind, SubjectReport

_SUBJECT = frozenset({"предмет", "предметы", "учебный предмет", "учебные предметы", "название предмета", "дисциплина"})
_FOOTER = re.compile(r"(?:итого|всего|подпись|состояние на)\b|©", re.IGNORECASE)
_NUMBER = re.compile(r"№|n|n\s*п/п|№\s*п\.?/п\.?", re.IGNORECASE)
_TERM = re.compile(
    r"(?<![а-яё])(?:четв(?:ерть|ерти|\.)?|тримест(?:р|ра|\.)?|полуг(?:одие|одия|\.)?|семестра?|модул[ья]|п/г|экз\w*"
    r"|год\w*|учебн\w+ период\w*)(?![а-яё])",
    re.IGNORECASE,
)
_TOP_ROWS = 40
_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class SubjectGrid:
    """`columns` has each column's header texts from the top down, without repeats and blanks; indices count from 0."""

    top: int
    body: int
    subject: int
    columns: tuple[tuple[str, ...], ...]

    def others(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """All columns but the subject's."""
        return ((index, texts) for index, texts in enumerate(self.columns) if index != self.subject)


def find_subject_grid(rows: Rows) -> SubjectGrid | None:
    """The grid under the cell «Предмет»; None if the table has no such header."""
    for top, row in enumerate(rows[:_TOP_ROWS]):
        for column, text in enumerate(row):
            if text.strip().lower() in _SUBJECT:
                return _grid(rows, top, column)
    return None


def require_subject_grid(rows: Rows) -> SubjectGrid:
    """As `find_subject_grid`. Raises UnreadableFileError where it finds none."""
    grid = find_subject_grid(rows)
    if grid is None:
        raise UnreadableFileError("unrecognised")
    return grid


def is_subject_grid_term(text: str) -> bool:
    """True for a text with the whole word of a reporting period or «год»; a misspelt one would be a term of its own."""
    return _TERM.search(text) is not None


def is_subject_grid_number(text: str) -> bool:
    """True for the title of a column that counts the rows."""
    return _NUMBER.fullmatch(text) is not None


def subject_grid_report(kind: ReportKind, head: ReportHead, subjects: list[SubjectReport], page: Page) -> JournalReport:
    """The report of a page. Rows of one subject are merged: a student in two groups has two of them."""
    by_name: dict[str | None, SubjectReport] = {}
    for each in subjects:
        known = by_name.get(each.subject)
        both = (known.entries + each.entries, known.terms + each.terms) if known else (each.entries, each.terms)
        by_name[each.subject] = SubjectReport(each.subject, *both, teacher=each.teacher)
    merged = tuple(by_name.values())
    return JournalReport(kind, head.student, head.school_class, head.period, merged, sheet=page.sheet)


def subject_grid_rows(page: Page, grid: SubjectGrid, faults: ReadingProblems) -> Iterator[tuple[int, str, list[str]]]:
    """Row number, subject and cells of each row; rows that do not fit the header become problems.

    Under an empty row of a sheet stand lines of text, but a row with a subject and other cells is one of the table.
    """
    width, ended = len(grid.columns), False
    untitled = {column for column, texts in enumerate(grid.columns) if not texts}
    for number, cells in enumerate(page.rows[grid.body :], start=grid.body + 1):
        row = [*cells]
        ended |= not any(row) and page.sheet is not None
        subject = row[grid.subject] if grid.subject < len(row) else ""
        if not any(row) or _FOOTER.match(next(filter(None, row))) or (ended and len({*row} - {""}) == 1):
            continue
        if len(row) < width or any(row[width:]):
            faults.add("column_count", row=number, expected=str(width), found=str(len(row)))
        elif not any(map(str.isalpha, subject)):
            faults.add("subject_words" if subject else "subject_missing", row=number, column=grid.subject + 1)
        else:
            for column in untitled & {column for column, text in enumerate(row) if text}:
                faults.add("column_untitled", row=number, column=column + 1)
            yield number, subject, row[:width]


def _grid(rows: Rows, top: int, subject: int) -> SubjectGrid:
    body = top + 1
    while body < min(top + _HEADER_ROWS, len(rows)) and _is_header(rows, top, body, subject):
        body += 1
    header = rows[top:body]
    width = max((index + 1 for row in header for index, text in enumerate(row) if text), default=0)
    columns = tuple(_texts(header, column) for column in range(width))
    return SubjectGrid(top, body, subject, columns)


def _is_header(rows: Rows, top: int, row: int, subject: int) -> bool:
    """True for a header row: the cell «Предмет» spans down and so repeats.

    Where a sheet lost its merged cells, the cell below is blank: only the row of days under the months counts then.
    """
    text = rows[row][subject] if subject < len(rows[row]) else ""
    under_months = row == top + 1 and any(map(read_month_cell, rows[top]))
    return text == rows[top][subject] or (not text and under_months)


def _texts(header: Rows, column: int) -> tuple[str, ...]:
    texts = (" ".join(row[column].split()) for row in header if column < len(row))
    return tuple(dict.fromkeys(filter(None, texts)))
