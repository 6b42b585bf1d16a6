"""Follows one lesson through all its changes: where and how it is held after each of them (Q17)."""

from dataclasses import dataclass, replace
from datetime import date, time

from core.model.timetable import ChangeKind, DayLesson, LessonState, NamedLessonChange
from core.model.year import GroupKind, TeachingGroup

STATES = {
    ChangeKind.SUBSTITUTION: LessonState.SUBSTITUTED,
    ChangeKind.MOVE: LessonState.MOVED_AWAY,
    ChangeKind.CANCELLATION: LessonState.CANCELLED,
    ChangeKind.ROOM: LessonState.ROOM_CHANGED,
}


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson before any change; only lessons of the diary have times of their own."""

    group: TeachingGroup
    subject_id: int
    subject: str
    teacher_id: int | None = None
    teacher: str | None = None
    room: str | None = None
    starts_at: time | None = None
    ends_at: time | None = None


@dataclass(slots=True)
class Stop:
    """A date and lesson number at which the lesson was to be held, and the last change that was made to it there."""

    on: date
    number: int
    change: NamedLessonChange | None = None


@dataclass(slots=True, eq=False)
class LessonChangesCourse:
    """A planned lesson and its stops, the present one last; changes of `classes` count for their subgroups too."""

    lesson: PlannedLesson
    stops: list[Stop]
    classes: frozenset[int] = frozenset()

    @property
    def place(self) -> tuple[date, int]:
        """The date and number at which the lesson is now."""
        return self.stops[-1].on, self.stops[-1].number

    def apply_change(self, named: NamedLessonChange) -> bool:
        """Applies a change if it is for this lesson; returns whether it is.

        The change replaces the earlier change at its stop and all later stops. A lesson that is moved back without any
        other change is as planned.
        """
        place = self._place(named)
        if place is None:
            return False
        del self.stops[place + 1 :]
        self.stops[place].change = named
        if named.change.kind is ChangeKind.MOVE:
            self._move(named)
        return True

    def _place(self, named: NamedLessonChange) -> int | None:
        change = named.change
        if change.group_id != self.lesson.group.id and change.group_id not in self.classes:
            return None
        here = [place for place, stop in enumerate(self.stops) if (stop.on, stop.number) == (change.on, change.number)]
        own = [
            place for place in here if change.subject_id in (self.lesson.subject_id, self.lesson_at(place).subject_id)
        ]
        return own[-1] if own else None

    def _move(self, named: NamedLessonChange) -> None:
        change, here = named.change, self.stops[-1]
        on = change.new_on or here.on
        number = here.number if change.new_number is None else change.new_number
        for place, stop in enumerate(self.stops):
            if (stop.on, stop.number) == (on, number):
                del self.stops[place + 1 :]
                stop.change = named if _renewed(self.lesson, named) != self.lesson else None
                return
        self.stops.append(Stop(on, number))

    def lesson_at(self, place: int) -> PlannedLesson:
        """Subject, teacher and room of the lesson at a stop; the new room of a move counts from the next stop."""
        lesson = self.lesson
        for stop in self.stops[:place]:
            lesson = _renewed(lesson, stop.change)
        return lesson if self._leaves(place) else _renewed(lesson, self.stops[place].change)

    def day_lesson(self, place: int) -> DayLesson:
        """The lesson at a stop with its old and new values, without times: `BellTimes.with_times` adds them."""
        was, held = self.lesson, self.lesson_at(place)
        return DayLesson(
            number=self.stops[place].number,
            group_id=held.group.id,
            group=None if held.group.kind is GroupKind.CLASS else held.group.name,
            subject_id=held.subject_id,
            subject=held.subject,
            teacher_id=held.teacher_id,
            teacher=held.teacher,
            room=held.room,
            starts_at=held.starts_at if place == 0 else None,
            ends_at=held.ends_at if place == 0 else None,
            state=self._state(place),
            was_subject=was.subject if was.subject_id != held.subject_id else None,
            was_teacher_id=was.teacher_id if was.teacher_id != held.teacher_id else None,
            was_teacher=was.teacher if was.teacher_id != held.teacher_id else None,
            was_room=was.room if was.room != held.room else None,
            moved=self._moved(place),
        )

    def _leaves(self, place: int) -> bool:
        return place + 1 < len(self.stops)

    def _state(self, place: int) -> LessonState:
        named = self.stops[place].change
        if named is None:
            return LessonState.MOVED_HERE if place else LessonState.PLANNED
        if named.change.kind is ChangeKind.MOVE and not self._leaves(place):
            return LessonState.ROOM_CHANGED  # it was moved to where it is anyway
        return STATES[named.change.kind]

    def _moved(self, place: int) -> tuple[date, int] | None:
        if self._leaves(place):
            other = self.stops[place + 1]
        elif place:
            other = self.stops[place - 1]
        else:
            return None
        return other.on, other.number


def _renewed(lesson: PlannedLesson, named: NamedLessonChange | None) -> PlannedLesson:
    if named is None:
        return lesson
    change = named.change
    if change.new_subject_id is not None and named.new_subject is not None:
        lesson = replace(lesson, subject_id=change.new_subject_id, subject=named.new_subject)
    if change.new_teacher_id is not None:
        lesson = replace(lesson, teacher_id=change.new_teacher_id, teacher=named.new_teacher)
    return lesson if change.new_room is None else replace(lesson, room=change.new_room)
