"""The summary sheet of a class: students, subjects and terms with the final marks in force (Q65–Q68)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.model.results.closings import CouncilDecision, TermClosing
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.year import ReportingPeriod, TeachingGroup

CellKey = tuple[int, int, str]
"""Student, subject, and the key of a term."""


@dataclass(frozen=True, slots=True)
class SheetMember:
    """A student who is or was in a class within a school year.

    `ends_on` is the last day in the class, `leaves_on` the last day at the school, `next_class` the class after this
    one. `has_own_plan`: taught by an individual plan (Q39).
    """

    student_id: int
    name: str
    ends_on: date | None = None
    leaves_on: date | None = None
    next_class: str | None = None
    has_own_plan: bool = False


@dataclass(frozen=True, slots=True)
class MarkHistory:
    """A final mark with all its versions, in their order."""

    mark: PeriodMark
    versions: tuple[PeriodMarkVersion, ...]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the sheet of a class is made of; `subjects` are names by id, `learned` the subjects that are taught.

    `day` is today, in a past school year its last day. `last_day` is the last day of lessons of the year.
    """

    school_class: TeachingGroup
    year: date
    day: date
    last_day: date
    subjects: Mapping[int, str]
    learned: frozenset[int] = frozenset()
    unmarked: frozenset[str] = frozenset()
    periods: Sequence[ReportingPeriod] = ()
    members: Sequence[SheetMember] = ()
    histories: Sequence[MarkHistory] = ()
    deferrals: Sequence[Deferral] = ()
    closings: Sequence[TermClosing] = ()
    decisions: Sequence[CouncilDecision] = ()


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A final mark in force, or the last day for a deferred one."""

    value: str | None
    deferred_until: date | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """A student left the school after this day, or went over to another class of it."""

    last_day: date
    next_class: str | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One student's line; `departure` where the student is no longer in the class (Q40)."""

    student_id: int
    name: str
    cells: Mapping[tuple[int, str], SheetCell]
    departure: Departure | None = None
    has_own_plan: bool = False
    decision: CouncilDecision | None = None


@dataclass(frozen=True, slots=True)
class SheetSubject:
    """A subject of the sheet with the keys of its terms, in their order."""

    id: int
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetCorrection:
    """A final mark that was corrected after its term was closed, with author and ground (Q67).

    `is_pending`: the term was not closed anew since, so that a sheet printed before is to be reissued.
    """

    student: str
    subject: str
    term: str
    before: str | None
    after: str | None
    at: datetime
    by: int | None
    ground: str
    is_pending: bool


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """The sheet of a class for a school year; `year` is its first day, `terms` the printed names of terms by key.

    `by_words`: a first grade, which is assessed without marks (Q26). `unmarked` are subjects without marks.
    """

    school_class: TeachingGroup
    year: date
    rows: Sequence[SheetRow]
    subjects: Sequence[SheetSubject]
    terms: Mapping[str, str]
    by_words: bool = False
    unmarked: Sequence[str] = ()
    corrections: Sequence[SheetCorrection] = ()
    class_teachers: Sequence[str] = ()
    deputy_heads: Sequence[str] = ()
    authors: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_to_be_reissued(self) -> bool:
        """Whether a mark was corrected after its term was closed (Q67)."""
        return any(each.is_pending for each in self.corrections)


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a printed sheet: the student by name and by number among namesakes, and the place in the file."""

    student: str
    namesake: int
    subject: str
    term: str
    text: str
    sheet: str | None
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class SheetDifference:
    """A cell of a printed sheet that is not the mark in force; `place` is its sheet, row and column, if it has one."""

    school_class: str
    student: str
    subject: str
    term: str
    printed: str | None
    in_force: str | None
    place: tuple[str | None, int, int] | None = None
