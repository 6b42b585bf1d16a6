"""Reads StudentTotalMarks, a student's final marks by term, with year, exam and final (Q100)."""

import re
from collections.abc import Iterator

from bot.imports.journal.report_heads import read_report_head
from bot.imports.journal.subject_grids import (
    find_subject_grid,
    is_subject_grid_number,
    is_subject_grid_term,
    require_subject_grid,
    subject_grid_report,
    subject_grid_rows,
)
from bot.imports.reading import Page, ReadingProblems, ReadingRules, Rows
from core.model.imports.reports import EXAM, FINAL, YEAR, JournalReport, PrintedTerm, ReportKind, SubjectReport
from core.rules.marks.tokens import UnknownTokenError, final_mark_token

_AFTER_TERMS = ((re.compile(r"экз", re.IGNORECASE), EXAM), (re.compile(r"год", re.IGNORECASE), YEAR))
_FINAL = re.compile(r"итог", re.IGNORECASE)


def header_row(rows: Rows) -> int | None:
    """All columns but the subject's are terms, the year, the exam or the final mark."""
    grid = find_subject_grid(rows)
    if grid is None:
        return None
    texts = [texts for _, texts in grid.others() if texts and not is_subject_grid_number(texts[0])]
    return grid.top if texts and all(map(_term, texts)) else None


def read(page: Page, *, rules: ReadingRules, faults: ReadingProblems) -> JournalReport:
    """The report on one page: it has terms and no entries."""
    head = read_report_head(page.above, page.below, faults)
    grid = require_subject_grid(page.rows)
    terms = {index: term for index, texts in grid.others() if texts and (term := _term(texts))}
    subjects = [
        SubjectReport(subject, (), tuple(_terms(cells, terms, number=number, rules=rules, faults=faults)))
        for number, subject, cells in subject_grid_rows(page, grid, faults)
    ]
    return subject_grid_report(ReportKind.STUDENT_TOTAL_MARKS, head, subjects, page)


def _term(texts: tuple[str, ...]) -> str | None:
    """The column's term: «1 четверть» under «Учебные периоды» is itself, «1» under «Четверть» is «1 четверть»."""
    own = texts[-1]
    for pattern, term in _AFTER_TERMS:
        if pattern.match(own):
            return term
    if _FINAL.match(own):
        return FINAL
    if is_subject_grid_term(own):
        return own
    return f"{own} {texts[0].lower()}" if is_subject_grid_term(texts[0]) else None


def _terms(
    cells: list[str], terms: dict[int, str], *, number: int, rules: ReadingRules, faults: ReadingProblems
) -> Iterator[PrintedTerm]:
    for index, term in terms.items():
        try:
            yield PrintedTerm(term, None, final_mark_token(cells[index], rules.lowest_mark))
        except UnknownTokenError as error:
            faults.add("final_mark", row=number, column=index + 1, value=error.token)
