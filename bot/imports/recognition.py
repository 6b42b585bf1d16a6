"""Chooses the reader of a file: reports in HTML or sheets, the diary in JSON, plain tables in sheets or CSV."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain, islice
from typing import Protocol, assert_never

from bot.imports.formats.csv_rows import csv_rows
from bot.imports.formats.html_pages import is_cut_off, read_pages
from bot.imports.formats.opening import RegularFile
from bot.imports.formats.sniffing import FileForm, SniffedFile
from bot.imports.formats.workbooks import Sheet, fill_merged_cells, read_sheets
from bot.imports.journal import student_grades, student_total, student_total_marks
from bot.imports.journal.diary import read_diaries
from bot.imports.journal.report_heads import has_labels
from bot.imports.reading import Page, ProblemList, ReadingRules, Rows, UnreadableFileError
from bot.imports.tables.grid_titles import class_title_row
from bot.imports.tables.headers import find_header
from bot.imports.tables.journal import read_journal
from bot.imports.tables.people import read_people
from bot.imports.tables.schemas import JOURNAL
from bot.imports.tables.timetable import read_timetable_table
from bot.imports.tables.timetable_grid import read_timetable_grid
from core.model.imports.people_lists import PeopleTable
from core.model.imports.reports import JournalReport
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable
from core.rules.characters import with_escaped_characters


class ReportForm(Protocol):
    """A report's reader: `header_row` is the index of its table's first header row, None in any other table."""

    def header_row(self, rows: Rows) -> int | None: ...

    def read(self, page: Page, *, rules: ReadingRules, faults: ProblemList) -> JournalReport: ...


REPORTS: tuple[ReportForm, ...] = (student_total, student_total_marks, student_grades)
_ROWS_FOR_HEADER = 5

MOST_ROWS = 600_000
"""More than a school of a thousand students writes in a year; they take 400 MiB of memory."""


@dataclass(slots=True)
class Findings:
    """What was found in a file so far."""

    reports: list[JournalReport] = field(default_factory=list)
    people: list[PeopleTable] = field(default_factory=list)
    schedules: list[ScheduleTable] = field(default_factory=list)
    sheets: list[ProblemList] = field(default_factory=list)

    def faults(self, sheet: str | None = None) -> ProblemList:
        """A new list of problems, for the next sheet or for the file."""
        self.sheets.append(ProblemList(sheet))
        return self.sheets[-1]


def recognise_content(
    file: RegularFile, sniffed: SniffedFile, *, rules: ReadingRules, tick: Callable[[int], None], findings: Findings
) -> None:
    """Read the file into `findings`; `tick` gets the bytes read so far. Raises UnreadableError and OSError."""
    if sniffed.cut_off:
        raise UnreadableFileError("cut_off")
    match sniffed.form:
        case FileForm.EMPTY:
            raise UnreadableFileError("empty")
        case FileForm.HTML:
            _read_html(_text(file, sniffed), rules, findings)
        case FileForm.JSON:
            findings.reports += read_diaries(_text(file, sniffed), rules=rules, faults=findings.faults())
        case FileForm.WORKBOOK:
            _read_workbook(file, rules, findings)
        case FileForm.TEXT:
            _read_csv(file, sniffed, rules=rules, tick=tick, findings=findings)
        case _:
            assert_never(sniffed.form)


def _text(file: RegularFile, sniffed: SniffedFile) -> str:
    try:
        return b"".join(file.chunks()).decode(sniffed.encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("encoding") from error


def _read_html(text: str, rules: ReadingRules, findings: Findings) -> None:
    """Each report of the document; one without a head uses the head of the report before it."""
    faults = findings.faults()
    pages = read_pages(text, lambda rows: _header_row(rows) is not None)
    if not pages:
        raise UnreadableFileError("unrecognised")
    above: Sequence[str] = ()
    for page in pages:
        above = page.above if has_labels(page.above) or not above else above
        rows = [faults.clean_row(row, number) for number, row in enumerate(page.rows, start=1)]
        lines = [faults.clean_text(line) for line in above], [faults.clean_text(line) for line in page.below]
        findings.reports.append(_read_report(rows, *lines, rules=rules, faults=faults))
    if is_cut_off(text):
        faults.add("cut_off")


def _header_row(rows: Rows) -> int | None:
    return next((row for form in REPORTS if (row := form.header_row(rows)) is not None), None)


def _read_report(
    rows: Rows, above: Sequence[str], below: Sequence[str], *, rules: ReadingRules, faults: ProblemList
) -> JournalReport:
    """One report; rows of the table above its header belong to the head."""
    form, top = next((form, row) for form in REPORTS if (row := form.header_row(rows)) is not None)
    within = [text for row in rows[:top] for text in dict.fromkeys(row) if text]
    return form.read(Page(faults.sheet, rows, [*above, *within], below), rules=rules, faults=faults)


def _read_workbook(file: RegularFile, rules: ReadingRules, findings: Findings) -> None:
    """Every visible, non-empty sheet must be known: a sheet that is skipped silently is lost."""
    empty = True
    for sheet in read_sheets(file):
        empty = False
        faults = findings.faults(with_escaped_characters(sheet.name))
        for row, column, reason in sheet.lost:
            faults.add(reason, row=row, column=column)
        try:
            _read_sheet(sheet, rules, faults=faults, findings=findings)
        except UnreadableFileError as error:
            faults.add(error.reason, **error.facts)
    if empty:
        raise UnreadableFileError("empty")


def _read_sheet(sheet: Sheet, rules: ReadingRules, *, faults: ProblemList, findings: Findings) -> None:
    clean = _clean_rows(sheet.rows, faults)
    peeked = list(islice(clean, _ROWS_FOR_HEADER))
    if _read_table(peeked, clean, rules=rules, faults=faults, findings=findings):
        return
    rows = fill_merged_cells([*peeked, *clean], sheet.merged)
    if class_title_row(rows) is not None:
        findings.schedules.append(read_timetable_grid(rows, faults=faults, title=sheet.name))
        return
    if _header_row(rows) is None:
        raise UnreadableFileError("unrecognised")
    texts = [text for row in rows for text in row if text]
    findings.reports.append(_read_report(rows, (), texts, rules=rules, faults=faults))


def _clean_rows(rows: Iterable[list[str]], faults: ProblemList) -> Iterator[list[str]]:
    """A table's rows up to MOST_ROWS, without invisible characters."""
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise UnreadableFileError("too_many_rows", most=str(MOST_ROWS))
        yield faults.clean_row(row, number)


