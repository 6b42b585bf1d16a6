"""The curriculum plan and the types of lessons in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, insert, or_, select

from core.model.timetable import LessonType, PlannedHours
from core.rules.access import Scope
from storage.access.scopes import scope_opens_group
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_chunks, select_rows
from storage.schema.timetable import lesson_type, planned_hours
from storage.schema.year import teaching_group

Row = dict[str, Any]
CHUNK = 200
"""Lessons in one statement: SQLite limits the depth of a condition."""


class SqlPlannedHours(Repository):
    async def put_planned_hours(self, year_id: int, class_id: int, hours: Sequence[PlannedHours]) -> int:
        held = select(planned_hours).where(planned_hours.c.year_id == year_id, planned_hours.c.class_id == class_id)
        return await self._replace(planned_hours, held, [_row_of(each) for each in hours])

    async def put_lesson_types(self, types: Sequence[LessonType]) -> int:
        changed = 0
        for some in row_chunks(types, CHUNK):
            held = select(lesson_type).where(or_(*map(_same_lesson, some)))
            changed += await self._replace(lesson_type, held, [_row_of(each) for each in some])
        return changed

    async def planned_hours(self, scope: Scope, *, year_id: int) -> Sequence[PlannedHours]:
        plan = select_rows(planned_hours, PlannedHours).join(
            teaching_group, teaching_group.c.id == planned_hours.c.class_id
        )
        opened = plan.where(planned_hours.c.year_id == year_id, scope_opens_group(scope)).order_by(planned_hours.c.id)
        return await fetch_rows(self._connection, PlannedHours, opened)

    async def lesson_types(
        self, scope: Scope, *, since: date, until: date, class_ids: Collection[int] | None = None
    ) -> Sequence[LessonType]:
        types = select_rows(lesson_type, LessonType).join(teaching_group, teaching_group.c.id == lesson_type.c.class_id)
        opened = types.where(lesson_type.c.on.between(since, until), scope_opens_group(scope)).order_by(
            lesson_type.c.id
        )
        if class_ids is not None:
            opened = opened.where(lesson_type.c.class_id.in_(class_ids))
        return await fetch_rows(self._connection, LessonType, opened)

    async def _replace(self, table: Table[Any], held: Select[Any], rows: Sequence[Mapping[str, Any]]) -> int:
        """Replaces the rows of a query by these; returns how many were deleted or inserted."""
        due = list(rows)
        gone = []
        for row in (await self._connection.execute(held)).mappings():
            same = {name: value for name, value in row.items() if name != "id"}
            if same in due:
                due.remove(same)
            else:
                gone.append(row["id"])
        await self._connection.execute(delete(table).where(table.c.id.in_(gone)))
        await self._insert(table, due)
        return len(gone) + len(due)

    async def _insert(self, table: Table[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self._connection.execute(insert(table), rows)


def _row_of(noun: PlannedHours | LessonType) -> Row:
    return {field.name: getattr(noun, field.name) for field in fields(noun) if field.name != "id"}


def _same_lesson(lesson: LessonType) -> ColumnElement[bool]:
    return and_(*(lesson_type.c[name] == getattr(lesson, name) for name in ("class_id", "on", "number", "subject_id")))
