"""Missing evidence: starts the next channel, expires stale news, restarts waits after a clock change."""

from collections import defaultdict
from datetime import datetime, timedelta

from core.actions.delivery import fan_out
from core.actions.delivery.worker import Worker
from core.model.delivery.deliveries import Delivery
from core.model.delivery.states import Reason, Status
from core.ports import UnitOfWork
from core.rules.delivery import evidence, timing
from core.rules.delivery.timing import Policy

_SKEW = timedelta(minutes=1)
"""The clocks of two machines may differ this much."""


async def escalate(uow: UnitOfWork, *, worker: Worker, now: datetime, limit: int = 200) -> int:
    """Starts the next channel of obligations whose latest start has passed, or that have no delivery on its way (Q73).

    Returns how many obligations got one. A late delivery keeps its status, since its evidence may still come; one that
    has ended keeps its reason.
    """
    stuck = await uow.outbox.to_escalate(now=now, limit=limit)
    newest = [row.deliveries[-1] for row in stuck if row.deliveries]
    late: dict[tuple[Status, Reason], list[Delivery]] = defaultdict(list)
    for each in newest:
        ended = each.reason if each.status in evidence.ENDS else None
        late[each.status, ended or Reason.EVIDENCE_MISSING].append(each)
    moved = 0
    for (status, reason), deliveries in sorted(late.items()):
        moves = await fan_out.start_next_channels(
            uow, deliveries, status=status, reason=reason, now=now, policy=worker.policy
        )
        moved += sum(1 for each in moves if each.following)
    return moved


async def expire_obligations(uow: UnitOfWork, *, now: datetime, limit: int = 500) -> int:
    """Ends obligations whose news is stale by now, on all channels; returns how many (Q123).

    One with a message in flight stays open: the message was sent in time.
    """
    return await uow.outbox.expire(now=now, limit=limit)


async def restart_waits(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """After the clock was put back, restarts the waits of deliveries that were planned in the future (R6).

    `due` and the latest starts that follow from it never move. Returns how many deliveries. The caller commits.
    """
    ahead = await uow.outbox.planned_after(now + _SKEW)
    anew = {each.id: timing.restarted_wait(each.not_before, each.updated_at, now=now, policy=policy) for each in ahead}
    await uow.outbox.postpone(anew, now=now)
    await uow.outbox.revisit_ended(now=now)
    return len(ahead)
