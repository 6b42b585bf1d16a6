"""Final marks of periods with their versions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PeriodMark:
    """A printed average and the final mark of a term ("year", "exam" and "final" are terms too).

    `received_at` starts the 24 hours of R6 and moves only with a new version; `published` is False for history
    that the first import brought (Q90). `term` "" stands for a report that names none.
    """

    id: int
    student_id: int
    subject_id: int
    year_id: int
    term: str
    average: Decimal | None
    value: str | None
    version: int
    received_at: datetime | None
    published: bool
    import_id: int | None


@dataclass(frozen=True, slots=True)
class PeriodMarkVersion:
    """One version of a period mark; a published one makes a new obligation, history makes none (Q74).

    `comment` says why the mark differs from the proposal (Q55), `ground` why it was corrected after closing (Q67).
    """

    id: int
    period_mark_id: int
    version: int
    before: str | None
    after: str | None
    received_at: datetime | None
    published: bool
    changed_by: int | None
    import_id: int | None
    comment: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class MarkCell:
    """A cell of a class's sheet: a student's final mark in one subject and term."""

    student_id: int
    subject_id: int
    term: str


@dataclass(frozen=True, slots=True)
class NewFinalMark:
    """A final mark before it is written; `comment` and `ground` as in its version.

    `version` is the one that the teacher has before them (None: any, 0: no mark yet).
    """

    cell: MarkCell
    value: str
    comment: str | None = None
    ground: str | None = None
    version: int | None = None
