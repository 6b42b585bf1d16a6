"""Compares a printed summary sheet with the marks in force, cell by cell (Q66)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.model.results.summary_sheet import CellKey, PrintedCell, SheetDifference, SummarySheet
from core.rules.people.names import normal_name
from core.rules.results.terms import term_key

DEFERRED = "отс"
"""What a sheet shows in place of a deferred mark; a footnote says until when (Q68)."""

Truth = Mapping[CellKey, frozenset[str | None]]
"""What is in force by cell: `arranged_marks_in_force`."""


def sheet_comparison(sheet: SummarySheet, truth: Truth, printed: Sequence[PrintedCell]) -> list[SheetDifference]:
    """Every cell that shows something else than the mark in force, and every mark in force that no cell shows.

    Students, subjects and terms are matched by name, since a file knows no numbers; a cell that names nobody of the
    class is a difference if it shows a mark.
    """
    return list(_Comparison(sheet, truth).differences(printed))


class _Comparison:
    def __init__(self, sheet: SummarySheet, truth: Truth) -> None:
        self._sheet, self._truth = sheet, truth
        self._students = {row.student_id: row.name for row in sheet.rows}
        self._subjects = {subject.id: subject.name for subject in sheet.subjects}
        seen = Counter[str]()
        self._numbers: dict[tuple[str, int], int] = {}
        for row in sheet.rows:
            key = normal_name(row.name)
            self._numbers[key, seen[key]] = row.student_id
            seen[key] += 1

    def differences(self, printed: Sequence[PrintedCell]) -> Iterator[SheetDifference]:
        subjects = {normal_name(name): subject_id for subject_id, name in self._subjects.items()}
        shown: set[CellKey] = set()
        for cell in printed:
            student_id = self._numbers.get((normal_name(cell.student), cell.namesake))
            subject_id = subjects.get(normal_name(cell.subject))
            text = cell.text.strip()
            in_force: str | None = None
            is_right = not text
            if student_id is not None and subject_id is not None:
                key = student_id, subject_id, term_key(cell.term)
                shown.add(key)
                in_force, is_right = _words(self._truth.get(key)), text.lower() == _words(self._truth.get(key))
            if not is_right:
                place = cell.sheet, cell.row, cell.column
                yield self._difference(cell.student, cell.subject, cell.term, text, in_force, place)
        for key, values in sorted(self._truth.items()):
            if key not in shown:
                names = self._students[key[0]], self._subjects.get(key[1], ""), key[2]
                yield self._difference(*names, None, _words(values), None)

    def _difference(
        self,
        student: str,
        subject: str,
        term: str,
        printed: str | None,
        in_force: str | None,
        place: tuple[str | None, int, int] | None,
    ) -> SheetDifference:
        named = self._sheet.school_class.name, student, subject, self._sheet.terms.get(term, term)
        return SheetDifference(*named, printed or None, in_force or None, place)


def _words(values: frozenset[str | None] | None) -> str:
    """The text of a cell. Two different values are shown as «4/5», which no right cell holds."""
    return "/".join(sorted(DEFERRED if value is None else value for value in values or ()))
