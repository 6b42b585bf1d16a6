"""What the days of a student, a group or a teacher are made of, in few statements: a screen waits for them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.people import Role
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
    Teaching,
    TemplateLesson,
)
from core.model.year import GroupKind, Lesson, TeachingGroup
from core.rules import timetable
from core.rules.access import Scope
from storage.rows import columns, fetch, selected
from storage.schema.people import person, staff_role
from storage.schema.timetable import bell, bell_choice, holiday, lesson_change, template_lesson
from storage.schema.year import enrolment, lesson, subject, teaching_group
from storage.scopes import opens_group, opens_student, within

NOWHERE = Plan((), (), (), (), (), (), ())

TEACHER = func.coalesce(template_lesson.c.teacher_id, teaching_group.c.teacher_id)
"""Who gives a lesson of the template: the row's own teacher, else the group's."""


async def places_of_student(
    connection: AsyncConnection, student_id: int, scope: Scope, *, since: date, until: date
) -> list[Place]:
    own = enrolment.alias()
    places = (
        select(*columns(teaching_group, TeachingGroup), own.c.starts_on, own.c.ends_on)
        .join(own, own.c.group_id == teaching_group.c.id)
        .where(own.c.student_id == student_id, opens_student(scope, own.c.student_id))
        .where(_overlaps(own, since, until))
        .order_by(teaching_group.c.id, own.c.id)
    )
    rows = await connection.execute(places)
    return [Place(TeachingGroup(*group), starts_on, ends_on) for *group, starts_on, ends_on in rows]


async def places_of_group(
    connection: AsyncConnection, group_id: int, scope: Scope, *, since: date, until: date
) -> list[Place]:
    """The group and, of a class, the groups that its students are in besides."""
    ours, theirs = enrolment.alias(), enrolment.alias()
    opened = select(teaching_group.c.id).where(teaching_group.c.id == group_id, opens_group(scope))
    besides = (
        select(theirs.c.group_id)
        .join(ours, ours.c.student_id == theirs.c.student_id)
        .where(ours.c.group_id.in_(opened.where(teaching_group.c.kind == GroupKind.CLASS)))
        .where(_overlaps(ours, since, until), _overlaps(theirs, since, until))
    )
    besides_class = and_(teaching_group.c.kind != GroupKind.CLASS, teaching_group.c.id.in_(besides))
    return await _places(connection, or_(teaching_group.c.id.in_(opened), besides_class))


async def places_of_teacher(connection: AsyncConnection, person_id: int, *, since: date, until: date) -> list[Place]:
    by_template = select(template_lesson.c.group_id).where(
        template_lesson.c.teacher_id == person_id, _overlaps(template_lesson, since, until)
    )
    by_change = select(lesson_change.c.group_id).where(
        lesson_change.c.new_teacher_id == person_id, lesson_change.c.withdrawn_at.is_(None), _touches(since, until)
    )
    taught = or_(
        teaching_group.c.teacher_id == person_id,
        teaching_group.c.id.in_(by_template),
        teaching_group.c.id.in_(by_change),
    )
    return await _places(connection, taught)


async def _places(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Place]:
    groups = selected(teaching_group, TeachingGroup).where(condition).order_by(teaching_group.c.id)
    return [Place(group) for group in await fetch(connection, TeachingGroup, groups)]


async def read(connection: AsyncConnection, places: Sequence[Place], *, since: date, until: date) -> Plan:
    """The plan of these groups: whoever asks has come to them through a scope."""
    if not places:
        return NOWHERE
    groups = sorted({place.group.id for place in places})
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
    """In force and touching the dates, with those that touch the dates from which lessons were moved here."""
    in_force = and_(lesson_change.c.group_id.in_(groups), lesson_change.c.withdrawn_at.is_(None))
    origins = select(lesson_change.c.on).where(in_force, lesson_change.c.new_on.between(since, until))
    moved = or_(_touches(since, until), lesson_change.c.on.in_(origins), lesson_change.c.new_on.in_(origins))
    new_subject = subject.alias()
    named = (
        select(*columns(lesson_change, LessonChange), subject.c.name, new_subject.c.name, person.c.name)
        .join(subject, subject.c.id == lesson_change.c.subject_id)
        .outerjoin(new_subject, new_subject.c.id == lesson_change.c.new_subject_id)
        .outerjoin(person, person.c.id == lesson_change.c.new_teacher_id)
        .where(in_force, moved)
        .order_by(lesson_change.c.made_at, lesson_change.c.id)
    )
    return [NamedLessonChange(LessonChange(*row[:-3]), *row[-3:]) for row in await connection.execute(named)]


async def _template(
    connection: AsyncConnection, groups: Collection[int], *, since: date, until: date
) -> list[NamedTemplateLesson]:
    fields = [TEACHER if each.name == "teacher_id" else each for each in columns(template_lesson, TemplateLesson)]
    named = (
        select(*fields, subject.c.name, person.c.name)
        .join(subject, subject.c.id == template_lesson.c.subject_id)
        .join(teaching_group, teaching_group.c.id == template_lesson.c.group_id)
        .outerjoin(person, person.c.id == TEACHER)
        .where(template_lesson.c.group_id.in_(groups), _overlaps(template_lesson, since, until))
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


async def teachings(connection: AsyncConnection, student_id: int, scope: Scope, *, on: date) -> list[Teaching]:
    places = await places_of_student(connection, student_id, scope, since=on, until=on)
    groups = [place.group.id for place in places]
    if not groups:
        return []
    by_template = (
        select(teaching_group.c.kind, teaching_group.c.name, subject.c.name, person.c.name)
        .join(template_lesson, template_lesson.c.group_id == teaching_group.c.id)
        .join(subject, subject.c.id == template_lesson.c.subject_id)
        .join(person, person.c.id == TEACHER)
        .where(teaching_group.c.id.in_(groups), within(on, template_lesson.c.starts_on, template_lesson.c.ends_on))
    )
    by_group = (
        select(teaching_group.c.kind, teaching_group.c.name, subject.c.name, person.c.name)
        .join(subject, subject.c.id == teaching_group.c.subject_id)
        .join(person, person.c.id == teaching_group.c.teacher_id)
        .where(teaching_group.c.id.in_(groups))
    )
    class_teachers = (
        select(teaching_group.c.kind, teaching_group.c.name, null(), person.c.name)
        .join(staff_role, staff_role.c.group_id == teaching_group.c.id)
        .join(person, person.c.id == staff_role.c.person_id)
        .where(teaching_group.c.id.in_(groups), staff_role.c.role == Role.CLASS_TEACHER)
    )
    found: list[Any] = []
    for statement in (class_teachers, by_template, by_group):
        found += await connection.execute(statement)
    return sorted({Teaching(*row) for row in found}, key=lambda each: (each.subject or "", each.teacher, each.group))


def _overlaps(dated: Any, since: date, until: date) -> ColumnElement[bool]:
    """Whether a row with `starts_on` and `ends_on` has a day in common with the dates."""
    return and_(
        or_(dated.c.starts_on.is_(None), dated.c.starts_on <= until),
        or_(dated.c.ends_on.is_(None), dated.c.ends_on >= since),
    )


def _touches(since: date, until: date) -> ColumnElement[bool]:
    return or_(lesson_change.c.on.between(since, until), lesson_change.c.new_on.between(since, until))
