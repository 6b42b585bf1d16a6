"""What the days of a student, a group or a teacher are made of, in few statements: a screen waits for them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.timetable import (
    Bell,
    BellChoice,
    Holiday,
    LessonChange,
    NamedLesson,
    NamedLessonChange,
    NamedTemplateLesson,
    Place,
    Plan,
    TemplateLesson,
)
from core.model.year import GroupKind, Lesson
from core.rules import timetable
from storage.places import overlaps, touches
from storage.rows import columns, fetch, selected
from storage.schema.people import person
from storage.schema.timetable import bell, bell_choice, holiday, lesson_change, template_lesson
from storage.schema.year import lesson, subject, teaching_group

NOWHERE = Plan((), (), (), (), (), (), ())

TEACHER_ID = func.coalesce(template_lesson.c.teacher_id, teaching_group.c.teacher_id)
"""Who gives a lesson of the template: the row's own teacher, else the group's."""


async def read(connection: AsyncConnection, places: Sequence[Place], *, since: date, until: date) -> Plan:
    """The plan of these groups: whoever asks has come to them through a scope."""
    if not places:
        return NOWHERE
    groups = sorted({group.id for place in places for group in (place.group, *place.classes)})
    changed = await changes(connection, groups, since=since, until=until)
    ends = [since, until, *(named.change.on for named in changed)]
    first, last = min(ends), max(ends)
    template = await _template(connection, groups, since=first, until=last)
    classes = {place.group.id for place in places if place.group.kind is GroupKind.CLASS}
    bare = {group for on in timetable.dates(first, last) for group in timetable.without_template(template, classes, on)}
    return Plan(
        places=places,
        template=template,
        changes=changed,
        diary=await _diary(connection, bare, since=first, until=last) if bare else (),
        holidays=await holidays(connection, since=since, until=until),
        bells=await bells(connection),
        bell_choices=await _bell_choices(connection, groups, since=since, until=until),
    )


async def changes(
    connection: AsyncConnection, groups: Collection[int], *, since: date, until: date
) -> list[NamedLessonChange]:
    """In force and touching the dates or any date from which lessons have come here, however often they were moved."""
    in_force = and_(lesson_change.c.group_id.in_(groups), lesson_change.c.withdrawn_at.is_(None))
    arrived = select(lesson_change.c.on).where(in_force, lesson_change.c.new_on.between(since, until))
    origins = arrived.cte(recursive=True)
    origins = origins.union(select(lesson_change.c.on).where(in_force, lesson_change.c.new_on == origins.c.on))
    new_subject = subject.alias()
    named = (
        select(*columns(lesson_change, LessonChange), subject.c.name, new_subject.c.name, person.c.name)
        .join(subject, subject.c.id == lesson_change.c.subject_id)
        .outerjoin(new_subject, new_subject.c.id == lesson_change.c.new_subject_id)
        .outerjoin(person, person.c.id == lesson_change.c.new_teacher_id)
        .where(in_force, or_(touches(since, until), lesson_change.c.on.in_(select(origins.c.on))))
        .order_by(lesson_change.c.made_at, lesson_change.c.id)
    )
    return [NamedLessonChange(LessonChange(*row[:-3]), *row[-3:]) for row in await connection.execute(named)]


async def _template(
    connection: AsyncConnection, groups: Collection[int], *, since: date, until: date
) -> list[NamedTemplateLesson]:
    fields = [TEACHER_ID if each.name == "teacher_id" else each for each in columns(template_lesson, TemplateLesson)]
    named = (
        select(*fields, subject.c.name, person.c.name)
        .join(subject, subject.c.id == template_lesson.c.subject_id)
        .join(teaching_group, teaching_group.c.id == template_lesson.c.group_id)
        .outerjoin(person, person.c.id == TEACHER_ID)
        .where(template_lesson.c.group_id.in_(groups), overlaps(template_lesson, since, until))
        .order_by(template_lesson.c.id)
    )
    return [NamedTemplateLesson(TemplateLesson(*row[:-2]), *row[-2:]) for row in await connection.execute(named)]


async def _diary(
    connection: AsyncConnection, groups: Collection[int], *, since: date, until: date
) -> list[NamedLesson]:
    named = (
        select(*columns(lesson, Lesson), subject.c.name)
        .join(subject, subject.c.id == lesson.c.subject_id)
        .where(lesson.c.group_id.in_(groups), lesson.c.held_on.between(since, until))
        .order_by(lesson.c.id)
    )
    return [NamedLesson(Lesson(*fields), name) for *fields, name in await connection.execute(named)]


async def holidays(connection: AsyncConnection, *, since: date, until: date) -> list[Holiday]:
    touching = selected(holiday, Holiday).where(holiday.c.starts_on <= until, holiday.c.ends_on >= since)
    return await fetch(connection, Holiday, touching.order_by(holiday.c.starts_on, holiday.c.id))


async def bells(connection: AsyncConnection) -> list[Bell]:
    return await fetch(connection, Bell, selected(bell, Bell).order_by(bell.c.variant, bell.c.number))


async def _bell_choices(
    connection: AsyncConnection, groups: Collection[int], *, since: date, until: date
) -> list[BellChoice]:
    counting = and_(
        or_(bell_choice.c.group_id.is_(None), bell_choice.c.group_id.in_(groups)),
        or_(bell_choice.c.on.is_(None), bell_choice.c.on.between(since, until)),
    )
    return await fetch(connection, BellChoice, selected(bell_choice, BellChoice).where(counting))
