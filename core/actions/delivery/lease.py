"""The right to send, which one worker has at a time: its holder counts heartbeats, a standby watches the count.

No wall clock is asked, since it may be put forward or back: what counts is whether the number moved.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.delivery import evidence
from core.actions.delivery.worker import Worker
from core.errors import LeaseLostError
from core.model.delivery.deliveries import Lease
from core.ports import UnitOfWork
from core.rules.delivery import outcomes

LEASE = "worker"


@dataclass(slots=True)
class Watch:
    """What a standby saw of another's lease, and when: seconds of its own monotonic clock."""

    seen: Lease | None = None
    since: float = 0.0
    looked_at: float = 0.0

    def stood_still(self, lease: Lease, *, ticks: float, term: timedelta) -> bool:
        """Whether the count has not moved for one term; look several times a term.

        Whoever has not looked for a term (it slept, or the database was away) has seen nothing and begins anew.
        """
        if lease != self.seen or ticks - self.looked_at >= term.total_seconds():
            self.seen, self.since = lease, ticks
        self.looked_at = ticks
        return ticks - self.since >= term.total_seconds()

    def forget(self) -> None:
        """The holder may have been unable to count, so what was seen proves nothing."""
        self.seen = None


async def keep(uow: UnitOfWork, worker: Worker) -> None:
    """Count one beat within the transaction that claims or settles, so that nobody sends without it; LeaseLostError."""
    if not await uow.leases.beat(LEASE, worker.holder):
        raise LeaseLostError


async def take(uow: UnitOfWork, worker: Worker, watch: Watch, *, now: datetime, ticks: float) -> bool:
    """Become the one worker, and put back what a dead one held in flight; False while another works. Commits.

    The dead one's clock may have gone ahead of ours.
    """
    held = await uow.leases.held(LEASE)
    is_anothers = held is not None and held.holder != worker.holder
    if held is not None and is_anothers and not watch.stood_still(held, ticks=ticks, term=worker.ttl):
        return False
    if not await uow.leases.take(LEASE, worker.holder, seen=held):
        return False
    left = await uow.outbox.in_flight()
    await uow.outbox.settle([outcomes.killed(attempt, at=now) for attempt in left], worker.closes)
    await evidence.begin_waits_anew(uow, now=now, policy=worker.policy)
    await uow.commit()
    return True


async def give_back(uow: UnitOfWork, worker: Worker) -> None:
    """Let the standby begin at once. The caller commits."""
    await uow.leases.release(LEASE, worker.holder)
