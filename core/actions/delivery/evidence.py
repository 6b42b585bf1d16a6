"""Where evidence is missing: the next channel starts, stale news ends, waits begin anew."""

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
"""So far may the clocks of two machines differ."""


async def escalate(uow: UnitOfWork, *, worker: Worker, now: datetime, limit: int = 200) -> int:
    """Start the next way where the latest start has passed without evidence or nothing is on its way (Q73).

    Returns how many obligations moved. The delivery that is late keeps its status: it may still close in time. One that
    has ended keeps the reason of its end.
    """
    stuck = await uow.outbox.to_escalate(now=now, limit=limit)
    newest = [row.deliveries[-1] for row in stuck if row.deliveries]
    late: dict[tuple[Status, Reason], list[Delivery]] = defaultdict(list)
    for each in newest:
        ended = each.reason if each.status in evidence.ENDS else None
        late[each.status, ended or Reason.EVIDENCE_MISSING].append(each)
    moved = 0
    for (status, reason), deliveries in sorted(late.items()):
        moves = await fan_out.take_over(uow, deliveries, status=status, reason=reason, now=now, policy=worker.policy)
        moved += sum(1 for each in moves if each.following)
    return moved


async def expire(uow: UnitOfWork, *, now: datetime, limit: int = 500) -> int:
    """End what would be stale news by now, on every way, with the reason; returns how many obligations (Q123).

    What is in flight is left to its end: it went in time.
    """
    return await uow.outbox.expire(now=now, limit=limit)


async def begin_waits_anew(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """The clock was put back: what was planned by it does not wait for the moment to come a second time (R6).

    `due` never moves, and no way's latest start that follows from it. Returns how many deliveries were planned in what
    is the future again. The caller commits.
    """
    ahead = await uow.outbox.planned_after(now + _SKEW)
    anew = {each.id: timing.begun_anew(each.not_before, each.updated_at, now=now, policy=policy) for each in ahead}
    await uow.outbox.postpone(anew, now=now)
    await uow.outbox.revisit_ended(now=now)
    return len(ahead)