def _read_table(
    peeked: list[list[str]], rest: Iterator[list[str]], *, rules: ReadingRules, faults: ProblemList, findings: Findings
) -> bool:
    """Reads a plain table, if the first rows hold a known header; False otherwise."""
    header = find_header(peeked, faults)
    if header is None:
        return False
    numbered = enumerate(chain(peeked[header.row :], rest), start=header.row + 1)
    if header.kind == JOURNAL:
        found = read_journal(header, numbered, rules=rules, faults=faults)
        if not found and not faults.problems:
            raise UnreadableFileError("empty")
        findings.reports += found
    elif isinstance(header.kind, ScheduleKind):
        findings.schedules.append(read_timetable_table(header, numbered, faults=faults))
    else:
        findings.people.append(read_people(header, numbered, faults=faults))
    return True


def _read_csv(
    file: RegularFile, sniffed: SniffedFile, *, rules: ReadingRules, tick: Callable[[int], None], findings: Findings
) -> None:
    faults = findings.faults()
    file.seek(0)
    text = TextIOWrapper(file, sniffed.encoding, newline="")
    try:
        rows = _clean_rows(csv_rows(text, faults, lambda: tick(file.tell())), faults)
        peeked = list(islice(rows, _ROWS_FOR_HEADER))
        if not _read_table(peeked, rows, rules=rules, faults=faults, findings=findings) and not faults.problems:
            raise UnreadableFileError("unrecognised")
    except UnicodeDecodeError as error:
        raise UnreadableFileError("encoding") from error
    finally:
        text.detach()
