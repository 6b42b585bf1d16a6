"""Runs a periodic job and notes how it went; a nightly job is done once for each night, by one process at a time."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from bot.run.supervision import sleep_under_supervision, supervise_part
from core.actions import job_runs
from core.actions.delivery.lease import LeaseWatch
from core.actions.delivery.worker import Worker
from core.actions.job_runs import Turn
from core.errors import StorageError
from core.model.delivery.job_runs import JobStep
from core.rules.delivery import timing
from core.rules.delivery.nights import latest_night

if TYPE_CHECKING:
    from bot.app import App

Job = Callable[["App"], Awaitable[None]]

LOOKS_A_TERM = 4
"""How often in a term of the lease its holder raises the counter and another process looks at it."""


async def run_job_at_start(app: "App", name: str, job: Job, *, stopping: asyncio.Event) -> None:
    """Run a nightly job at a start, whether or not its night was done before."""
    on = latest_night(app.clock(), app.policy)
    await supervise_part(name, partial(_run_noted, app, name, on, job), stopping=stopping)


async def run_job_each_night(app: "App", name: str, job: Job, *, stopping: asyncio.Event) -> None:
    """Run a job until it is done for the latest night; where it was done before, a restart does not repeat it.

    A night that was missed is made up for at the next start. While another process runs the job this one stands by,
    and takes over where that process dies.
    """
    on = latest_night(app.clock(), app.policy)
    worker = replace(app.worker_identity, holder=f"{app.worker_identity.holder}:{secrets.token_hex(4)}")
    watch = LeaseWatch()
    while not stopping.is_set():
        turn = await _take_turn(app, worker, name, on, watch)
        if turn is Turn.DONE:
            return
        if turn is Turn.OURS:
            async with _kept(app, worker, name):
                await supervise_part(name, partial(_run_noted, app, name, on, job), stopping=stopping)
            return
        await sleep_under_supervision(worker.ttl.total_seconds() / LOOKS_A_TERM, stopping)


async def run_job_today(app: "App", name: str, job: Job) -> None:
    """Run a job of the day and note it under the local date."""
    await _run_noted(app, name, timing.local_date_of_time(app.clock(), app.policy), job)


async def _run_noted(app: "App", name: str, on: date, job: Job) -> None:
    """Run a job once and note that it ended well or failed; raises what the job raises."""
    try:
        await job(app)
    except Exception:
        with suppress(StorageError):  # the database may be what failed
            await _note(app, name, on, JobStep.FAILED)
        raise
    await _note(app, name, on, JobStep.DONE)


async def _note(app: "App", name: str, on: date, step: JobStep) -> None:
    async with app.open_uow() as uow:
        await job_runs.note_job_run(uow, name, on, step, now=app.clock())


async def _take_turn(app: "App", worker: Worker, name: str, on: date, watch: LeaseWatch) -> Turn:
    """Look first without the write lock, since most looks find the job done."""
    async with app.open_uow(reading=True) as uow:
        if await job_runs.is_job_run_done(uow, name, on):
            return Turn.DONE
    async with app.open_uow() as uow:
        return await job_runs.take_job_run(uow, worker, name, on, watch, now=app.clock(), ticks=app.ticks())


@asynccontextmanager
async def _kept(app: "App", worker: Worker, name: str) -> AsyncIterator[None]:
    """Keep a job's lease while the block runs, and give it back at its end."""
    keeping = asyncio.create_task(_keep(app, worker, name))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        with suppress(StorageError):  # it stands still then, and is taken over after a term
            async with app.open_uow() as uow:
                await job_runs.give_back_job_run(uow, worker, name)


async def _keep(app: "App", worker: Worker, name: str) -> None:
    is_ours = True
    while is_ours:
        await asyncio.sleep(worker.ttl.total_seconds() / LOOKS_A_TERM)
        with suppress(StorageError):
            async with app.open_uow() as uow:
                is_ours = await job_runs.keep_job_run(uow, worker, name)
