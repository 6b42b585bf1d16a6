"""The lease and the periodic runs in SQL: each decision is made by one atomic statement."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import add_missing
from storage.schema.ledger import lease, periodic_run
from storage.types import SQLITE

TAKE = (
    update(lease)
    .where(lease.c.name == bindparam("of_name"))
    .where((lease.c.holder == bindparam("by")) | (lease.c.expires_at <= bindparam("now")))
    .values(holder=bindparam("by"), expires_at=bindparam("until"))
)
"""Renews one's own, or takes one that has run out."""


HOLD = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("of_name"))))
"""Waits for the transaction that holds the name, and holds it to one's own end."""


class Leases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, name: str, holder: str, *, now: datetime, ttl: timedelta) -> bool:
        asked = {"of_name": name, "by": holder, "now": now, "until": now + ttl}
        if (await self._connection.execute(TAKE, asked)).rowcount:
            return True
        new = {"name": name, "holder": holder, "expires_at": now + ttl}
        return await add_missing(self._connection, lease, new)

    async def hold(self, name: str) -> None:
        """SQLite's only writer holds everything from its first statement on; PostgreSQL lets many write at once."""
        is_sqlite = self._connection.dialect.name == SQLITE
        await self._connection.execute(select(1) if is_sqlite else HOLD, None if is_sqlite else {"of_name": name})

    async def release(self, name: str, holder: str) -> None:
        await self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))

    async def claim_run(self, job: str, on: date) -> bool:
        return await add_missing(self._connection, periodic_run, {"job": job, "on": on})
