"""Lesson changes in the school's own terms: what the lesson was, what becomes of it, whom of the staff it concerns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from core.actions.timetable import lookup
from core.model.delivery.fact_names import lesson_change_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.family import LessonChanged
from core.model.people import SYSTEM
from core.model.timetable import ChangeKind, DayLesson, NewLessonChange, SchoolDay
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.broadcast.deadlines import Slot
from core.rules.timetable.notices import changed_lesson_notice


@dataclass(frozen=True, slots=True)
class ChangedLesson:
    """A change beside the lesson that it is made to; `lesson` None: the timetable knows it no more.

    `slots` are the times that it touches, old and new.
    """

    change: NewLessonChange
    lesson: DayLesson | None
    notice: LessonChanged
    group: str
    slots: tuple[Slot, ...]

    @property
    def for_staff(self) -> LessonChanged:
        """The same with the class named, since a teacher has several."""
        return replace(self.notice, group=self.group)

    @property
    def teacher_ids(self) -> frozenset[int]:
        """The replaced teacher and the substitute, or whose lesson it is."""
        had = self.lesson.teacher_id if self.lesson else None
        return frozenset(each for each in (had, self.change.new_teacher_id) if each is not None)

    def called_off(self) -> "ChangedLesson":
        """The change taken back: the lesson is held as planned."""
        return replace(self, notice=replace(self.notice, called_off=True))


@dataclass(frozen=True, slots=True)
class _Names:
    subjects: Mapping[int, str]
    teachers: Mapping[int, str]
    groups: Mapping[int, str]

    @classmethod
    async def read(cls, uow: UnitOfWork) -> "_Names":
        return cls(
            {each.id: each.name for each in await uow.year.subjects()},
            {each.id: each.name for each in await uow.people.teachers()},
            {each.id: each.name for each in await uow.year.groups(Everything())},
        )


async def load_changed_lessons(
    uow: UnitOfWork, changes: Sequence[NewLessonChange], *, on: date, corrects: bool = False
) -> Sequence[ChangedLesson]:
    """The changes with their lessons as the timetable has them; a correction speaks of them as they were planned."""
    if not changes:
        return ()
    names = await _Names.read(uow)
    by_group: dict[int, list[NewLessonChange]] = defaultdict(list)
    for change in changes:
        by_group[change.group_id].append(change)
    days = {group_id: await _days(uow, group_id, own, on) for group_id, own in by_group.items()}
    return [_changed(change, days[change.group_id], names, corrects=corrects) for change in changes]


async def _days(
    uow: UnitOfWork, group_id: int, changes: Sequence[NewLessonChange], on: date
) -> Mapping[date, SchoolDay]:
    touched = [day for change in changes for day in (change.on, change.new_on) if day is not None]
    days = await lookup.look_up_group_timetable(
        uow, SYSTEM, group_id=group_id, since=min(touched), until=max(touched), on=on
    )
    return {day.on: day for day in days}


def _changed(
    change: NewLessonChange, days: Mapping[date, SchoolDay], names: _Names, *, corrects: bool
) -> ChangedLesson:
    subject = names.subjects[change.subject_id]
    lesson = next((each for each in days[change.on].lessons if _is_meant(each, change, subject)), None)
    if lesson is not None and corrects:
        lesson = _as_planned(lesson)
    notice = changed_lesson_notice(
        change,
        lesson,
        subject=subject,
        new_subject=names.subjects.get(change.new_subject_id or 0),
        new_teacher=names.teachers.get(change.new_teacher_id or 0),
    )
    return ChangedLesson(change, lesson, notice, names.groups[change.group_id], _slots(change, lesson, days))


def _is_meant(lesson: DayLesson, change: NewLessonChange, subject: str) -> bool:
    same_place = (lesson.group_id, lesson.number) == (change.group_id, change.number)
    return same_place and subject in {lesson.subject, lesson.was_subject}


def _as_planned(lesson: DayLesson) -> DayLesson:
    return replace(
        lesson,
        teacher_id=lesson.was_teacher_id or lesson.teacher_id,
        teacher=lesson.was_teacher or lesson.teacher,
        room=lesson.was_room or lesson.room,
    )


def _slots(change: NewLessonChange, lesson: DayLesson | None, days: Mapping[date, SchoolDay]) -> tuple[Slot, ...]:
    old: Slot = (change.on, lesson.starts_at if lesson else _rings(days, change.number))
    if change.kind is not ChangeKind.MOVE:
        return (old,)
    number = change.number if change.new_number is None else change.new_number
    return (old, (change.new_on or change.on, _rings(days, number)))


def _rings(days: Mapping[date, SchoolDay], number: int) -> time | None:
    """When a lesson of this number begins, as far as these days tell."""
    lessons = (lesson for day in days.values() for lesson in day.lessons if lesson.number == number)
    return next((lesson.starts_at for lesson in lessons if lesson.starts_at is not None), None)


async def tell_of_changed_lesson(
    uow: UnitOfWork, change_id: int, group_id: int, notice: LessonChanged, *, on: date, due: datetime, now: datetime
) -> int:
    """Publishes a change for the families of its group that have not been told of it; returns how many.

    `on` is the day on which the group's students are looked up.
    """
    fact = lesson_change_fact_name(change_id)
    households = await uow.people.households({group_id}, Everything(), on=on)
    informed = {each.student_id for each in await uow.outbox.published_as(fact)}
    notices = [NewNotice(each.student_id, notice, fact) for each in households if each.student_id not in informed]
    await uow.outbox.add(notices, received_at=now, published_at=now, due=due)
    return len(notices)
