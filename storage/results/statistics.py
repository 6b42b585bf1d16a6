"""Reads what results are counted from: places, courses and final marks of whole classes, each in one query."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select, union

from core.model.people import Role
from core.model.results.statistics import Course, FinalValue, StudentPlace
from core.model.year import GroupKind, TeachingGroup
from core.rules.access import Scope
from storage.access.cached_statements import cached_access_statement
from storage.access.scopes import scope_opens_group, scope_opens_student
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_chunks, row_columns
from storage.database.types import DayType
from storage.schema.people import person, staff_role, student
from storage.schema.results import period_mark
from storage.schema.timetable import template_lesson
from storage.schema.year import enrolment, subject, teaching_group
from storage.timetable.groups import timetable_group_overlaps_dates

SINCE, UNTIL = bindparam("since", type_=DayType()), bindparam("until", type_=DayType())
YEAR_ID: Any = bindparam("year_id")
OWN_PLACE = enrolment.alias("own_place")


class SqlResultStatistics(Repository):
    async def student_places(self, scope: Scope, *, since: date, until: date) -> Sequence[StudentPlace]:
        statement, asked = cached_access_statement(_places, scope)
        rows = await self._connection.execute(statement, {"since": since, "until": until, **asked})
        groups: dict[int, TeachingGroup] = {}
        return [
            StudentPlace(
                student_id,
                groups.setdefault(group[0], TeachingGroup(*group)),
                starts_on,
                min(filter(None, (ends_on, leaves_on)), default=None),
            )
            for student_id, starts_on, ends_on, leaves_on, *group in rows
        ]

    async def courses(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Course]:
        found: list[Course] = []
        for ids in row_chunks(sorted(group_ids)):
            found += await fetch_rows(self._connection, Course, _courses(ids, since, until))
        return found

    async def final_values(self, scope: Scope, *, year_id: int) -> Sequence[FinalValue]:
        statement, asked = cached_access_statement(_values, scope)
        return await fetch_rows(self._connection, FinalValue, statement, {"year_id": year_id, **asked})

    async def student_names(self, scope: Scope, student_ids: Collection[int]) -> Mapping[int, str]:
        named = select(person.c.id, person.c.name).where(scope_opens_student(scope, person.c.id))
        found: dict[int, str] = {}
        for ids in row_chunks(sorted(student_ids)):
            found |= dict([(*row,) for row in await self._connection.execute(named.where(person.c.id.in_(ids)))])
        return found


def _students_of_classes(scope: Scope) -> Select[Any]:
    """Whoever is or was in a class that the scope opens; the caller looks at the dates."""
    opened = select(teaching_group.c.id).where(teaching_group.c.kind == GroupKind.CLASS, scope_opens_group(scope))
    return select(OWN_PLACE.c.student_id).where(OWN_PLACE.c.group_id.in_(opened))


def _places(scope: Scope) -> Select[Any]:
    """Places in opened classes, and in other groups of their students."""
    is_opened = and_(teaching_group.c.kind == GroupKind.CLASS, scope_opens_group(scope))
    is_beside = and_(teaching_group.c.kind != GroupKind.CLASS, enrolment.c.student_id.in_(_students_of_classes(scope)))
    dates = enrolment.c.starts_on, enrolment.c.ends_on, student.c.leaves_on
    return (
        select(enrolment.c.student_id, *dates, *row_columns(teaching_group, TeachingGroup))
        .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
        .join(student, student.c.id == enrolment.c.student_id)
        .where(or_(is_opened, is_beside), timetable_group_overlaps_dates(enrolment, SINCE, UNTIL))
        .order_by(enrolment.c.id)
    )


def _values(scope: Scope) -> Select[Any]:
    return (
        select(*(period_mark.c[name] for name in FinalValue._fields))
        .join(subject, subject.c.id == period_mark.c.subject_id)
        .where(period_mark.c.year_id == YEAR_ID, period_mark.c.value.is_not(None), subject.c.joined_to.is_(None))
        .where(period_mark.c.student_id.in_(_students_of_classes(scope)))
    )


def _courses(group_ids: Collection[int], since: date, until: date) -> Any:
    """By the timetable, the staff list, and the group's own subject; each teacher once."""
    by_template = (
        select(
            template_lesson.c.group_id,
            template_lesson.c.subject_id,
            func.coalesce(template_lesson.c.teacher_id, teaching_group.c.teacher_id),
        )
        .join(teaching_group, teaching_group.c.id == template_lesson.c.group_id)
        .where(template_lesson.c.group_id.in_(group_ids), timetable_group_overlaps_dates(template_lesson, since, until))
    )
    by_staff_list = select(staff_role.c.group_id, staff_role.c.subject_id, staff_role.c.person_id).where(
        staff_role.c.group_id.in_(group_ids),
        staff_role.c.subject_id.is_not(None),
        staff_role.c.role == Role.TEACHER,
        timetable_group_overlaps_dates(staff_role, since, until),
    )
    by_group = select(teaching_group.c.id, teaching_group.c.subject_id, teaching_group.c.teacher_id).where(
        teaching_group.c.id.in_(group_ids), teaching_group.c.subject_id.is_not(None)
    )
    return union(by_template, by_staff_list, by_group)
