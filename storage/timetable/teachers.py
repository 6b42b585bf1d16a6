"""Who teaches a student what, by the four ways of belonging (Q21)."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import null, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.people import Role
from core.model.timetable import Teaching
from core.rules.access import Scope
from storage.access.scopes import scope_role_in_force, scope_within_dates
from storage.database.rows import fetch_rows
from storage.schema.people import person, staff_role
from storage.schema.timetable import template_lesson
from storage.schema.year import subject, teaching_group
from storage.timetable.groups import timetable_groups_of_student
from storage.timetable.plan import TEACHER_ID


async def fetch_teachers_of_student(
    connection: AsyncConnection, student_id: int, scope: Scope, *, on: date
) -> list[Teaching]:
    """The class teacher first, then by subject. A teaching that is known in two ways counts once."""
    places = await timetable_groups_of_student(connection, student_id, scope, since=on, until=on)
    found = await fetch_rows(connection, Teaching, union(*_teachings([place.group.id for place in places], on)))
    return sorted(found, key=lambda teaching: (teaching.subject or "", teaching.teacher, teaching.group))


def _teachings(groups: Collection[int], on: date) -> Iterator[Any]:
    """Teachings of the groups: class teachers, then by staff list, by timetable, by the group's own teacher."""
    group = (teaching_group.c.kind, teaching_group.c.name)
    led = select(*group, null().label("subject"), person.c.name).select_from(teaching_group)
    taught = select(*group, subject.c.name, person.c.name).select_from(teaching_group)
    in_groups = teaching_group.c.id.in_(groups)
    of_staff = (staff_role, staff_role.c.group_id == teaching_group.c.id)
    is_bearer = person.c.id == staff_role.c.person_id
    by_staff_list = taught.join(*of_staff).join(subject, subject.c.id == staff_role.c.subject_id)
    by_template = taught.join(template_lesson, template_lesson.c.group_id == teaching_group.c.id)
    by_group = taught.join(subject, subject.c.id == teaching_group.c.subject_id)

    yield (
        led.join(*of_staff)
        .join(person, is_bearer)
        .where(in_groups, staff_role.c.role == Role.CLASS_TEACHER, scope_role_in_force(on))
    )
    yield by_staff_list.join(person, is_bearer).where(
        in_groups, staff_role.c.role == Role.TEACHER, scope_role_in_force(on)
    )
    yield (
        by_template.join(subject, subject.c.id == template_lesson.c.subject_id)
        .join(person, person.c.id == TEACHER_ID)
        .where(in_groups, scope_within_dates(on, template_lesson.c.starts_on, template_lesson.c.ends_on))
    )
    yield by_group.join(person, person.c.id == teaching_group.c.teacher_id).where(in_groups)
