"""The worker's lease, and which periodic jobs have run. Each decision is one atomic statement."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, delete, func, select, update

from core.model.delivery.deliveries import Lease
from core.model.delivery.job_runs import JobRun, JobStep
from storage.database.repository import Repository
from storage.database.rows import add_missing_row, fetch_first_row, fetch_rows, select_rows, upsert_rows
from storage.database.types import SQLITE
from storage.schema.delivery import job_run, lease, periodic_run

BEAT = (
    update(lease)
    .where(lease.c.name == bindparam("of_name"), lease.c.holder == bindparam("by"))
    .values(beat=lease.c.beat + 1)
)
TAKE_OVER = (
    update(lease)
    .where(lease.c.name == bindparam("of_name"))
    .where(lease.c.holder == bindparam("seen_holder"), lease.c.beat == bindparam("seen_beat"))
    .values(holder=bindparam("by"), beat=lease.c.beat + 1)
)
"""Takes the lease if its counter is as seen; of two workers that saw the same counter only the first succeeds."""

HOLD = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("of_name"))))
"""PostgreSQL's lock by name: waits for the transaction that has it, then has it until this transaction ends."""


class SqlLeases(Repository):
    async def held(self, name: str) -> Lease | None:
        return await fetch_first_row(self._connection, Lease, select_rows(lease, Lease).where(lease.c.name == name))

    async def beat(self, name: str, holder: str) -> bool:
        return bool((await self._connection.execute(BEAT, {"of_name": name, "by": holder})).rowcount)

    async def take(self, name: str, holder: str, *, seen: Lease | None) -> bool:
        if seen is None:
            return await add_missing_row(self._connection, lease, {"name": name, "holder": holder, "beat": 1})
        values = {"of_name": name, "by": holder, "seen_holder": seen.holder, "seen_beat": seen.beat}
        return bool((await self._connection.execute(TAKE_OVER, values)).rowcount)

    async def hold(self, name: str) -> None:
        """On SQLite every writing transaction holds the one write lock; PostgreSQL needs a lock by name."""
        is_sqlite = self._connection.dialect.name == SQLITE
        await self._connection.execute(select(1) if is_sqlite else HOLD, None if is_sqlite else {"of_name": name})

    async def release(self, name: str, holder: str) -> None:
        await self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))

    async def has_run(self, job: str, on: date) -> bool:
        own = select(periodic_run.c.job).where(periodic_run.c.job == job, periodic_run.c.on == on)
        return (await self._connection.execute(own)).first() is not None

    async def claim_run(self, job: str, on: date) -> bool:
        return await add_missing_row(self._connection, periodic_run, {"job": job, "on": on})

    async def job_runs(self, *, since: date) -> Sequence[JobRun]:
        runs = select_rows(job_run, JobRun).where(job_run.c.on >= since).order_by(job_run.c.on, job_run.c.job)
        return await fetch_rows(self._connection, JobRun, runs)

    async def note_job(self, job: str, on: date, step: JobStep, *, at: datetime) -> None:
        new = upsert_rows(self._connection, job_run).values({"job": job, "on": on, step.value: at})
        await self._connection.execute(new.on_conflict_do_update(index_elements=["job", "on"], set_={step.value: at}))
