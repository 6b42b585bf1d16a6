"""The timetable: weekly template, bells, holidays, lesson changes, and the school days computed from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from core.model.year import GroupKind, TeachingGroup


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of a group on a date; times are the school's zone, number 0 is a real lesson (Q16).

    A withdrawn lesson is named by no diary any more; it is shown as replaced or cancelled.
    """

    id: int
    group_id: int
    subject_id: int
    held_on: date
    number: int | None
    starts_at: time | None
    ends_at: time | None
    room: str | None
    topic: str | None
    withdrawn_at: datetime | None = None


class Week(StrEnum):
    """The weeks of a timetable of two weeks; which week is odd is a setting of the school."""

    ODD = "odd"
    EVEN = "even"


class ChangeKind(StrEnum):
    """A substitution (other teacher or subject) and a move (other time) are different things (Q17)."""

    SUBSTITUTION = "substitution"
    MOVE = "move"
    CANCELLATION = "cancellation"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class TemplateLesson:
    """A lesson of every week, in force between dates, both included; `weekday` Monday 0, `number` 0 is a real lesson.

    A lesson of one of two weeks has its `week`. Rooms of subgroups stand as the school writes them («331/436»).
    """

    id: int
    group_id: int
    subject_id: int
    teacher_id: int | None
    weekday: int
    number: int
    room: str | None
    starts_on: date | None
    ends_on: date | None
    week: Week | None = None


@dataclass(frozen=True, slots=True)
class Bell:
    """When a lesson of a number rings in a variant of the bells («», «2 смена», «сокращённые»); the school's zone."""

    id: int
    variant: str
    number: int
    starts_at: time
    ends_at: time


@dataclass(frozen=True, slots=True)
class BellChoice:
    """Which variant rings for a group (a shift), on a date (a short day) or both; the most exact choice counts."""

    id: int
    group_id: int | None
    on: date | None
    variant: str


@dataclass(frozen=True, slots=True)
class LessonChange:
    """A change of one lesson: the group's lesson of a subject on a date and number, and its new values.

    SUBSTITUTION sets `new_teacher_id`, `new_subject_id` or both, ROOM `new_room`, MOVE `new_on` and `new_number` (and
    maybe the room), CANCELLATION nothing. A withdrawn change has no effect.
    """

    id: int
    group_id: int
    subject_id: int
    on: date
    number: int
    kind: ChangeKind
    new_subject_id: int | None
    new_teacher_id: int | None
    new_room: str | None
    new_on: date | None
    new_number: int | None
    broadcast_id: int | None
    made_by: int | None
    made_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedHours:
    """Hours of the curriculum plan: of a class in a subject, or of one group of its students (Q59).

    `term` None: of the whole year. `lesson_type` None: of all types.
    """

    id: int
    year_id: int
    class_id: int
    group_id: int | None
    subject_id: int
    hours: int
    term: str | None
    lesson_type: str | None


@dataclass(frozen=True, slots=True)
class LessonType:
    """What kind of lesson a class had, or has, on a date at a number: «laboratory», «excursion» (Q60)."""

    id: int
    class_id: int
    subject_id: int
    on: date
    number: int
    lesson_type: str
    topic: str | None
    teacher_id: int | None


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without lessons, both included, for grades from–to (None: all) (Q22)."""

    id: int
    year_id: int
    name: str
    starts_on: date
    ends_on: date
    grade_from: int | None
    grade_to: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A group that a student is in between dates, both included; without dates it counts on every day (Q40).

    `classes` are those that the students of a divided group come from, where the class itself has no place here.
    """

    group: TeachingGroup
    starts_on: date | None = None
    ends_on: date | None = None
    classes: tuple[TeachingGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedTemplateLesson:
    """A template lesson with names; the teacher is the lesson's own, else the group's."""

    lesson: TemplateLesson
    subject: str
    teacher: str | None


@dataclass(frozen=True, slots=True)
class NamedLesson:
    """A lesson of the diary with its subject's name."""

    lesson: Lesson
    subject: str


@dataclass(frozen=True, slots=True)
class NamedLessonChange:
    """A lesson change with the names of its subjects and of the new teacher."""

    change: LessonChange
    subject: str
    new_subject: str | None
    new_teacher: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything from which the school days of a student, a group or a teacher are computed, between two dates (Q18).

    `template` and `diary` include the other end of each move; changes are in the order in which they were made.
    `odd_week` is a day of an odd week, where the school has named one.
    """

    places: Sequence[Place]
    template: Sequence[NamedTemplateLesson]
    changes: Sequence[NamedLessonChange]
    diary: Sequence[NamedLesson]
    holidays: Sequence[Holiday]
    bells: Sequence[Bell]
    bell_choices: Sequence[BellChoice]
    odd_week: date | None = None


class LessonState(StrEnum):
    """The state of a lesson on a day."""

    PLANNED = "planned"
    SUBSTITUTED = "substituted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"
    CANCELLED = "cancelled"
    ROOM_CHANGED = "room_changed"


@dataclass(frozen=True, slots=True)
class DayLesson:
    """A lesson of a day with its present values, and its planned values where they differ (Q16, Q17).

    `group` is the name of the subgroup, stream or individual plan, None for a whole class; a teacher's day names the
    class too. `moved` is the other end of a move: where it went (MOVED_AWAY) or came from (else), as date and number.
    A change of this lesson names `group_id`, `subject_id`, the date and `number` as they are here.
    """

    number: int
    group_id: int
    group: str | None
    subject_id: int
    subject: str
    teacher_id: int | None
    teacher: str | None
    room: str | None
    starts_at: time | None
    ends_at: time | None
    state: LessonState = LessonState.PLANNED
    was_subject: str | None = None
    was_teacher_id: int | None = None
    was_teacher: str | None = None
    was_room: str | None = None
    moved: tuple[date, int] | None = None

    @property
    def is_held(self) -> bool:
        """True if it takes place; a cancelled or moved lesson is only shown."""
        return self.state not in {LessonState.CANCELLED, LessonState.MOVED_AWAY}


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A date of a student, class or teacher: its lessons by number, or the name of the holiday."""

    on: date
    lessons: tuple[DayLesson, ...]
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class Teaching:
    """A teacher of a student, with the group and the subject (Q21); `subject` None: the class teacher."""

    kind: GroupKind
    group: str
    subject: str | None
    teacher: str


@dataclass(frozen=True, slots=True)
class NewTemplateLesson:
    """A row of the weekly template about to be written."""

    subject_id: int
    weekday: int
    number: int
    room: str | None = None
    teacher_id: int | None = None
    week: Week | None = None


@dataclass(frozen=True, slots=True)
class NewLessonChange:
    """A change about to be written; which of the new fields are set depends on its kind (`LessonChange`)."""

    group_id: int
    subject_id: int
    on: date
    number: int
    kind: ChangeKind
    new_subject_id: int | None = None
    new_teacher_id: int | None = None
    new_room: str | None = None
    new_on: date | None = None
    new_number: int | None = None
