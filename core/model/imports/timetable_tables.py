"""Rows of the school's timetables as read from files; `row` is the row number, for later problems."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from core.model.timetable import ChangeKind, Week


class ScheduleKind(StrEnum):
    """The tables of a school year, each recognised by its header or its form."""

    TEMPLATE = "template"
    CHANGES = "changes"
    SUBSTITUTIONS = "substitutions"
    """The school's form for the pay of substitutes: changes without lesson numbers."""
    BELLS = "bells"
    HOLIDAYS = "holidays"
    PERIODS = "periods"
    PLAN = "plan"
    """The curriculum plan: hours of each class and subject."""
    LESSON_TYPES = "lesson_types"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A lesson of every week or of one of two (`week`), of a whole class or of one `group` of it; `weekday` Monday 0.

    `column` is where it stands in a grid of classes, None in a plain table.
    """

    row: int
    column: int | None
    school_class: str
    weekday: int
    number: int
    subject: str
    room: str | None = None
    teacher: str | None = None
    group: str | None = None
    week: Week | None = None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of one lesson; without a number it is the class's only lesson of the subject on that date.

    `absent` is the absent teacher, if the form names one.
    """

    row: int
    on: date
    school_class: str
    number: int | None
    subject: str
    change: ChangeKind
    new_subject: str | None = None
    new_teacher: str | None = None
    new_room: str | None = None
    new_on: date | None = None
    new_number: int | None = None
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class BellRow:
    """The times of a lesson number in a bell variant («»: the usual bells), with the class or date it counts for."""

    row: int
    variant: str
    number: int
    starts_at: time
    ends_at: time
    school_class: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """Days without lessons, both included, for grades from–to (None: all)."""

    row: int
    name: str
    starts_on: date
    ends_on: date
    grade_from: int | None = None
    grade_to: int | None = None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A reporting period of the school year, both days included, of some grades, a class, a subject or of everybody."""

    row: int
    name: str
    starts_on: date
    ends_on: date
    grades: tuple[int, int] | None = None
    school_class: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """Hours of a class or of one `group` of it, in a term (None: the year), of a lesson type (None: all types)."""

    row: int
    school_class: str
    subject: str
    hours: int
    group: str | None = None
    term: str | None = None
    lesson_type: str | None = None


@dataclass(frozen=True, slots=True)
class LessonTypeRow:
    """The type of one lesson of a class; `number` 0 is a real lesson."""

    row: int
    on: date
    school_class: str
    number: int
    subject: str
    lesson_type: str
    topic: str | None = None
    teacher: str | None = None


ScheduleRow = TemplateRow | ChangeRow | BellRow | HolidayRow | PeriodRow | PlanRow | LessonTypeRow


@dataclass(frozen=True, slots=True)
class ScheduleTable:
    """One table; all its rows are of the kind's own type."""

    kind: ScheduleKind
    sheet: str | None
    rows: tuple[ScheduleRow, ...]
