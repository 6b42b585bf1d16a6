"""Control works in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from core.model.schoolwork.control_works import ControlLesson, ControlWork, NewControlWork
from core.rules.access import Scope
from storage.access.cached_statements import cached_access_statement
from storage.access.scopes import scope_opens_group
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, fetch_rows, row_columns, select_rows
from storage.schema.schoolwork import control_work
from storage.schema.year import subject, teaching_group
from storage.schoolwork.reach import (
    place,
    schoolwork_reaches_group,
    schoolwork_reaches_place,
    schoolwork_reaches_student,
    scope_changes_reached_schoolwork,
)

BY_DATE = (control_work.c.on, control_work.c.number, subject.c.name, control_work.c.id)
PLANNED: Select[Any] = (
    select(*row_columns(control_work, ControlWork), subject.c.name)
    .join(subject, subject.c.id == control_work.c.subject_id)
    .where(control_work.c.withdrawn_at.is_(None))
    .order_by(*BY_DATE)
    .distinct()
)


def _own_works(scope: Scope) -> Select[Any]:
    own = PLANNED.join(place, schoolwork_reaches_place(control_work.c.group_id, control_work.c.on)).where(
        schoolwork_reaches_student(scope)
    )
    return own.where(control_work.c.on.between(bindparam("since"), bindparam("until")))


class SqlControlWorks(Repository):
    async def control_works(
        self, student_id: int, scope: Scope, *, since: date, until: date
    ) -> Sequence[tuple[ControlWork, str]]:
        own, asked = cached_access_statement(_own_works, scope)
        return await self._planned(own, {"student_id": student_id, "since": since, "until": until, **asked})

    async def control_works_of_groups(
        self, group_ids: Collection[int], scope: Scope, *, since: date, until: date
    ) -> Sequence[tuple[ControlWork, str]]:
        of_groups = PLANNED.where(
            control_work.c.group_id.in_(group_ids),
            schoolwork_reaches_group(scope, control_work.c.group_id),
            control_work.c.on.between(since, until),
        )
        return await self._planned(of_groups)

    async def control_works_for_students(self, on: date) -> Sequence[tuple[int, ControlWork, str]]:
        owed = (
            PLANNED.join(place, schoolwork_reaches_place(control_work.c.group_id, control_work.c.on))
            .add_columns(place.c.student_id)
            .where(control_work.c.on == on)
            .order_by(None)
            .order_by(place.c.student_id, *BY_DATE)
        )
        rows = await self._connection.execute(owed)
        return [(student_id, ControlWork(*fields), name) for *fields, name, student_id in rows]

    async def control_lessons(self, scope: Scope, *, since: date, until: date) -> Sequence[ControlLesson]:
        opened = (
            select_rows(control_work, ControlLesson)
            .join(teaching_group, teaching_group.c.id == control_work.c.group_id)
            .where(
                control_work.c.withdrawn_at.is_(None), control_work.c.on.between(since, until), scope_opens_group(scope)
            )
        )
        return await fetch_rows(self._connection, ControlLesson, opened)

    async def one_control_work(self, control_work_id: int, scope: Scope) -> ControlWork:
        opened = select_rows(control_work, ControlWork).where(
            control_work.c.id == control_work_id,
            control_work.c.withdrawn_at.is_(None),
            scope_changes_reached_schoolwork(scope, control_work, control_work.c.planned_by),
        )
        return await fetch_one_row(self._connection, ControlWork, opened)

    async def plan_control_work(self, new: NewControlWork, *, by: int | None, at: datetime) -> int:
        return await add_row(self._connection, control_work, asdict(new) | {"planned_by": by, "planned_at": at})

    async def withdraw_control_work(self, control_work_id: int, *, at: datetime) -> None:
        taken_back = update(control_work).where(control_work.c.id == control_work_id).values(withdrawn_at=at)
        await self._connection.execute(taken_back)

    async def _planned(
        self, statement: Select[Any], values: dict[str, Any] | None = None
    ) -> list[tuple[ControlWork, str]]:
        rows = await self._connection.execute(statement, values)
        return [(ControlWork(*fields), name) for *fields, name in rows]
