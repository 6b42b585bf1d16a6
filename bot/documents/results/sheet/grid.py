"""Arranges a summary sheet as a table, from which the page and the workbook are drawn (Q65)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.results.closings import CouncilDecision
from core.model.results.summary_sheet import CellKey, SheetRow, SheetSubject, SummarySheet
from core.ports import Translator
from core.rules.results.sheet.comparison import DEFERRED

UNNAMED_TERM = ""
"""The term of a report that names none."""

_WORDED_TERMS = {YEAR: "year", EXAM: "exam", FINAL: "final", UNNAMED_TERM: "unnamed"}


class Layout(StrEnum):
    """The two arrangements that schools print: a row a pupil, or a row a pupil and term."""

    TERMS_IN_COLUMNS = "terms-in-columns"
    TERMS_IN_ROWS = "terms-in-rows"


@dataclass(frozen=True, slots=True)
class Heading:
    """A cell of the table's head; columns and rows count from 0 in the columns of marks and in the head."""

    text: str
    column: int
    row: int = 0
    width: int = 1
    height: int = 1
    is_vertical: bool = False


@dataclass(frozen=True, slots=True)
class GridCell:
    """The text of a cell; `note` is the number of its footnote. `exists` is False where a subject has no such term."""

    text: str = ""
    note: int | None = None
    exists: bool = True


@dataclass(frozen=True, slots=True)
class GridPupil:
    """One student's lines, each with its term; `words` stand in place of marks over all columns."""

    number: int
    name: str
    remark: str
    decision: str
    lines: Sequence[tuple[str, Sequence[GridCell]]]
    words: str | None = None


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """A table of `width` columns of marks under `head_rows` rows of headings; a subject begins at `subject_starts`."""

    layout: Layout
    headings: Sequence[Heading]
    head_rows: int
    width: int
    pupils: Sequence[GridPupil]
    decision_heading: str
    subject_starts: frozenset[int] = frozenset()

    @property
    def has_terms_in_rows(self) -> bool:
        """Whether a column with the terms stands before the marks."""
        return self.layout is Layout.TERMS_IN_ROWS


@dataclass(frozen=True, slots=True)
class DeferralNotes:
    """The footnotes of deferred marks: their numbers by cell, and their texts (Q68)."""

    numbers: Mapping[CellKey, int]
    lines: Sequence[str]


def sheet_grid(
    sheet: SummarySheet, layout: Layout, t: Translator, *, subjects: Sequence[SheetSubject] | None = None
) -> SheetGrid:
    """The table of a sheet; with `subjects` only theirs, for one of several parts. A first grade has words."""
    shown = sheet.subjects if subjects is None else subjects
    arrangement = _Arrangement(sheet, shown, t, grid_deferral_notes(sheet, t).numbers)
    if sheet.by_words:
        return arrangement.by_words()
    return arrangement.terms_in_columns() if layout is Layout.TERMS_IN_COLUMNS else arrangement.terms_in_rows()


def grid_deferral_notes(sheet: SummarySheet, t: Translator) -> DeferralNotes:
    """One footnote for each student and last day, with the subjects and terms that it holds for."""
    numbers: dict[CellKey, int] = {}
    lines: list[str] = []
    names = {subject.id: subject.name for subject in sheet.subjects}
    for row in sheet.rows:
        days = sorted({each.deferred_until for each in row.cells.values() if each.deferred_until is not None})
        for day in days:
            keys = [key for key in _cells_in_order(sheet, row) if row.cells[key].deferred_until == day]
            numbers |= {(row.student_id, *key): len(lines) + 1 for key in keys}
            places = ", ".join(f"{names[subject]} ({grid_term_label(sheet, term, t)})" for subject, term in keys)
            lines.append(t("sheet.deferred", date=f"{day:%d.%m.%Y}", student=row.name, places=places))
    return DeferralNotes(numbers, lines)


def _only_protocol(sheet: SummarySheet) -> CouncilDecision | None:
    """A decision of the only protocol that the sheet names; None without one, or with several."""
    decided = [row.decision for row in sheet.rows if row.decision is not None]
    return decided[0] if len({(each.protocol_no, each.protocol_on) for each in decided}) == 1 else None


def _protocol_words(decided: CouncilDecision, t: Translator) -> str:
    """The protocol of a decision with its date."""
    return t("sheet.protocol", protocol=decided.protocol_no, date=f"{decided.protocol_on:%d.%m.%Y}")


