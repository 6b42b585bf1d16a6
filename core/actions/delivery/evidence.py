"""Missing evidence: starts the next agreed channel of an obligation that its channel did not prove."""

from collections import defaultdict
from datetime import datetime

from core.actions.delivery import fan_out
from core.actions.delivery.worker import Worker
from core.model.delivery.deliveries import Delivery
from core.model.delivery.states import Reason, Status
from core.ports import UnitOfWork
from core.rules.delivery import evidence


async def escalate_without_evidence(uow: UnitOfWork, *, worker: Worker, now: datetime, limit: int = 200) -> int:
    """Starts the next channel of obligations whose latest start has passed, or that have no delivery on its way (Q73).

    Returns how many obligations got one. A late delivery keeps its status, since its evidence may still come; one that
    has ended keeps its reason.
    """
    late: dict[tuple[Status, Reason], list[Delivery]] = defaultdict(list)
    for delivery in await uow.outbox.to_escalate(now=now, limit=limit):
        ended = delivery.reason if delivery.status in evidence.ENDS else None
        late[delivery.status, ended or Reason.EVIDENCE_MISSING].append(delivery)
    moved = 0
    for (status, reason), deliveries in sorted(late.items()):
        moves = await fan_out.replan_fan_out_deliveries(
            uow, deliveries, status=status, reason=reason, now=now, policy=worker.policy
        )
        moved += sum(1 for each in moves if each.following)
    return moved
