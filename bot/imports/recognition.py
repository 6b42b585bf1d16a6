"""Chooses the reader of a file: reports in HTML or sheets, the diary in JSON, plain tables in sheets or CSV."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain, islice
from typing import Protocol, assert_never

from bot.imports.formats.csv_rows import csv_rows
from bot.imports.formats.html_pages import is_html_page_cut, read_html_pages
from bot.imports.formats.opening import OpenedImportFile
from bot.imports.formats.sniffing import FileForm, SniffedFile
from bot.imports.formats.workbooks import Sheet, fill_merged_workbook_cells, read_workbook_sheets
from bot.imports.journal import student_grades, student_total, student_total_marks
from bot.imports.journal.diary import read_diary_report
from bot.imports.journal.report_heads import has_report_head_labels
from bot.imports.reading import Page, ReadingProblems, ReadingRules, Rows, UnreadableFileError
from bot.imports.results.matrix import LostCells, read_result_matrices
from bot.imports.results.matrix_head import find_matrix_head
from bot.imports.results.table import read_results_table
from bot.imports.tables.examples import is_example_explanation, is_example_row
from bot.imports.tables.grid_titles import grid_class_title_row
from bot.imports.tables.headers import Header, find_table_header, unknown_table_error
from bot.imports.tables.journal import read_journal_table
from bot.imports.tables.people import read_people_table
from bot.imports.tables.schemas import JOURNAL
from bot.imports.tables.timetable import read_timetable_table
from bot.imports.tables.timetable_grid import read_timetable_grid
from core.model.imports.finals import FinalsKind, FinalsTable
from core.model.imports.people_lists import PeopleTable
from core.model.imports.reports import JournalReport
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable
from core.rules.characters import with_escaped_characters


class RecognisedReportForm(Protocol):
    """A report's reader: `header_row` is the index of its table's first header row, None in any other table."""

    def header_row(self, rows: Rows) -> int | None: ...

    def read(self, page: Page, *, rules: ReadingRules, faults: ReadingProblems) -> JournalReport: ...


REPORTS: tuple[RecognisedReportForm, ...] = (student_total, student_total_marks, student_grades)
_ROWS_FOR_HEADER = 5
_ROWS_FOR_MATRIX = 100
"""A matrix has its header among the first 40 rows; the rows below show what the columns hold."""

MOST_ROWS = 600_000
"""More than a school of a thousand students writes in a year; they take 400 MiB of memory."""


@dataclass(slots=True)
class RecognitionFindings:
    """What was found in a file so far."""

    reports: list[JournalReport] = field(default_factory=list)
    people: list[PeopleTable] = field(default_factory=list)
    schedules: list[ScheduleTable] = field(default_factory=list)
    finals: list[FinalsTable] = field(default_factory=list)
    sheets: list[ReadingProblems] = field(default_factory=list)

    def faults(self, sheet: str | None = None) -> ReadingProblems:
        """A new list of problems, for the next sheet or for the file."""
        self.sheets.append(ReadingProblems(sheet))
        return self.sheets[-1]


def recognise_content(
    file: OpenedImportFile,
    sniffed: SniffedFile,
    *,
    rules: ReadingRules,
    tick: Callable[[int], None],
    findings: RecognitionFindings,
) -> None:
    """Read the file into `findings`; `tick` gets the bytes read so far. Raises UnreadableError and OSError."""
    if sniffed.cut_off:
        raise UnreadableFileError("cut_off")
    match sniffed.form:
        case FileForm.EMPTY:
            raise UnreadableFileError("empty")
        case FileForm.BINARY:
            raise UnreadableFileError("not_a_table")
        case FileForm.HTML:
            _read_html(_text(file, sniffed), rules, findings)
        case FileForm.JSON:
            findings.reports += read_diary_report(_text(file, sniffed), rules=rules, faults=findings.faults())
        case FileForm.WORKBOOK:
            _read_workbook(file, rules, findings)
        case FileForm.TEXT:
            _read_csv(file, sniffed, rules=rules, tick=tick, findings=findings)
        case _:
            assert_never(sniffed.form)


def _text(file: OpenedImportFile, sniffed: SniffedFile) -> str:
    try:
        return b"".join(file.chunks()).decode(sniffed.encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("encoding") from error


def _read_html(text: str, rules: ReadingRules, findings: RecognitionFindings) -> None:
    """Each report of the document; one without a head uses the head of the report before it."""
    faults = findings.faults()
    pages = read_html_pages(text, _is_data)
    if not pages:
        raise UnreadableFileError("unrecognised")
    above: Sequence[str] = ()
    for page in pages:
        if _header_row(page.rows) is None:
            _read_html_finals(page, rules, faults=faults, findings=findings)
            continue
        above = page.above if has_report_head_labels(page.above) or not above else above
        rows = [faults.clean_row(row, number) for number, row in enumerate(page.rows, start=1)]
        lines = [faults.clean_text(line) for line in above], [faults.clean_text(line) for line in page.below]
        findings.reports.append(_read_report(rows, *lines, rules=rules, faults=faults))
    if is_html_page_cut(text):
        faults.add("cut_off")


def _is_data(rows: Rows) -> bool:
    return _header_row(rows) is not None or find_matrix_head(rows, is_merged=True) is not None or _is_finals_table(rows)


def _is_finals_table(rows: Rows) -> bool:
    try:
        header = find_table_header(rows[:_ROWS_FOR_HEADER], ReadingProblems())
    except UnreadableFileError:
        return False
    return header is not None and header.kind is FinalsKind.TABLE


def _read_html_finals(
    page: Page, rules: ReadingRules, *, faults: ReadingProblems, findings: RecognitionFindings
) -> None:
    """A matrix, whose title stands above its table, or a long table."""
    head = find_matrix_head(page.rows, page.above, is_merged=True)
    if head is not None:
        findings.finals += read_result_matrices(page.rows, head, is_merged=True, rules=rules, faults=faults)
        return
    clean = _clean_rows(map(list, page.rows), faults)
    peeked = list(islice(clean, _ROWS_FOR_HEADER))
    _read_table(peeked, clean, rules=rules, faults=faults, findings=findings)


def _header_row(rows: Rows) -> int | None:
    return next((row for form in REPORTS if (row := form.header_row(rows)) is not None), None)


def _read_report(
    rows: Rows, above: Sequence[str], below: Sequence[str], *, rules: ReadingRules, faults: ReadingProblems
) -> JournalReport:
    """One report; rows of the table above its header belong to the head."""
    form, top = next((form, row) for form in REPORTS if (row := form.header_row(rows)) is not None)
    within = [text for row in rows[:top] for text in dict.fromkeys(row) if text]
    return form.read(Page(faults.sheet, rows, [*above, *within], below), rules=rules, faults=faults)


def _read_workbook(file: OpenedImportFile, rules: ReadingRules, findings: RecognitionFindings) -> None:
    """Every visible, non-empty sheet must be known: a sheet that is skipped silently is lost."""
    empty = True
    for sheet in read_workbook_sheets(file):
        empty = False
        faults = findings.faults(with_escaped_characters(sheet.name))
        if is_example_explanation(sheet.name):
            faults.note("explanations_left_out")
            continue
        try:
            _read_sheet(sheet, rules, faults=faults, findings=findings)
        except UnreadableFileError as error:
            faults.add(error.reason, **error.facts)
    if empty:
        raise UnreadableFileError("empty")


def _read_sheet(sheet: Sheet, rules: ReadingRules, *, faults: ReadingProblems, findings: RecognitionFindings) -> None:
    top = list(islice(sheet.rows, _ROWS_FOR_MATRIX))
    if _read_matrix_sheet(sheet, top, rules=rules, faults=faults, findings=findings):
        return
    for row, column, reason in sheet.lost:
        faults.add(reason, row=row, column=column)
    clean = _clean_rows(chain(top, sheet.rows), faults)
    peeked = list(islice(clean, _ROWS_FOR_HEADER))
    if _read_table(peeked, clean, rules=rules, faults=faults, findings=findings):
        return
    rows = fill_merged_workbook_cells([*peeked, *clean], sheet.merged)
    if grid_class_title_row(rows) is not None:
        findings.schedules.append(read_timetable_grid(rows, faults=faults, title=sheet.name))
        return
    if _header_row(rows) is None:
        raise unknown_table_error(rows, sheet.name)
    texts = [text for row in rows for text in row if text]
    findings.reports.append(_read_report(rows, (), texts, rules=rules, faults=faults))


def _read_matrix_sheet(
    sheet: Sheet, top: list[list[str]], *, rules: ReadingRules, faults: ReadingProblems, findings: RecognitionFindings
) -> bool:
    """Reads a sheet of final marks; False for any other, of which nothing but `top` was read."""
    is_merged = bool(sheet.merged)
    if find_matrix_head(fill_merged_workbook_cells([[*row] for row in top], sheet.merged), is_merged=is_merged) is None:
        return False
    rows = fill_merged_workbook_cells([*top, *_bounded_rows(sheet.rows, len(top))], sheet.merged)
    if (head := find_matrix_head(rows, is_merged=is_merged)) is not None:
        lost: LostCells = {(row, column): reason for row, column, reason in sheet.lost}
        findings.finals += read_result_matrices(rows, head, is_merged=is_merged, rules=rules, faults=faults, lost=lost)
    return True


def _bounded_rows(rows: Iterable[list[str]], read: int = 0) -> Iterator[list[str]]:
    """A table's rows up to MOST_ROWS, of which some were read before."""
    for number, row in enumerate(rows, start=read + 1):
        if number > MOST_ROWS:
            raise UnreadableFileError("too_many_rows", most=str(MOST_ROWS))
        yield row


