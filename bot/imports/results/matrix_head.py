"""Finds the header of a matrix of final marks: its name column, and subject and term of every other column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.imports.reading import Rows
from bot.imports.results.marks import is_allowed_mark_cell, is_final_mark_cell
from bot.imports.results.terms import read_result_term, read_titled_result_term, split_result_term
from bot.imports.results.titles import (
    class_in_result_title,
    is_no_subject_title,
    is_result_name_title,
    is_title_after_pupils,
)
from bot.imports.tables.headers import resembles_table_header
from bot.imports.tables.schemas import JOURNAL
from core.model.imports.finals import FinalsKind
from core.rules.characters import without_invisible_characters
from core.rules.imports.subject_names import curriculum_subject_name

_LONG_TABLES = (JOURNAL, FinalsKind.TABLE)
_HEADER_ROWS = 4
_BANDS = 2
_PERIOD_WORDS = frozenset({"четверть", "четверти", "полугодия", "триместры", "период", "периоды", "учебные периоды"})
_LOOK_AHEAD = 60
TERM_COLUMN_REACH = 3
"""How far right of the names the terms of arrangement B may stand."""

MOST_TITLE_ROWS = 40
"""How far down the first header may stand; the next ones stand anywhere."""


@dataclass(frozen=True, slots=True)
class MarkColumn:
    """A column of marks. `term` None: the rows name their terms, or nothing does.

    `title` is the index of the column where its subject begins, `row` the row of the subject, `term_row` that of the
    term, both from 1. `subject` "" is a column without a title.
    """

    index: int
    title: int
    subject: str
    term: str | None
    row: int
    term_row: int


@dataclass(frozen=True, slots=True)
class MatrixHead:
    """Indices count from 0; `body` is the first row under the header. `term_column` is that of arrangement B."""

    top: int
    body: int
    name: int
    term_column: int | None
    school_class: str | None
    columns: tuple[MarkColumn, ...]
    title_term: str | None = None

    @property
    def lacks_term(self) -> bool:
        """True where neither the header, nor the rows, nor the title name a term."""
        return self.term_column is None and all(column.term is None for column in self.columns)


@dataclass(slots=True)
class _Header:
    """The rows `first` to `last` of a header, and the row that holds the terms, if one does."""

    rows: Rows
    first: int
    last: int
    name: int
    width: int
    is_merged: bool
    terms: int | None = None
    subjects: int = field(init=False)

    def __post_init__(self) -> None:
        counts = {
            row: sum(read_result_term(self.text(row, c)) is not None for c in self.right()) for row in self.numbers()
        }
        best = max(counts, key=lambda row: counts[row])
        self.terms = best if counts[best] else None
        self.subjects = self._subject_row()

    def numbers(self) -> range:
        return range(self.first, self.last + 1)

    def right(self) -> range:
        """The columns right of the names."""
        return range(self.name + 1, self.width)

    def text(self, row: int, column: int) -> str:
        return matrix_head_cell_text(self.rows, row, column)

    def _subject_row(self) -> int:
        if self.terms is not None:
            above = self.terms - 1
            words = {self.text(above, c).lower() for c in self.right()} - {""} if above >= self.first else set()
            if above < self.first and self.last > self.terms:
                return self.last
            return above - 1 if words and words <= _PERIOD_WORDS and above > self.first else above
        counts = {row: self._subjects_in(row) for row in self.numbers()}
        most = max(counts.values())
        tied = [row for row in self.numbers() if counts[row] == most]
        is_filled = all(self.text(tied[0], c) == self.text(tied[-1], c) for c in self._subject_columns(tied[0]))
        return tied[0] if is_filled else tied[-1]

    def _subject_columns(self, row: int) -> Iterator[int]:
        return (c for c in self.right() if (text := self.text(row, c)) and not is_no_subject_title(text))

    def _subjects_in(self, row: int) -> int:
        return len({self.text(row, c) for c in self._subject_columns(row)})

    def is_no_subject(self, column: int, group: str) -> bool:
        """True where any title over a column says that it holds no marks."""
        texts = (self.text(row, column) for row in self.numbers())
        return is_no_subject_title(group) or any(is_no_subject_title(text) for text in texts if text)

    def is_blank(self, column: int) -> bool:
        """True where no row of the header has a title for a column."""
        return not any(self.text(row, column) for row in self.numbers())

    def subject_title(self, column: int) -> str:
        """The title of a column without terms: its lowest one, but not that of a band above the subjects."""
        titled = [row for row in self.numbers() if self.text(row, column)]
        if not titled or (titled[-1] < self.subjects and self.is_merged):
            return ""
        return self.text(titled[-1], column)


def matrix_head_cell_text(rows: Rows, row: int, column: int) -> str:
    """A cell with single blanks and without invisible characters; "" outside of the table."""
    if not 0 <= row < len(rows) or column >= len(rows[row]):
        return ""
    return " ".join(without_invisible_characters(rows[row][column]).split())


def find_matrix_head(
    rows: Rows, above: Sequence[str] = (), *, start: int = 0, is_merged: bool, former: MatrixHead | None = None
) -> MatrixHead | None:
    """The first matrix at or under a row; None where there is none.

    `above` are the lines above the table, `former` is the matrix before it, whose class and term go on where no title
    names others. `is_merged`: merged cells are filled, so that an empty cell under a band is really empty.
    """
    for top in range(start, len(rows) if start else min(len(rows), MOST_TITLE_ROWS)):
        name = next(
            (c for c in range(len(rows[top])) if is_result_name_title(matrix_head_cell_text(rows, top, c))), None
        )
        if name is None or (head := _read_head(rows, top, name, start=start, is_merged=is_merged)) is None:
            continue
        lines = [*above, *matrix_head_titles(rows, start, top)]
        return _with_title(head, lines, former)
    return None


def matrix_head_titles(rows: Rows, start: int, end: int) -> Iterator[str]:
    """The rows above a header as lines; a merged title is said once."""
    for row in rows[start:end]:
        if texts := [" ".join(text.split()) for text in dict.fromkeys(row) if text.strip()]:
            yield " ".join(texts)


def _with_title(head: MatrixHead, lines: Sequence[str], former: MatrixHead | None) -> MatrixHead:
    """The header with the class that its title names, and the term unless the header or the rows have their own."""
    school_class = class_in_result_title(lines) or (former.school_class if former else None)
    if not head.lacks_term:
        return replace(head, school_class=school_class)
    term = read_titled_result_term(lines) or (former.title_term if former else None)
    columns = tuple(replace(column, term=term) for column in head.columns)
    if term is None:
        columns = _split_columns(columns) or columns
    return replace(head, school_class=school_class, title_term=term, columns=columns)


def _split_columns(columns: Sequence[MarkColumn]) -> tuple[MarkColumn, ...] | None:
    """The columns of a header that names subject and term in one cell; None where any cell does not."""
    parts = [(column, split_result_term(column.subject)) for column in columns if column.subject]
    if not parts or not all(part for _, part in parts):
        return None
    return tuple(replace(column, subject=part[0], term=part[1]) for column, part in parts if part)


def _read_head(rows: Rows, top: int, name: int, *, start: int, is_merged: bool) -> MatrixHead | None:
    """The header around a title of names; None where the table under it is no matrix."""
    if resembles_table_header(rows[top], _LONG_TABLES):
        return None
    last = top
    while last - top < _HEADER_ROWS and _continues_header(rows, last + 1, name):
        last += 1
    first = top
    while top - first < _BANDS and first > start and _is_band(rows, first - 1, name):
        first -= 1
    width = max(len(row) for row in rows[first : last + 1])
    header = _Header(rows, first, last, name, width, is_merged)
    if header.terms is not None:
        read_columns = _columns_under_terms if header.subjects > header.terms else _term_columns
        columns = tuple(read_columns(header, header.terms))
        return MatrixHead(first, last + 1, name, None, None, columns) if columns else None
    if resembles_table_header(rows[top]):
        return None
    term_column = _find_term_column(rows, last + 1, name)
    columns = tuple(_plain_columns(header, term_column))
    if term_column is None and not _has_marks(rows, last + 1, name, columns):
        return None
    return MatrixHead(first, last + 1, name, term_column, None, columns) if any(c.subject for c in columns) else None


def _continues_header(rows: Rows, row: int, name: int) -> bool:
    """True for a header's further row: the names' cell is the title again or empty, and there are no marks in it."""
    if row >= len(rows):
        return False
    if is_result_name_title(matrix_head_cell_text(rows, row, name)):
        return True
    right = [text for c in range(name + 1, len(rows[row])) if (text := matrix_head_cell_text(rows, row, c))]
    return bool(right) and not _has_left(rows, row, name) and not any(map(_is_value, right))


def _is_value(text: str) -> bool:
    return is_allowed_mark_cell(text) or text.replace(",", "").replace(".", "").isdigit()


def _is_band(rows: Rows, row: int, name: int) -> bool:
    """True for a row above the title of names that belongs to the header: a title of the sheet names the class."""
    texts = [text for c in range(name + 1, len(rows[row])) if (text := matrix_head_cell_text(rows, row, c))]
    is_title = class_in_result_title(texts) is not None or (
        read_titled_result_term(texts) and not any(map(read_result_term, texts))
    )
    return bool(texts) and not is_title and not _has_left(rows, row, name)


def _has_left(rows: Rows, row: int, name: int) -> bool:
    """True where the name or any cell left of it is filled."""
    return any(matrix_head_cell_text(rows, row, c) for c in range(name + 1))


def _term_columns(header: _Header, terms: int) -> Iterator[MarkColumn]:
    """Columns subject × term. A subject stands over its first term, and ends where one of its terms comes again."""
    group, begins, seen = "", header.name + 1, set[str]()
    has_subjects = header.subjects >= header.first
    row = header.subjects + 1 if has_subjects else terms + 1
    for c in header.right():
        title = header.text(header.subjects, c) if has_subjects else ""
        term = read_result_term(header.text(terms, c))
        if (title and title != group) or (not title and (term in seen or header.is_blank(c))):
            group, begins, seen = title, c, set[str]()
        if header.is_no_subject(c, group):
            continue
        if term is not None:
            seen.add(term)
        yield MarkColumn(c, begins, group, term, row, terms + 1)


def _columns_under_terms(header: _Header, terms: int) -> Iterator[MarkColumn]:
    """Columns term × subject: a term stands over its first subject, and ends at the next title beside it."""
    group = ""
    for c in header.right():
        group = header.text(terms, c) or group
        if not header.is_no_subject(c, group):
            yield MarkColumn(
                c, c, header.text(header.subjects, c), read_result_term(group), header.subjects + 1, terms + 1
            )


def _plain_columns(header: _Header, term_column: int | None) -> Iterator[MarkColumn]:
    """Columns with a subject each; a group's title («Пропущено уроков») goes on over titles below it."""
    group = ""
    row = header.subjects + 1
    for c in header.right():
        own = header.text(header.subjects, c)
        below = any(header.text(lower, c) for lower in range(header.subjects + 1, header.last + 1))
        group = own or (group if below else "")
        if c == term_column or header.is_no_subject(c, group):
            continue
        yield MarkColumn(c, c, header.subject_title(c), None, row, row)


