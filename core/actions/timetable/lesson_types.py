"""A teacher names the type of the own lessons, which the statistics of lessons count (Q60)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.errors import NotFoundError
from core.model.marks.gradebook import LessonDay
from core.model.people import Actor
from core.model.timetable import LessonType
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.timetable.lesson_types import unnamed_timetable_lesson_types


async def load_lesson_types(uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, on: date) -> Mapping[int, str]:
    """The types of a group's lessons of a subject on a day, by number; "" where none is named.

    Empty where the timetable has no such lesson. NotFoundError for another teacher's lesson.
    """
    return {each.number: each.lesson_type for each in await _open_types(uow, actor, lesson, on=on)}


async def set_lesson_type(
    uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, lesson_type: str, now: datetime, on: date
) -> None:
    """Names the type of all lessons of the day; a topic that was imported with it stays.

    NotFoundError for another teacher's lesson and where the timetable has none.
    """
    opened = await _open_types(uow, actor, lesson, on=on)
    if not opened:
        raise NotFoundError
    await uow.timetable.put_lesson_types([replace(each, lesson_type=lesson_type) for each in opened])
    await uow.audit.write(actor, "lesson_type", at=now, group=lesson.group_id, subject=lesson.subject_id)
    await uow.commit()


async def _open_types(uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, on: date) -> Sequence[LessonType]:
    """A row for each class and lesson. The group is read whole, since a substitute teaches it on that day only."""
    await uow.marks.taught_lesson(lesson, access.teaching_access_scope(actor, on=on))
    plan = await uow.timetable.of_group(lesson.group_id, Everything(), since=lesson.on, until=lesson.on)
    due = unnamed_timetable_lesson_types(plan, lesson)
    class_ids = {each.class_id for each in due}
    types = await uow.timetable.lesson_types(Everything(), since=lesson.on, until=lesson.on, class_ids=class_ids)
    named = {(each.class_id, each.subject_id, each.number): each for each in types}
    return [named.get((each.class_id, each.subject_id, each.number), each) for each in due]
