"""Students with their classes, and the subjects that they are taught in a term, in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Executable, Integer, exists, func, literal, null, select

from core.errors import NotFoundError
from core.model.people import Role
from core.model.results.learning import LearnedSubject, Pupil
from core.model.year import GroupKind
from core.rules.access import Scope
from storage.access.scopes import has_left, is_in_force, opens_student, teaches, within_dates
from storage.database.repository import Repository
from storage.database.rows import fetch
from storage.schema.marks import entry
from storage.schema.people import person, staff_role
from storage.schema.timetable import template_lesson
from storage.schema.year import enrolment, teaching_group
from storage.timetable.groups import overlaps_dates


class SqlLearning(Repository):
    async def pupils(self, scope: Scope, *, on: date) -> Sequence[Pupil]:
        in_class = (
            select(person.c.id, person.c.name, teaching_group.c.id, teaching_group.c.name, teaching_group.c.grade_level)
            .join(enrolment, enrolment.c.student_id == person.c.id)
            .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
            .where(teaching_group.c.kind == GroupKind.CLASS, *_present(scope, on))
            .order_by(teaching_group.c.name, person.c.name, person.c.id)
        )
        places = select(enrolment.c.student_id, enrolment.c.group_id).where(*_present(scope, on))
        groups: dict[int, set[int]] = defaultdict(set)
        for student_id, group_id in await self._connection.execute(places):
            groups[student_id].add(group_id)
        pupils = await fetch(self._connection, Pupil, in_class)
        return [replace(pupil, group_ids=frozenset(groups[pupil.student_id])) for pupil in pupils]

    async def learned(self, scope: Scope, *, since: date, until: date, on: date) -> Sequence[LearnedSubject]:
        """Who is known to teach comes first: the group's own teacher, the timetable's, the one of the staff list."""
        found: dict[tuple[int, int], int | None] = {}
        for statement in (
            _by_group(scope, on),
            _by_timetable(scope, since=since, until=until, on=on),
            _by_staff_list(scope, on),
            _by_entries(scope, since=since, until=until, on=on),
        ):
            for student_id, subject_id, teacher_id in await self._connection.execute(statement):
                if found.get((student_id, subject_id)) is None:
                    found[student_id, subject_id] = teacher_id
        return [LearnedSubject(*pair, teacher_id) for pair, teacher_id in found.items()]

    async def require_taught(self, student_id: int, subject_id: int, scope: Scope, *, on: date) -> None:
        taught = (
            select(literal(1))
            .select_from(enrolment.join(teaching_group, teaching_group.c.id == enrolment.c.group_id))
            .where(enrolment.c.student_id == student_id, *_present(scope, on))
            .where(teaches(scope, literal(subject_id, Integer), lesson_on=None))
        )
        if (await self._connection.execute(taught)).first() is None:
            raise NotFoundError


def _present(scope: Scope, on: date) -> tuple[Any, ...]:
    """A row of `enrolment` that holds on a date, of a student who has not left and whom the scope opens."""
    return (
        within_dates(on, enrolment.c.starts_on, enrolment.c.ends_on),
        ~has_left(on, enrolment.c.student_id),
        opens_student(scope, enrolment.c.student_id),
    )


def _by_group(scope: Scope, on: date) -> Executable:
    return (
        select(enrolment.c.student_id, teaching_group.c.subject_id, teaching_group.c.teacher_id)
        .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
        .where(teaching_group.c.subject_id.is_not(None), *_present(scope, on))
        .order_by(enrolment.c.id)
    )


def _by_timetable(scope: Scope, *, since: date, until: date, on: date) -> Executable:
    teacher = func.coalesce(template_lesson.c.teacher_id, teaching_group.c.teacher_id)
    return (
        select(enrolment.c.student_id, template_lesson.c.subject_id, func.min(teacher))
        .join(template_lesson, template_lesson.c.group_id == enrolment.c.group_id)
        .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
        .where(overlaps_dates(template_lesson, since, until), *_present(scope, on))
        .group_by(enrolment.c.student_id, template_lesson.c.subject_id)
    )


def _by_staff_list(scope: Scope, on: date) -> Executable:
    return (
        select(enrolment.c.student_id, staff_role.c.subject_id, staff_role.c.person_id)
        .join(staff_role, staff_role.c.group_id == enrolment.c.group_id)
        .where(staff_role.c.role == Role.TEACHER, staff_role.c.subject_id.is_not(None), is_in_force(on))
        .where(*_present(scope, on))
        .order_by(staff_role.c.id)
    )


def _by_entries(scope: Scope, *, since: date, until: date, on: date) -> Executable:
    here = exists().where(enrolment.c.student_id == entry.c.student_id, *_present(scope, on))
    return (
        select(entry.c.student_id, entry.c.subject_id, null())
        .distinct()
        .where(entry.c.on.between(since, until), entry.c.withdrawn_at.is_(None), here.correlate_except(enrolment))
    )
