"""Who looks up a timetable: families of their students, staff of their groups, teachers of their own lessons."""

from collections.abc import Sequence
from datetime import date

from core.model.people import Actor
from core.model.timetable import Holiday, NamedLesson, SchoolDay, Teaching
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Family, Nothing, Scope
from core.rules.timetable import days as timetable_days
from core.rules.timetable.days import grade_level_on_day
from core.rules.year import days_between

__all__ = [
    "look_up_group_timetable",
    "look_up_student_holidays",
    "look_up_student_teachers",
    "look_up_student_timetable",
    "look_up_teacher_timetable",
    "look_up_timetable_topics",
]


async def look_up_student_timetable(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[SchoolDay]:
    """A student's days, one for each date, as the family may see them on a date (Q14, Q16–Q18).

    A student outside the family's scope has days without lessons.
    """
    plan = await uow.timetable.of_student(
        student_id, access.family_access_scope(actor, on=on), since=since, until=until
    )
    return timetable_days.timetable_days(plan, since=since, until=until)


async def look_up_timetable_topics(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[NamedLesson]:
    """The lessons of the diary that say what they were about, as the family may see them on a date (Q14)."""
    plan = await uow.timetable.of_student(
        student_id, access.family_access_scope(actor, on=on), since=since, until=until
    )
    return [
        each
        for each in plan.diary
        if each.lesson.topic and each.lesson.withdrawn_at is None and since <= each.lesson.held_on <= until
    ]


async def look_up_group_timetable(
    uow: UnitOfWork, actor: Actor, *, group_id: int, since: date, until: date, on: date
) -> Sequence[SchoolDay]:
    """The days of a group that the actor works with: of a class with its subgroups side by side (Q16)."""
    plan = await uow.timetable.of_group(group_id, _staff_scope(actor, on), since=since, until=until)
    return timetable_days.timetable_days(plan, since=since, until=until)


async def look_up_teacher_timetable(
    uow: UnitOfWork, actor: Actor, *, since: date, until: date, on: date
) -> Sequence[SchoolDay]:
    """The actor's own lessons with those given away and taken over by substitution; `group` is always named."""
    if actor.person_id is None or isinstance(_staff_scope(actor, on), Nothing):
        return [SchoolDay(each, ()) for each in days_between(since, until)]
    plan = await uow.timetable.of_teacher(actor.person_id, since=since, until=until)
    return timetable_days.teacher_timetable_days(plan, actor.person_id, since=since, until=until)


async def look_up_student_holidays(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[Holiday]:
    """The holidays of a student's grade that touch the dates (Q22)."""
    places = await uow.timetable.places(student_id, access.family_access_scope(actor, on=on), since=on, until=on)
    if not places:
        return []
    grade = grade_level_on_day(places, on)
    found = await uow.timetable.holidays(since=since, until=until)
    return [each for each in found if timetable_days.is_holiday_of_grade(each, grade)]


async def look_up_student_teachers(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date) -> Sequence[Teaching]:
    """Who teaches a student what on a date, the class teacher first (Q21)."""
    return await uow.timetable.teachings(student_id, access.family_access_scope(actor, on=on), on=on)


def _staff_scope(actor: Actor, on: date) -> Scope:
    """What the actor may read for the school: a parent reads no class."""
    scope = access.reading_access_scope(actor, on=on)
    return Nothing() if isinstance(scope, Family) else scope
