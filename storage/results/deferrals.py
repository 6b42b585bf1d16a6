"""Deferrals of final marks in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.errors import ConflictError
from core.model.results.deferrals import Deferral, DeferralEnd
from core.rules.access import Scope
from storage.access.scopes import scope_opens_student
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_rows, select_rows
from storage.schema.results import deferral


class SqlDeferrals(Repository):
    async def add(self, new: Deferral) -> int:
        values = asdict(new)
        del values["id"]
        try:
            return await add_row(self._connection, deferral, values)
        except IntegrityError:
            raise ConflictError from None

    async def end(self, deferral_id: int, *, at: datetime, by: int | None, ended_as: DeferralEnd) -> bool:
        is_open = (deferral.c.id == deferral_id) & deferral.c.ended_at.is_(None)
        ended = update(deferral).where(is_open).values(ended_at=at, ended_by=by, ended_as=ended_as)
        return (await self._connection.execute(ended)).rowcount == 1

    async def resume(self, deferral_id: int) -> None:
        again = {"ended_at": None, "ended_by": None, "ended_as": None}
        await self._connection.execute(update(deferral).where(deferral.c.id == deferral_id).values(again))

    async def deferrals(self, scope: Scope, *, year_id: int) -> Sequence[Deferral]:
        opened = scope_opens_student(scope, deferral.c.student_id) & (deferral.c.year_id == year_id)
        return await fetch_rows(
            self._connection, Deferral, select_rows(deferral, Deferral).where(opened).order_by(deferral.c.id)
        )