def _clean_rows(rows: Iterable[list[str]], faults: ReadingProblems) -> Iterator[list[str]]:
    """A table's rows up to MOST_ROWS, without invisible characters."""
    for number, row in enumerate(_bounded_rows(rows), start=1):
        yield faults.clean_row(row, number)


def _read_table(
    peeked: list[list[str]],
    rest: Iterator[list[str]],
    *,
    rules: ReadingRules,
    faults: ReadingProblems,
    findings: RecognitionFindings,
) -> bool:
    """Reads a plain table, if the first rows hold a known header; False otherwise."""
    header = find_table_header(peeked, faults)
    if header is None:
        return False
    numbered = chain(_without_examples(header, peeked, faults), enumerate(rest, start=len(peeked) + 1))
    if header.kind == JOURNAL:
        found = read_journal_table(header, numbered, rules=rules, faults=faults)
        if not found and not faults.problems:
            raise UnreadableFileError("no_rows")
        findings.reports += found
    elif header.kind is FinalsKind.TABLE:
        findings.finals.append(read_results_table(header, numbered, rules=rules, faults=faults))
    elif isinstance(header.kind, ScheduleKind):
        findings.schedules.append(read_timetable_table(header, numbered, faults=faults))
    else:
        findings.people.append(read_people_table(header, numbered, faults=faults))
    return True


