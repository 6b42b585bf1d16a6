"""Families of groups, and who teaches, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select

from core.model.people import Household, Person, Role
from core.rules.access import Scope
from storage.access.scopes import scope_is_staff, scope_opens_student, scope_represents_student, scope_within_dates
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_chunks, select_rows
from storage.schema.people import guardianship, person, staff_role, student
from storage.schema.timetable import template_lesson
from storage.schema.year import enrolment, teaching_group

_TEACHING = (Role.TEACHER, Role.CLASS_TEACHER)


class SqlHouseholds(Repository):
    async def households(self, group_ids: Collection[int], scope: Scope, *, on: date) -> Sequence[Household]:
        places = (
            select(enrolment.c.student_id, person.c.name, enrolment.c.group_id)
            .join(student, student.c.id == enrolment.c.student_id)
            .join(person, person.c.id == student.c.id)
            .where(
                enrolment.c.group_id.in_(group_ids), scope_within_dates(on, enrolment.c.starts_on, enrolment.c.ends_on)
            )
            .where(or_(student.c.leaves_on.is_(None), student.c.leaves_on >= on))
            .where(scope_opens_student(scope, student.c.id))
        )
        names: dict[int, str] = {}
        groups: dict[int, frozenset[int]] = defaultdict(frozenset)
        for student_id, name, group_id in await self._connection.execute(places):
            names[student_id] = name
            groups[student_id] |= {group_id}
        families = await self._families(names, on)
        return [
            Household(id_, name, groups[id_], families[id_] | {id_: name})
            for id_, name in sorted(names.items(), key=lambda item: (item[1], item[0]))
        ]

    async def _families(self, student_ids: Collection[int], on: date) -> Mapping[int, dict[int, str]]:
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for ids in row_chunks(student_ids):
            guardians = (
                select(guardianship.c.student_id, person.c.id, person.c.name)
                .join(person, person.c.id == guardianship.c.guardian_id)
                .where(guardianship.c.student_id.in_(ids), scope_represents_student(on))
            )
            for student_id, person_id, name in await self._connection.execute(guardians):
                found[student_id][person_id] = name
        return found

    async def teachers(self, *, on: date | None = None) -> Sequence[Person]:
        by_role = select(staff_role.c.person_id).where(staff_role.c.role.in_(_TEACHING))
        by_group = select(teaching_group.c.teacher_id)
        by_template = select(template_lesson.c.teacher_id)
        teaches = or_(*(person.c.id.in_(each) for each in (by_role, by_group, by_template)))
        staff = select_rows(person, Person).where(teaches)
        if on is not None:
            staff = staff.where(scope_is_staff(person.c.id, on))
        return await fetch_rows(self._connection, Person, staff.order_by(person.c.name, person.c.id))
