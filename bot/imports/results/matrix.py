"""Reads matrices of final marks as schools print them: a row a pupil, or a row a pupil and term."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.imports.error_texts import is_error_text
from bot.imports.reading import ReadingProblems, ReadingRules, Rows
from bot.imports.results.marks import is_final_mark_cell, read_final_mark_cell
from bot.imports.results.matrix_head import (
    MarkColumn,
    MatrixHead,
    find_matrix_head,
    is_matrix_head_label,
    matrix_head_cell_text,
)
from bot.imports.results.terms import read_result_term
from bot.imports.results.titles import is_result_name_title
from core.model.imports.finals import FinalRow, FinalsKind, FinalsTable
from core.model.imports.reports import Problem
from core.rules.marks.tokens import UnknownTokenError
from core.rules.people.names import normal_name

LostCells = Mapping[tuple[int, int], str]
"""The reason by row and column, from 1, of each cell whose value the file does not hold."""


def read_result_matrices(
    rows: Rows,
    head: MatrixHead,
    *,
    is_merged: bool,
    rules: ReadingRules,
    faults: ReadingProblems,
    lost: LostCells | None = None,
) -> Iterator[FinalsTable]:
    """The matrices of one sheet, one under another; the first one's header is known already."""
    found: MatrixHead | None = head
    while found is not None:
        reader = _MatrixReader(rows, found, rules, faults, lost or {})
        end = reader.read()
        yield FinalsTable(FinalsKind.MATRIX, faults.sheet, found.school_class, tuple(reader.found))
        found = find_matrix_head(rows, start=end, is_merged=is_merged, former=found)


