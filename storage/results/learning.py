"""Students with their classes, and the subjects that they are taught in a term, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Executable, Integer, exists, func, literal, null, select

from core.model.people import Role
from core.model.results.learning import LearnedSubject, Pupil
from core.model.year import GroupKind
from core.rules.access import Scope
from core.rules.results.terms import is_numbered_term, term_key
from core.rules.year import grade_level_of_name
from storage.access.scopes import (
    scope_opens_student,
    scope_role_in_force,
    scope_student_has_left,
    scope_teaches_subject,
    scope_within_dates,
)
from storage.database.repository import Repository
from storage.database.rows import fetch_rows
from storage.schema.marks import entry
from storage.schema.people import person, staff_role
from storage.schema.results import period_mark
from storage.schema.timetable import planned_hours, template_lesson
from storage.schema.year import enrolment, school_year, teaching_group
from storage.timetable.groups import timetable_group_overlaps_dates

PLACE = enrolment.alias("place")
"""The rows of `enrolment` here: a scope's own conditions name the table itself."""

Present = tuple[Any, ...]
"""Conditions on a row of `PLACE`."""


class SqlResultsLearning(Repository):
    async def pupils(self, scope: Scope, *, on: date, group_id: int | None = None) -> Sequence[Pupil]:
        present = _present(scope, on, group_id)
        in_class = (
            select(person.c.id, person.c.name, teaching_group.c.id, teaching_group.c.name, teaching_group.c.grade_level)
            .join(PLACE, PLACE.c.student_id == person.c.id)
            .join(teaching_group, teaching_group.c.id == PLACE.c.group_id)
            .where(teaching_group.c.kind == GroupKind.CLASS, *present)
            .order_by(teaching_group.c.name, person.c.name, person.c.id)
        )
        places = select(PLACE.c.student_id, PLACE.c.group_id).where(*present)
        groups: dict[int, set[int]] = defaultdict(set)
        for student_id, place in await self._connection.execute(places):
            groups[student_id].add(place)
        pupils = await fetch_rows(self._connection, Pupil, in_class)
        return [
            replace(
                pupil,
                grade_level=pupil.grade_level or grade_level_of_name(pupil.school_class),
                group_ids=frozenset(groups[pupil.student_id]),
            )
            for pupil in pupils
        ]

    async def learned(
        self, scope: Scope, *, term: str, since: date, until: date, on: date, group_id: int | None = None
    ) -> Sequence[LearnedSubject]:
        """Who is known to teach comes first: the group's own teacher, the timetable's, the one of the staff list."""
        present = _present(scope, on, group_id)
        found: dict[tuple[int, int], int | None] = {}
        for statement in (
            _by_group(present),
            _by_timetable(present, since=since, until=until),
            _by_staff_list(present, on),
            _by_entries(present, since=since, until=until),
        ):
            for student_id, subject_id, teacher_id in await self._connection.execute(statement):
                if found.get((student_id, subject_id)) is None:
                    found[student_id, subject_id] = teacher_id
        for student_id, subject_id, of_term in await self._connection.execute(_by_plan(present, on)):
            if of_term is None or term_key(of_term) == term_key(term) or not is_numbered_term(term):
                found.setdefault((student_id, subject_id), None)
        await self._add_marked_subjects(found, present, term_key(term), on)
        return [LearnedSubject(*pair, teacher_id) for pair, teacher_id in found.items()]

    async def _add_marked_subjects(
        self, found: dict[tuple[int, int], int | None], present: Present, key: str, on: date
    ) -> None:
        """A subject that no list has for a class is the whole class's if one of it has a final mark in it."""
        members: dict[int, set[int]] = defaultdict(set)
        for student_id, class_id in await self._connection.execute(_class_places(present)):
            members[class_id].add(student_id)
        for class_id, subject_id, of_term in await self._connection.execute(_by_final_marks(present, on)):
            of_class = {(student_id, subject_id): None for student_id in members[class_id]}
            if term_key(of_term) == key and found.keys().isdisjoint(of_class):
                found |= of_class

    async def taught_students(
        self, student_ids: Collection[int], subject_id: int, scope: Scope, *, on: date
    ) -> frozenset[int]:
        taught = (
            select(PLACE.c.student_id)
            .join(teaching_group, teaching_group.c.id == PLACE.c.group_id)
            .where(
                PLACE.c.student_id.in_(student_ids),
                *_present(scope, on),
                scope_teaches_subject(scope, literal(subject_id, Integer), lesson_on=None),
            )
        )
        return frozenset(await self._connection.scalars(taught))