def _find_term_column(rows: Rows, body: int, name: int) -> int | None:
    """The column of arrangement B: nothing but terms stands in it beside the pupils."""
    beside: Sequence[int] = [*range(name + 1, name + 1 + TERM_COLUMN_REACH), *range(name)]
    for c in beside:
        texts = [text for row in _pupil_rows(rows, body, name) if (text := matrix_head_cell_text(rows, row, c))]
        known = sum(read_result_term(text) is not None for text in texts)
        if known and known * 2 > len(texts):
            return c
    return None


def _has_marks(rows: Rows, body: int, name: int, columns: Sequence[MarkColumn]) -> bool:
    """True where a column holds marks: some of them under a subject that every school has, else nothing but marks."""
    for column in columns:
        texts = [
            text for row in _pupil_rows(rows, body, name) if (text := matrix_head_cell_text(rows, row, column.index))
        ]
        is_known = curriculum_subject_name(column.subject) is not None
        if any(map(is_final_mark_cell, texts)) and (is_known or all(map(is_allowed_mark_cell, texts))):
            return True
    return False


def _pupil_rows(rows: Rows, body: int, name: int) -> Iterator[int]:
    for row in range(body, min(len(rows), body + _LOOK_AHEAD)):
        if is_matrix_head_label(rows, row, name):
            return
        yield row


def is_matrix_head_label(rows: Rows, row: int, name: int) -> bool:
    """True for a row of totals or signatures: its label stands in the name's place, or left of an empty one."""
    left = [text for c in range(name) if (text := matrix_head_cell_text(rows, row, c).strip("."))]
    if text := matrix_head_cell_text(rows, row, name):
        return is_title_after_pupils(text, is_numbered=any(map(str.isdigit, left)))
    return any(is_title_after_pupils(text) for text in left if not text.isdigit())
