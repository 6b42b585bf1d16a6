"""The lease: only its holder may send. The holder raises a counter, a standby watches it.

No wall clock is used, since it may jump; what counts is whether the counter moved.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.delivery import sending
from core.actions.delivery.worker import Worker
from core.errors import LeaseLostError
from core.model.delivery.deliveries import Lease
from core.ports import UnitOfWork
from core.rules.delivery import outcomes

LEASE = "worker"


@dataclass(slots=True)
class LeaseWatch:
    """What a standby last saw of another worker's lease, and when, in seconds of its own monotonic clock."""

    seen: Lease | None = None
    since: float = 0.0
    looked_at: float = 0.0

    def stood_still(self, lease: Lease, *, ticks: float, term: timedelta) -> bool:
        """True if the counter has not moved for one term; call it several times a term.

        After a term without a call (the process slept, or the database was away) the watch starts again.
        """
        if lease != self.seen or ticks - self.looked_at >= term.total_seconds():
            self.seen, self.since = lease, ticks
        self.looked_at = ticks
        return ticks - self.since >= term.total_seconds()

    def forget(self) -> None:
        """Starts the watch again: the holder may have been unable to raise the counter."""
        self.seen = None


async def keep_worker_lease(uow: UnitOfWork, worker: Worker) -> None:
    """Raises the counter in the transaction that claims or settles; LeaseLostError if another worker has the lease."""
    if not await uow.leases.beat(LEASE, worker.holder):
        raise LeaseLostError


async def take_worker_lease(uow: UnitOfWork, worker: Worker, watch: LeaseWatch, *, now: datetime, ticks: float) -> bool:
    """Takes the lease and puts back what a dead worker had in flight; False while another worker lives. Commits.

    Waits are restarted too, since the dead worker's clock may have been ahead of ours.
    """
    held = await uow.leases.held(LEASE)
    is_anothers = held is not None and held.holder != worker.holder
    if held is not None and is_anothers and not watch.stood_still(held, ticks=ticks, term=worker.ttl):
        return False
    if not await uow.leases.take(LEASE, worker.holder, seen=held):
        return False
    left = await uow.outbox.in_flight()
    await uow.outbox.settle([outcomes.killed_delivery_outcome(attempt, at=now) for attempt in left], worker.closes)
    await sending.restart_sending_waits(uow, now=now, policy=worker.policy)
    await uow.commit()
    return True


async def release_worker_lease(uow: UnitOfWork, worker: Worker) -> None:
    """Releases the lease, so that the standby can start at once. The caller commits."""
    await uow.leases.release(LEASE, worker.holder)
