"""Who teaches a student what, by the four ways of belonging (Q21)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import null, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.people import Role
from core.model.timetable import Teaching
from core.rules.access import Scope
from storage.access.scopes import is_in_force, within_dates
from storage.database.rows import fetch
from storage.schema.people import person, staff_role
from storage.schema.timetable import template_lesson
from storage.schema.year import subject, teaching_group
from storage.timetable.groups import timetable_groups_of_student
from storage.timetable.plan import TEACHER_ID

GROUP = (teaching_group.c.kind, teaching_group.c.name)


async def teachers_of_student(
    connection: AsyncConnection, student_id: int, scope: Scope, *, on: date
) -> list[Teaching]:
    """The class teacher first, then by subject; the same teaching known in two ways counts once."""
    groups = [
        each.group.id for each in await timetable_groups_of_student(connection, student_id, scope, since=on, until=on)
    ]
    known = union(_class_teachers(groups, on), _by_template(groups, on), _by_group(groups), _by_role(groups, on))
    found = await fetch(connection, Teaching, known)
    return sorted(found, key=lambda each: (each.subject or "", each.teacher, each.group))


def _class_teachers(groups: Collection[int], on: date) -> Any:
    return (
        select(*GROUP, null().label("subject"), person.c.name)
        .join(staff_role, staff_role.c.group_id == teaching_group.c.id)
        .join(person, person.c.id == staff_role.c.person_id)
        .where(teaching_group.c.id.in_(groups), staff_role.c.role == Role.CLASS_TEACHER, is_in_force(on))
    )


def _by_template(groups: Collection[int], on: date) -> Any:
    return (
        select(*GROUP, subject.c.name, person.c.name)
        .join(template_lesson, template_lesson.c.group_id == teaching_group.c.id)
        .join(subject, subject.c.id == template_lesson.c.subject_id)
        .join(person, person.c.id == TEACHER_ID)
        .where(
            teaching_group.c.id.in_(groups), within_dates(on, template_lesson.c.starts_on, template_lesson.c.ends_on)
        )
    )


def _by_role(groups: Collection[int], on: date) -> Any:
    """Teachers whom the staff list names for a subject of the group."""
    return (
        select(*GROUP, subject.c.name, person.c.name)
        .join(staff_role, staff_role.c.group_id == teaching_group.c.id)
        .join(subject, subject.c.id == staff_role.c.subject_id)
        .join(person, person.c.id == staff_role.c.person_id)
        .where(teaching_group.c.id.in_(groups), staff_role.c.role == Role.TEACHER, is_in_force(on))
    )


def _by_group(groups: Collection[int]) -> Any:
    return (
        select(*GROUP, subject.c.name, person.c.name)
        .join(subject, subject.c.id == teaching_group.c.subject_id)
        .join(person, person.c.id == teaching_group.c.teacher_id)
        .where(teaching_group.c.id.in_(groups))
    )
