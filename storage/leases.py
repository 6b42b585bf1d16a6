"""The lease and the periodic runs in SQL: each decision is one atomic statement."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import add_missing, upsert
from storage.schema.ledger import lease, periodic_run


class Leases:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, name: str, holder: str, *, now: datetime, ttl: timedelta) -> bool:
        held = {"holder": holder, "expires_at": now + ttl}
        taken = upsert(self._connection, lease).values(name=name, **held)
        free = (lease.c.holder == holder) | (lease.c.expires_at <= now)
        result = await self._connection.execute(
            taken.on_conflict_do_update(index_elements=["name"], set_=held, where=free).returning(lease.c.name)
        )
        return result.first() is not None

    async def release(self, name: str, holder: str) -> None:
        await self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))

    async def claim_run(self, job: str, on: date) -> bool:
        return await add_missing(self._connection, periodic_run, {"job": job, "on": on})
