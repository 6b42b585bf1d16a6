"""Whose diary names a lesson or a homework: a student's diary speaks for that student (Q15)."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_

from storage.schema.imports import diary_statement
from storage.schema.timetable import lesson

own = diary_statement.alias("own_statement")
"""What the student's own diary says of a row, to be joined by `is_own_diary_sql`."""

_any, _covering, _covered = (
    diary_statement.alias("any_statement"),
    diary_statement.alias("day_statement"),
    lesson.alias("day_lesson"),
)


def is_own_diary_sql(row: Table[Any], student_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether `own` is what this student's diary says of a row of `lesson` or `homework`."""
    return and_(own.c[f"{row.name}_id"] == row.c.id, own.c.student_id == student_id)


def withdrawn_from_diary_sql(row: Table[Any]) -> ColumnElement[Any]:
    """When a row went for the student, by the own diary or for everybody."""
    return func.coalesce(own.c.gone_at, row.c.withdrawn_at)


def is_in_student_diary_sql(row: Table[Any], student_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a row is this student's: the own diary names it, no diary does, or the own one is silent on that day."""
    day = row.c.held_on if row is lesson else row.c.due_on
    named = exists().where(_any.c[f"{row.name}_id"] == row.c.id).correlate_except(_any)
    covered = (
        exists()
        .where(_covering.c.student_id == student_id, _covering.c.lesson_id == _covered.c.id)
        .where(_covered.c.group_id == row.c.group_id, _covered.c.held_on == day)
        .correlate_except(_covering, _covered)
    )
    return or_(own.c.id.is_not(None), ~named, ~covered)
