"""Who runs a nightly job: each is done once for a night, by one process at a time, and a killed one is taken over.

A night counts as done when the job has ended well, not when it has begun. So a job that failed, or whose process was
killed, runs again. Its effects do not double: each job claims what it tells in the transaction that tells it.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import Enum, auto

from core.actions.delivery.lease import LeaseWatch
from core.actions.delivery.worker import Worker
from core.model.delivery.job_runs import JobRunState, JobStep
from core.ports import UnitOfWork
from core.rules.delivery import nights
from core.rules.delivery.timing import Policy


class Turn(Enum):
    """Whose turn a night's job is."""

    OURS = auto()
    ANOTHERS = auto()
    DONE = auto()


async def is_job_run_done(uow: UnitOfWork, job: str, on: date) -> bool:
    """Whether a job has ended well for a night."""
    return any(run.job == job and run.on == on and run.done_at for run in await uow.leases.job_runs(since=on))


async def take_job_run(
    uow: UnitOfWork, worker: Worker, job: str, on: date, watch: LeaseWatch, *, now: datetime, ticks: float
) -> Turn:
    """Takes a job for a night unless it is done or another process has it; commits where it is ours.

    A holder whose counter stood still for one term is dead, and its job is taken over. Whether the job is done is read
    under the lease: another process notes it before it gives the lease back.
    """
    held = await uow.leases.held(_job_lease(job))
    if held is not None and not watch.stood_still(held, ticks=ticks, term=worker.ttl):
        return Turn.DONE if await is_job_run_done(uow, job, on) else Turn.ANOTHERS
    if not await uow.leases.take(_job_lease(job), worker.holder, seen=held):
        return Turn.ANOTHERS
    if await is_job_run_done(uow, job, on):
        return Turn.DONE
    await uow.leases.note_job(job, on, JobStep.BEGUN, at=now)
    await uow.commit()
    return Turn.OURS


async def keep_job_run(uow: UnitOfWork, worker: Worker, job: str) -> bool:
    """Raises the counter of a job's lease; False if another process has taken the job over. Commits."""
    is_ours = await uow.leases.beat(_job_lease(job), worker.holder)
    await uow.commit()
    return is_ours


async def give_back_job_run(uow: UnitOfWork, worker: Worker, job: str) -> None:
    """Releases a job, done or not, so that the next start or another process need not wait for a term; commits."""
    await uow.leases.release(_job_lease(job), worker.holder)
    await uow.commit()


async def note_job_run(uow: UnitOfWork, job: str, on: date, step: JobStep, *, now: datetime) -> None:
    """Notes a step of a run; commits."""
    await uow.leases.note_job(job, on, step, at=now)
    await uow.commit()


async def load_job_run_states(
    uow: UnitOfWork, nightly: Collection[str], daily: Collection[str], *, now: datetime, policy: Policy
) -> Sequence[JobRunState]:
    """How these jobs stand, the nightly ones first."""
    runs = await uow.leases.job_runs(since=nights.latest_night(now, policy) - nights.REMEMBERED)
    return [
        nights.nightly_job_state(job, runs, is_nightly=job in nightly, now=now, policy=policy)
        for job in (*nightly, *daily)
    ]


def _job_lease(job: str) -> str:
    """The name of a job's lease."""
    return f"job {job}"
