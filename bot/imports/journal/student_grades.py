"""Reads StudentGrades, a student's marks in one subject: one row a mark, with type, topic and dates (Q100)."""

import re
from collections.abc import Iterator, Sequence

from bot.imports.dates import read_date_cell
from bot.imports.journal.report_heads import ReportHead, read_report_head
from bot.imports.journal.subject_grids import is_subject_grid_number
from bot.imports.reading import Page, ReadingProblems, ReadingRules, Rows, UnreadableFileError
from bot.imports.tables.rows import TableRow
from core.model.imports.reports import JournalEntry, JournalReport, ReportKind, SubjectReport

_COLUMNS = {
    "set_on": re.compile(r"дата выставл", re.IGNORECASE),
    "date": re.compile(r"дата (урока|выполн|провед|задан|сдачи)|дата$|срок", re.IGNORECASE),
    "mark": re.compile(r"оценка|отметка|результат", re.IGNORECASE),
    "work_kind": re.compile(r"тип|вид", re.IGNORECASE),
    "topic": re.compile(r"тема|задание", re.IGNORECASE),
    "weight": re.compile(r"вес", re.IGNORECASE),
    "comment": re.compile(r"комментар|примечан", re.IGNORECASE),
}
_NOT_SAID = re.compile(r"[-–—]*\s*(?:не указан[аоы]?\s*)?[-–—]*", re.IGNORECASE)
_TOTALS = re.compile(r"всего|итого|выполнено|средн", re.IGNORECASE)
_FOOTER = re.compile(r"подпись|состояние на|©", re.IGNORECASE)
_TOP_ROWS = 40


def header_row(rows: Rows) -> int | None:
    """The row whose headers have the lesson's date, the mark, and the type or the topic."""
    header = _find_header(rows)
    return header[0] if header else None


def read(page: Page, *, rules: ReadingRules, faults: ReadingProblems) -> JournalReport:
    """The report on one page. A table without a head has neither student nor subject: both stay None."""
    head = read_report_head(page.above, page.below, faults)
    header = _find_header(page.rows)
    if header is None:
        raise UnreadableFileError("unrecognised")
    _check_header(page.rows[header[0]], header, faults)
    entries = tuple(_entries(page, header, head=head, rules=rules, faults=faults))
    subject = SubjectReport(head.subject, entries, teacher=head.teacher)
    return JournalReport(
        ReportKind.STUDENT_GRADES, head.student, head.school_class, head.period, (subject,), sheet=page.sheet
    )


def _words_or_none(text: str | None) -> str | None:
    """The words of a cell; None for «---Не указана---» and dashes, which mean "empty"."""
    return None if _NOT_SAID.fullmatch(text or "") else text


def _find_header(rows: Rows) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(rows[:_TOP_ROWS]):
        columns = _header(row)
        if {"date", "mark"} <= columns.keys() and columns.keys() & {"work_kind", "topic"}:
            return number, columns
    return None


def _header(row: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, text in enumerate(row):
        name = next((name for name, pattern in _COLUMNS.items() if pattern.match(text.strip())), None)
        if name:
            columns.setdefault(name, index)
    return columns


def _check_header(row: Sequence[str], header: tuple[int, dict[str, int]], faults: ReadingProblems) -> None:
    """A column that is not read is a problem, unless it only counts the rows."""
    top, columns = header
    for index, text in enumerate(row):
        if text and index not in columns.values() and text != row[index - 1] and not is_subject_grid_number(text):
            faults.add("report_column", row=top + 1, column=index + 1)


def _entries(
    page: Page, header: tuple[int, dict[str, int]], *, head: ReportHead, rules: ReadingRules, faults: ReadingProblems
) -> Iterator[JournalEntry]:
    """The rows with a date, wherever they stand; under the table's end other rows are lines of text."""
    top, columns = header
    width, ended = max(columns.values()) + 1, False
    for number, cells in enumerate(page.rows[top + 1 :], start=top + 2):
        first = next(filter(None, cells), "")
        is_entry = read_date_cell("".join(cells[columns["date"] : columns["date"] + 1])) is not None
        ended |= not is_entry and (_FOOTER.match(first) is not None or (not first and page.sheet is not None))
        if not first or (not is_entry and (ended or _TOTALS.match(first))):
            continue
        if len(cells) < width:
            faults.add("column_count", row=number, expected=str(width), found=str(len(cells)))
        elif entry := _entry(TableRow(number, cells, columns, faults), head, rules):
            yield entry


def _entry(row: TableRow, head: ReportHead, rules: ReadingRules) -> JournalEntry | None:
    on = row.date("date", required=True)
    allowed = head.school_year or head.period
    if on and allowed and not allowed[0] <= on <= allowed[1]:
        row.add_problem("date", "date_outside_period", value=row.text("date"))
    tokens = row.tokens("mark", rules.lowest_mark)
    weight, set_on = row.weight("weight"), row.date("set_on")
    if on is None or not tokens:
        return None
    return JournalEntry(
        on,
        tokens,
        _words_or_none(row.text("work_kind")),
        _words_or_none(row.text("topic")),
        weight,
        set_on,
        _words_or_none(row.text("comment")),
    )