@dataclass(slots=True)
class _Pupil:
    """A pupil, the place of the name, and the terms that rows of arrangement B have named so far."""

    name: str
    row: int
    terms: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _MatrixReader:
    rows: Rows
    head: MatrixHead
    rules: ReadingRules
    faults: ReadingProblems
    lost: LostCells
    found: list[FinalRow] = field(default_factory=list)
    pupil: _Pupil | None = None
    known: dict[str, _Pupil] = field(default_factory=dict)
    columns: Sequence[MarkColumn] = ()

    def read(self) -> int:
        """Reads all pupils; returns the first row after them."""
        end = self._end()
        self.columns = [*self._sound_columns(end)]
        for row in range(self.head.body, end):
            if self._is_row_of_numbers(row):
                continue
            if self.head.term_column is None:
                self._read_pupil(row)
            else:
                self._read_term_row(row, self.head.term_column)
        return end

    def _end(self) -> int:
        """Pupils end at a label, at the header of another matrix, or at the end of the sheet."""
        for row in range(self.head.body, len(self.rows)):
            if is_result_name_title(self._name(row)) or (
                is_matrix_head_label(self.rows, row, self.head.name) and not self._is_row_of_numbers(row)
            ):
                return row
        return len(self.rows)

    def _is_row_of_numbers(self, row: int) -> bool:
        """True for the row under a header that numbers the columns."""
        name = self._name(row)
        return row == self.head.body and name.isdigit() and not any(map(str.isalpha, "".join(self.rows[row])))

    def _name(self, row: int) -> str:
        return matrix_head_cell_text(self.rows, row, self.head.name)

    def _sound_columns(self, end: int) -> Iterator[MarkColumn]:
        """The columns with a subject and a term; another one is a problem of its title if marks stand below it."""
        for column in self.head.columns:
            if column.subject and (column.term is not None or self.head.term_column is not None):
                if self._is_single(column):
                    yield column
            elif self._has_marks(column.index, end):
                self._add_title_problem(column)

    def _has_marks(self, column: int, end: int) -> bool:
        return any(
            is_final_mark_cell(matrix_head_cell_text(self.rows, row, column)) for row in range(self.head.body, end)
        )

    def _add_title_problem(self, column: MarkColumn) -> None:
        """A title is told of once, however many columns of terms stand under it."""
        if not column.subject:
            place = Problem(self.faults.sheet, column.row, column.title + 1, None, "subject_untitled")
        elif self.head.lacks_term:
            place = Problem(self.faults.sheet, self.head.top + 1, self.head.name + 1, None, "title_without_term")
        else:
            place = Problem(self.faults.sheet, column.term_row, column.index + 1, None, "term_missing")
        if place not in self.faults.problems:
            self.faults.add(place.reason, row=place.row, column=place.column)

    def _is_single(self, column: MarkColumn) -> bool:
        """False for the second column of one subject and term, which is a problem."""
        for row in {column.row, column.term_row}:
            self._text(row - 1, column.index)
        key = normal_name(column.subject), column.term
        earlier = (each for each in self.head.columns if each.index < column.index)
        if any((normal_name(each.subject), each.term) == key for each in earlier):
            self.faults.add("column_twice", row=column.term_row, column=column.index + 1)
            return False
        return True

    def _read_pupil(self, row: int) -> None:
        """A row of arrangement A."""
        name = self._name(row)
        if not self._has_values(row):
            return
        if not name:
            self.faults.add("name_missing", row=row + 1, column=self.head.name + 1)
            return
        self._start_pupil(name, row)
        self._read_marks(row, None)

    def _read_term_row(self, row: int, term_column: int) -> None:
        """A row of arrangement B: its pupil is named here or above."""
        name, term = self._name(row), read_result_term(matrix_head_cell_text(self.rows, row, term_column))
        if name and (self.pupil is None or normal_name(name) != normal_name(self.pupil.name)):
            self.pupil = None
            self._start_pupil(name, row)
        if not self._has_values(row):
            if self.pupil is not None and term is not None:
                self.pupil.terms.add(term)
            return
        if self.pupil is None:
            self.faults.add("name_missing", row=row + 1, column=self.head.name + 1)
        elif term is None:
            is_empty = not matrix_head_cell_text(self.rows, row, term_column)
            reason = "term_missing" if is_empty else "term_unknown"
            self.faults.add(reason, row=row + 1, column=term_column + 1)
        elif term in self.pupil.terms:
            reason = "student_twice" if name else "name_missing"
            self.faults.add(reason, row=row + 1, column=self.head.name + 1)
        else:
            self.pupil.terms.add(term)
            self._read_marks(row, term)

    def _start_pupil(self, name: str, row: int) -> None:
        """The pupil of the rows that follow; a name that had marks before may be two pupils', so it is refused."""
        name = " ".join(self._text(row, self.head.name).split())
        if normal_name(name) in self.known:
            self.faults.add("student_twice", row=row + 1, column=self.head.name + 1)
        self.pupil = self.known[normal_name(name)] = _Pupil(name, row)

    def _has_values(self, row: int) -> bool:
        """True for a row with anything but dashes and the like in a column of marks."""
        return any(self._is_value(row, column.index) for column in self.columns)

    def _is_value(self, row: int, column: int) -> bool:
        if (row + 1, column + 1) in self.lost:
            return True
        try:
            return (
                read_final_mark_cell(matrix_head_cell_text(self.rows, row, column), self.rules.lowest_mark) is not None
            )
        except UnknownTokenError:
            return True

    def _read_marks(self, row: int, term: str | None) -> None:
        pupil = self.pupil
        if pupil is None:
            return
        for column in self.columns:
            mark = self._mark(row, column.index)
            if mark is not None:
                place = row + 1, column.index + 1, pupil.row + 1, self.head.name + 1
                self.found.append(
                    FinalRow(
                        pupil.name, column.subject, column.term or term or "", mark, *place, self.head.school_class
                    )
                )

    def _mark(self, row: int, column: int) -> str | None:
        """The mark of a cell; None for an empty one, and for one that cannot be read, which is a problem."""
        text = self._text(row, column)
        if is_error_text(text) or (row + 1, column + 1) in self.lost:
            return None
        try:
            return read_final_mark_cell(text, self.rules.lowest_mark)
        except UnknownTokenError as error:
            self.faults.add("final_mark", row=row + 1, column=column + 1, value=error.token)
            return None

    def _text(self, row: int, column: int) -> str:
        """A cell's text, checked; only the cells that are used are, since totals may hold errors of formulas."""
        if (reason := self.lost.get((row + 1, column + 1))) is not None:
            self.faults.add(reason, row=row + 1, column=column + 1)
            return ""
        text = self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""
        return self.faults.clean_text(text, row=row + 1, column=column + 1)
