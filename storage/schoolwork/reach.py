"""Conditions on schoolwork: which students it is for, and what a scope opens or may change."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select

from core.rules.access import OwnGroups, Scope
from storage.access.scopes import (
    scope_opens_group,
    scope_opens_student,
    scope_reader_parameter,
    scope_student_has_left,
    scope_teaches_subject,
)
from storage.schema.year import enrolment, teaching_group

place = enrolment.alias("place")
"""A student's place in the group of the row; an alias, since a scope uses `enrolment` itself."""


def schoolwork_reaches_student(scope: Scope) -> ColumnElement[bool]:
    """Whether a `place` is that of the student in the parameter `student_id`, and the scope opens it."""
    return and_(place.c.student_id == bindparam("student_id"), scope_opens_student(scope, place.c.student_id))


def schoolwork_reaches_place(group_id: ColumnElement[int], on: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a `place` is in this group on the date, and its student is still at the school."""
    return and_(
        place.c.group_id == group_id,
        or_(place.c.starts_on.is_(None), place.c.starts_on <= on),
        or_(place.c.ends_on.is_(None), place.c.ends_on >= on),
        ~scope_student_has_left(on, place.c.student_id),
    )


def schoolwork_reaches_group(scope: Scope, group_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a scope opens the group with this id."""
    return group_id.in_(select(teaching_group.c.id).where(scope_opens_group(scope)))


def scope_changes_reached_schoolwork(
    scope: Scope, work: Table[Any], author: ColumnElement[int | None]
) -> ColumnElement[bool]:
    """Whether a scope teaches the subject of a row to its group, or is its author (a substitute may be)."""
    groups = select(teaching_group.c.id).where(scope_teaches_subject(scope, work.c.subject_id, lesson_on=None))
    taught = work.c.group_id.in_(groups)
    return or_(taught, author == scope_reader_parameter(scope)) if isinstance(scope, OwnGroups) else taught
