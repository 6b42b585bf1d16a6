"""Statistics of lessons and of final marks, as the deputy head reports them (Q59–Q64)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
