"""Statistics of lessons and of final marks, as the deputy head reports them (Q59–Q64)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from core.model.schoolwork.control_works import ControlLesson
from core.model.timetable import LessonType, Plan, PlannedHours
from core.model.year import ReportingPeriod, TeachingGroup


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class with the timetable of the class and of all groups of its students."""

    school_class: TeachingGroup
    plan: Plan


@dataclass(frozen=True, slots=True)
class LessonRecords:
    """What the lessons of one class are counted from; `today` is the last day that counts as held."""

    class_plan: ClassPlan
    hours: Sequence[PlannedHours]
    types: Sequence[LessonType]
    controls: Sequence[ControlLesson]
    periods: Sequence[ReportingPeriod]
    year: tuple[date, date]
    today: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the statistics is asked for; None is everything. A term may be written in any way."""

    term: str | None = None
    class_id: int | None = None
    subject_id: int | None = None
    teacher_id: int | None = None


@dataclass(frozen=True, slots=True)
class LessonStatistics:
    """Lessons of a class or group in a subject and term: planned until today, and what became of them (Q59–Q61).

    `substituted` and `moved` are parts of `held`. `lesson_type` None: all types. `by_template`: there is no plan of
    hours, so `planned` counts the lessons of the weekly template. `teacher_ids` teach there by the template.
    """

    school_class: TeachingGroup
    subject_id: int
    group: str | None
    term: str
    lesson_type: str | None
    planned: int
    held: int
    cancelled: int
    substituted: int
    moved: int
    by_template: bool
    teacher_ids: frozenset[int] = frozenset()

    @property
    def percent(self) -> Fraction | None:
        """Held of planned, in percent; None where nothing is planned."""
        return Fraction(100 * self.held, self.planned) if self.planned else None

    @property
    def lag(self) -> int:
        """Planned lessons that were not held; below zero where more were held."""
        return self.planned - self.held


@dataclass(frozen=True, slots=True)
class StudentPlace:
    """A group that a student is in between two dates, both included; the last day at the school ends it (Q40)."""

    student_id: int
    group: TeachingGroup
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """A group that is taught a subject; the teacher may be unknown."""

    group_id: int
    subject_id: int
    teacher_id: int | None


class FinalValue(NamedTuple):
    """The final mark in force of a student in a subject and term. A tuple, since a school has 75,000 of them."""

    student_id: int
    subject_id: int
    term: str
    value: str | None


@dataclass(frozen=True, slots=True)
class ResultRecords:
    """What results are counted from; `deferred` are the open deferrals as student, subject and term.

    `unmarked` are subjects without final marks. `year` are its first and last day, `today` the day of the report.
    """

    places: Sequence[StudentPlace]
    courses: Sequence[Course]
    values: Sequence[FinalValue]
    deferred: frozenset[tuple[int, int, str]]
    periods: Sequence[ReportingPeriod]
    unmarked: frozenset[int]
    year: tuple[date, date]
    today: date


class StatisticsScope(StrEnum):
    """Whose results a row sums up (contracts, Final marks)."""

    CLASS = "class"
    PARALLEL = "parallel"
    SCHOOL = "school"
    TEACHER = "teacher"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class StatisticsCounts:
    """Students by their final mark in a subject, or by their worst mark in all subjects (Q54, Q62, Q63).

    `pupils` are all of them. `exempt`, `deferred` and `unmarked` stand outside `n`. A mark of 1 counts as 2.
    """

    pupils: int = 0
    n5: int = 0
    n4: int = 0
    n3: int = 0
    n2: int = 0
    na: int = 0
    exempt: int = 0
    deferred: int = 0
    unmarked: int = 0

    @property
    def n(self) -> int:
        """The denominator of all shares: marks and н/а."""
        return self.n5 + self.n4 + self.n3 + self.n2 + self.na

    @property
    def passed_percent(self) -> Fraction | None:
        """Успеваемость; None where n is 0."""
        return self._share(100 * (self.n5 + self.n4 + self.n3))

    @property
    def quality_percent(self) -> Fraction | None:
        """Качество; None where n is 0."""
        return self._share(100 * (self.n5 + self.n4))

    @property
    def sou(self) -> Fraction | None:
        """СОУ, the degree of learning; None where n is 0."""
        return self._share(100 * self.n5 + 64 * self.n4 + 36 * self.n3 + 16 * self.n2 + 7 * self.na)

    def _share(self, points: int) -> Fraction | None:
        return Fraction(points, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class ResultStatistics:
    """One row: of a class, parallel, school, teacher or subject in a term.

    `scope_id` is the class, the grade level, the teacher or the subject; None for the school. `subject_id` None: each
    student counts once, by the worst mark. `average` is over all marks.
    """

    scope: StatisticsScope
    scope_id: int | None
    subject_id: int | None
    term: str
    counts: StatisticsCounts
    average: Fraction | None


class ListKind(StrEnum):
    """The lists of students at the end of a term (Q64)."""

    EXCELLENT = "excellent"
    GOOD = "good"
    ONE_FOUR = "one_four"
    ONE_THREE = "one_three"
    FAILING = "failing"
    NOT_ASSESSED = "not_assessed"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class ListedStudent:
    """A student on a list, with the subjects that put them there; none on the lists of excellent and good."""

    kind: ListKind
    school_class: TeachingGroup
    student_id: int
    subject_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StudentLists:
    """The lists of a term, and the names of those students whom the reader may see."""

    listed: Sequence[ListedStudent]
    names: Mapping[int, str]
