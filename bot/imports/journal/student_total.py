"""Reads StudentTotal, a student's marks and absences by day: version 5.0 and the newer one (Q100)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.imports.dates import read_month_cell
from bot.imports.journal.report_heads import ReportHead, read_report_head
from bot.imports.journal.subject_grids import (
    SubjectGrid,
    find_subject_grid,
    is_subject_grid_number,
    is_subject_grid_term,
    require_subject_grid,
    subject_grid_report,
    subject_grid_rows,
)
from bot.imports.reading import Page, ReadingProblems, ReadingRules, Rows
from core.model.imports.reports import JournalEntry, JournalReport, PrintedTerm, ReportKind, SubjectReport
from core.rules.marks.tokens import UnknownTokenError, average_token, final_mark_token, lesson_mark_tokens

_MARK_WORD = r"(?:оценк[аи]|отметк[аи]|балл\w*)?"
_AVERAGE = re.compile(rf"\b(?:средн\w*|ср)\b\.?\s*(?:взвеш\w*\.?\s*)?{_MARK_WORD}", re.IGNORECASE)
_FINAL = re.compile(rf"\b(?:итог\w*)\b\.?\s*{_MARK_WORD}", re.IGNORECASE)
_FOR = re.compile(r"^за\s+", re.IGNORECASE)
_ABSENCES = re.compile(r"(?:всего\s+|кол\S*\s+)?(?:пропу|прогул|опозд|посещ)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{1,2})(?:\D.*)?")


@dataclass(slots=True)
class StudentTotalColumns:
    """Meaning of the columns by index: a day (None for a faulty one), a term's average, a term's final mark."""

    days: dict[int, date | None] = field(default_factory=dict)
    averages: dict[int, str | None] = field(default_factory=dict)
    finals: dict[int, str | None] = field(default_factory=dict)

    @property
    def terms(self) -> list[str | None]:
        """The terms in the order they are printed."""
        named = {**self.averages, **self.finals}
        return list(dict.fromkeys(named[index] for index in sorted(named)))


def header_row(rows: Rows) -> int | None:
    """The header has months; in a period without lessons it has averages and finals only."""
    grid = find_subject_grid(rows)
    if grid is None:
        return None
    texts = [texts for _, texts in grid.others() if texts]
    joined = [" ".join(each) for each in texts]
    averages = any(map(_AVERAGE.search, joined))
    if any(read_month_cell(each[0]) for each in texts):
        return grid.top
    return grid.top if averages and all(_AVERAGE.search(text) or _FINAL.search(text) for text in joined) else None


def read(page: Page, *, rules: ReadingRules, faults: ReadingProblems) -> JournalReport:
    """The report on one page; the older version names no term, so its average has `term` None."""
    head = read_report_head(page.above, page.below, faults)
    grid = require_subject_grid(page.rows)
    columns = _columns(grid, head, faults)
    subjects = [
        SubjectReport(
            subject,
            tuple(_entries(cells, columns, number=number, rules=rules, faults=faults)),
            tuple(_terms(cells, columns, number=number, rules=rules, faults=faults)),
        )
        for number, subject, cells in subject_grid_rows(page, grid, faults)
    ]
    return subject_grid_report(ReportKind.STUDENT_TOTAL, head, subjects, page)


def _columns(grid: SubjectGrid, head: ReportHead, faults: ReadingProblems) -> StudentTotalColumns:
    columns = StudentTotalColumns()
    for index, texts in grid.others():
        joined = " ".join(texts)
        if texts and (month := read_month_cell(texts[0])):
            columns.days[index] = _day(texts, month, grid=grid, index=index, head=head, faults=faults)
        elif _AVERAGE.search(joined) and _is_term(term := _term(joined, _AVERAGE)):
            columns.averages[index] = term
        elif _FINAL.search(joined) and _is_term(term := _term(joined, _FINAL)):
            columns.finals[index] = term
        elif _DAY.fullmatch(joined):
            faults.add("day_without_month", row=grid.body, column=index + 1, value=joined)
        elif _ABSENCES.match(joined):
            faults.note("report_column_left_out", row=grid.top + 1, column=index + 1)
        elif texts and not is_subject_grid_number(joined):
            faults.add("report_column", row=grid.top + 1, column=index + 1)
    if columns.days and head.window is None:
        faults.add("year_unknown")
    return columns


def _day(
    texts: tuple[str, ...],
    month: tuple[int, int | None],
    *,
    grid: SubjectGrid,
    index: int,
    head: ReportHead,
    faults: ReadingProblems,
) -> date | None:
    """The date of a column. The year is the one that puts the day into the report's period, which may span New Year."""
    found = _DAY.fullmatch(texts[-1]) if len(texts) > 1 else None
    if found is None:
        faults.add("month_without_day", row=grid.body, column=index + 1, value=texts[0])
        return None
    if head.window is None:
        return None
    on = head.date_of(int(found[1]), *month)
    if on is None:
        faults.add("day_outside_period", row=grid.body, column=index + 1, value=found[1], month=texts[0])
    return on


def _is_term(term: str | None) -> bool:
    return term is None or is_subject_grid_term(term)


def _term(text: str, pattern: re.Pattern[str]) -> str | None:
    return _FOR.sub("", " ".join(pattern.sub(" ", text).split())) or None


def _entries(
    cells: list[str], columns: StudentTotalColumns, *, number: int, rules: ReadingRules, faults: ReadingProblems
) -> Iterator[JournalEntry]:
    for index, on in columns.days.items():
        try:
            tokens = lesson_mark_tokens(cells[index], rules.lowest_mark)
        except UnknownTokenError as error:
            faults.add("unknown_token", row=number, column=index + 1, value=error.token)
            continue
        if tokens and on:
            yield JournalEntry(on, tokens)


def _terms(
    cells: list[str], columns: StudentTotalColumns, *, number: int, rules: ReadingRules, faults: ReadingProblems
) -> Iterator[PrintedTerm]:
    averages: dict[str | None, Decimal | None] = {}
    finals: dict[str | None, str | None] = {}
    for index, term in columns.averages.items():
        try:
            averages[term] = average_token(cells[index])
        except UnknownTokenError as error:
            faults.add("average", row=number, column=index + 1, value=error.token)
    for index, term in columns.finals.items():
        try:
            finals[term] = final_mark_token(cells[index], rules.lowest_mark)
        except UnknownTokenError as error:
            faults.add("final_mark", row=number, column=index + 1, value=error.token)
    return (PrintedTerm(term, averages.get(term), finals.get(term)) for term in columns.terms)