def _decision_heading(sheet: SummarySheet, t: Translator) -> str:
    """The heading of the column of decisions."""
    only = _only_protocol(sheet)
    return t("sheet.column.decision") if only is None else f"{t('sheet.column.decision')}, {_protocol_words(only, t)}"


def grid_term_label(sheet: SummarySheet, term: str, t: Translator) -> str:
    """The printed name of a term."""
    return t(f"sheet.term.{_WORDED_TERMS[term]}") if term in _WORDED_TERMS else sheet.terms.get(term, term)


def _cells_in_order(sheet: SummarySheet, row: SheetRow) -> Iterator[tuple[int, str]]:
    keys = ((subject.id, term) for subject in sheet.subjects for term in subject.terms)
    return (key for key in keys if key in row.cells)


@dataclass(frozen=True, slots=True)
class _Arrangement:
    sheet: SummarySheet
    subjects: Sequence[SheetSubject]
    t: Translator
    notes: Mapping[CellKey, int]

    @property
    def decision_heading(self) -> str:
        return _decision_heading(self.sheet, self.t)

    def terms_in_columns(self) -> SheetGrid:
        headings: list[Heading] = []
        width = 0
        for subject in self.subjects:
            headings.append(Heading(subject.name, width, width=len(subject.terms)))
            labels = (grid_term_label(self.sheet, term, self.t) for term in subject.terms)
            headings += [Heading(label, at, row=1, is_vertical=True) for at, label in enumerate(labels, start=width)]
            width += len(subject.terms)
        pupils = [
            self._pupil(number, row, [("", [self._cell(row, s.id, term) for s in self.subjects for term in s.terms])])
            for number, row in enumerate(self.sheet.rows, start=1)
        ]
        starts = frozenset(each.column for each in headings if not each.row)
        return SheetGrid(Layout.TERMS_IN_COLUMNS, headings, 2, width, pupils, self.decision_heading, starts)

    def terms_in_rows(self) -> SheetGrid:
        """A cell is struck out where its subject has no such term: a half-year of a subject with quarters."""
        headings = [Heading(each.name, column, is_vertical=True) for column, each in enumerate(self.subjects)]
        pupils = [
            self._pupil(number, row, [*self._term_lines(row)]) for number, row in enumerate(self.sheet.rows, start=1)
        ]
        return SheetGrid(Layout.TERMS_IN_ROWS, headings, 1, len(self.subjects), pupils, self.decision_heading)

    def _term_lines(self, row: SheetRow) -> Iterator[tuple[str, Sequence[GridCell]]]:
        for term in self.sheet.terms:
            cells = [
                self._cell(row, each.id, term) if term in each.terms else GridCell(exists=False)
                for each in self.subjects
            ]
            yield grid_term_label(self.sheet, term, self.t), cells

    def by_words(self) -> SheetGrid:
        names = [each.name for each in self.subjects] or [self.t("sheet.column.result")]
        headings = [Heading(name, column, is_vertical=bool(self.subjects)) for column, name in enumerate(names)]
        words = self.t("sheet.by_words")
        pupils = [self._pupil(number, row, [], words=words) for number, row in zip(count(1), self.sheet.rows)]
        return SheetGrid(Layout.TERMS_IN_COLUMNS, headings, 1, len(headings), pupils, self.decision_heading)

    def _cell(self, row: SheetRow, subject_id: int, term: str) -> GridCell:
        cell = row.cells.get((subject_id, term))
        if cell is None:
            return GridCell()
        return GridCell(cell.value or DEFERRED, self.notes.get((row.student_id, subject_id, term)))

    def _pupil(
        self, number: int, row: SheetRow, lines: Sequence[tuple[str, Sequence[GridCell]]], *, words: str | None = None
    ) -> GridPupil:
        return GridPupil(number, row.name, self._remark(row), self._decision(row), lines, words)

    def _remark(self, row: SheetRow) -> str:
        """The departure of a student, and an individual plan."""
        remarks = []
        if (gone := row.departure) is not None:
            key = "sheet.left" if gone.next_class is None else "sheet.moved"
            remarks.append(self.t(key, date=f"{gone.last_day:%d.%m.%Y}", school_class=gone.next_class or ""))
        if row.has_own_plan:
            remarks.append(self.t("sheet.own_plan"))
        return "; ".join(remarks)

    def _decision(self, row: SheetRow) -> str:
        """The council's words; the protocol stands in the heading where all decisions have the same."""
        decided = row.decision
        if decided is None or _only_protocol(self.sheet) is not None:
            return "" if decided is None else decided.text
        return f"{decided.text}, {_protocol_words(decided, self.t)}"
