"""Final marks as files hold them, in a long table or a matrix; not yet compared with what is known."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FinalsKind(StrEnum):
    """The forms of files with final marks."""

    TABLE = "finals_table"
    MATRIX = "finals_matrix"


@dataclass(frozen=True, slots=True)
class FinalRow:
    """One final mark, with subject and term as the file names them ("year", "exam" and "final" are terms too).

    `row` and `column` are the place of the mark, `name_row` and `name_column` that of the student's name; all count
    from 1. `school_year` is the first day of the year that the row names.
    """

    student: str
    subject: str
    term: str
    mark: str
    row: int
    column: int
    name_row: int
    name_column: int
    school_class: str | None = None
    comment: str | None = None
    school_year: date | None = None


@dataclass(frozen=True, slots=True)
class FinalsTable:
    """The final marks of one sheet; `school_class` is the class that its title or all its rows name."""

    kind: FinalsKind
    sheet: str | None
    school_class: str | None
    rows: tuple[FinalRow, ...]