def _present(scope: Scope, on: date, group_id: int | None = None) -> Present:
    """A row of `PLACE` that holds on a date, of a student who has not left and whom the scope opens."""
    of_group = enrolment.alias("of_group")
    member = exists().where(
        of_group.c.student_id == PLACE.c.student_id,
        of_group.c.group_id == group_id,
        scope_within_dates(on, of_group.c.starts_on, of_group.c.ends_on),
    )
    return (
        scope_within_dates(on, PLACE.c.starts_on, PLACE.c.ends_on),
        ~scope_student_has_left(on, PLACE.c.student_id),
        scope_opens_student(scope, PLACE.c.student_id),
        *(() if group_id is None else (member.correlate_except(of_group),)),
    )


def _by_group(present: Present) -> Executable:
    return (
        select(PLACE.c.student_id, teaching_group.c.subject_id, teaching_group.c.teacher_id)
        .join(teaching_group, teaching_group.c.id == PLACE.c.group_id)
        .where(teaching_group.c.subject_id.is_not(None), *present)
        .order_by(PLACE.c.id)
    )


def _by_timetable(present: Present, *, since: date, until: date) -> Executable:
    teacher = func.coalesce(template_lesson.c.teacher_id, teaching_group.c.teacher_id)
    return (
        select(PLACE.c.student_id, template_lesson.c.subject_id, func.min(teacher))
        .join(template_lesson, template_lesson.c.group_id == PLACE.c.group_id)
        .join(teaching_group, teaching_group.c.id == PLACE.c.group_id)
        .where(timetable_group_overlaps_dates(template_lesson, since, until), *present)
        .group_by(PLACE.c.student_id, template_lesson.c.subject_id)
    )


def _by_staff_list(present: Present, on: date) -> Executable:
    return (
        select(PLACE.c.student_id, staff_role.c.subject_id, staff_role.c.person_id)
        .join(staff_role, staff_role.c.group_id == PLACE.c.group_id)
        .where(staff_role.c.role == Role.TEACHER, staff_role.c.subject_id.is_not(None), scope_role_in_force(on))
        .where(*present)
        .order_by(staff_role.c.id)
    )


def _by_plan(present: Present, on: date) -> Executable:
    """Planned hours of a whole class, or of a group of it; with the term that a row names."""
    return (
        select(PLACE.c.student_id, planned_hours.c.subject_id, planned_hours.c.term)
        .distinct()
        .join(planned_hours, func.coalesce(planned_hours.c.group_id, planned_hours.c.class_id) == PLACE.c.group_id)
        .join(school_year, school_year.c.id == planned_hours.c.year_id)
        .where(school_year.c.starts_on <= on, school_year.c.ends_on >= on, planned_hours.c.hours > 0, *present)
    )


def _by_entries(present: Present, *, since: date, until: date) -> Executable:
    here = exists().where(PLACE.c.student_id == entry.c.student_id, *present)
    return (
        select(entry.c.student_id, entry.c.subject_id, null())
        .distinct()
        .where(entry.c.on.between(since, until), entry.c.withdrawn_at.is_(None), here.correlate_except(PLACE))
    )


def _class_places(present: Present) -> Executable:
    return (
        select(PLACE.c.student_id, PLACE.c.group_id)
        .join(teaching_group, teaching_group.c.id == PLACE.c.group_id)
        .where(teaching_group.c.kind == GroupKind.CLASS, *present)
    )


def _by_final_marks(present: Present, on: date) -> Executable:
    """The subjects and terms in which somebody of a class has a final mark this year."""
    return (
        select(PLACE.c.group_id, period_mark.c.subject_id, period_mark.c.term)
        .distinct()
        .join(teaching_group, teaching_group.c.id == PLACE.c.group_id)
        .join(period_mark, period_mark.c.student_id == PLACE.c.student_id)
        .join(school_year, school_year.c.id == period_mark.c.year_id)
        .where(school_year.c.starts_on <= on, school_year.c.ends_on >= on, period_mark.c.value.is_not(None))
        .where(teaching_group.c.kind == GroupKind.CLASS, *present)
    )