def _without_examples(
    header: Header, peeked: Sequence[list[str]], faults: ReadingProblems
) -> Iterator[tuple[int, list[str]]]:
    """The first rows below a header; unchanged examples of a template are noted and left out (Q130)."""
    for number, row in enumerate(peeked[header.row :], start=header.row + 1):
        if is_example_row(header.kind, row, header.columns):
            faults.note("example_left_out", row=number)
        else:
            yield number, row


def _read_csv(
    file: OpenedImportFile,
    sniffed: SniffedFile,
    *,
    rules: ReadingRules,
    tick: Callable[[int], None],
    findings: RecognitionFindings,
) -> None:
    faults = findings.faults()
    file.seek(0)
    text = TextIOWrapper(file, sniffed.encoding, newline="")
    try:
        raw = csv_rows(text, faults, lambda: tick(file.tell()))
        top = list(islice(raw, _ROWS_FOR_MATRIX))
        if (head := find_matrix_head(top, is_merged=False)) is not None:
            every = [*top, *_bounded_rows(raw, len(top))]
            findings.finals += read_result_matrices(every, head, is_merged=False, rules=rules, faults=faults)
            return
        rows = _clean_rows(chain(top, raw), faults)
        peeked = list(islice(rows, _ROWS_FOR_HEADER))
        if not _read_table(peeked, rows, rules=rules, faults=faults, findings=findings) and not faults.problems:
            raise UnreadableFileError("unrecognised")
    except UnicodeDecodeError as error:
        line = _line_of_other_encoding(file, sniffed.encoding)
        if line is None:
            raise UnreadableFileError("encoding") from error
        faults.add("encoding_of_line", row=line)
    finally:
        text.detach()


def _line_of_other_encoding(file: OpenedImportFile, encoding: str) -> int | None:
    """The number of the first line that is not UTF-8 where the lines before it are; None in any other encoding."""
    if encoding not in {"utf-8", "utf-8-sig"}:
        return None
    file.seek(0)
    for number, line in enumerate(file, start=1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number if number > 1 else None
    return None
