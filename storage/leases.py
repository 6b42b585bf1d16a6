"""The lease and the periodic runs in SQL: each decision is made by one atomic statement."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import add_missing
from storage.schema.ledger import lease, periodic_run

TAKE = (
    update(lease)
    .where(lease.c.name == bindparam("of_name"))
    .where((lease.c.holder == bindparam("by")) | (lease.c.expires_at <= bindparam("now")))
    .values(holder=bindparam("by"), expires_at=bindparam("until"))
)
"""Renews one's own, or takes one that has run out."""


class Leases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, name: str, holder: str, *, now: datetime, ttl: timedelta) -> bool:
        asked = {"of_name": name, "by": holder, "now": now, "until": now + ttl}
        if (await self._connection.execute(TAKE, asked)).rowcount:
            return True
        new = {"name": name, "holder": holder, "expires_at": now + ttl}
        return await add_missing(self._connection, lease, new)

    async def release(self, name: str, holder: str) -> None:
        await self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))

    async def is_held(self, name: str, *, now: datetime) -> bool:
        running = select(lease.c.name).where(lease.c.name == name, lease.c.expires_at > now)
        return (await self._connection.execute(running)).first() is not None

    async def claim_run(self, job: str, on: date) -> bool:
        return await add_missing(self._connection, periodic_run, {"job": job, "on": on})
