"""The print queue asks once more before it prints (Q127)."""

from collections.abc import Sequence
from datetime import datetime

from core.actions.delivery import fan_out
from core.model.delivery.obligations import OwedPair
from core.model.delivery.states import Status
from core.model.paper import Extract
from core.ports import UnitOfWork
from core.rules.delivery.timing import Policy


async def printable(
    uow: UnitOfWork, extracts: Sequence[Extract], *, now: datetime, policy: Policy
) -> Sequence[Extract]:
    """Of these extracts those that their persons may still have: whose access ended or was barred gets no paper."""
    pairs = {OwedPair(each.person_id, each.student_id) for each in extracts}
    owed = await fan_out.families(uow, pairs, now=now, policy=policy)
    entitled = {OwedPair(each.person_id, each.student_id) for family in owed.values() for each in family}
    return [
        each
        for each in extracts
        if each.status is not Status.WITHDRAWN and OwedPair(each.person_id, each.student_id) in entitled
    ]
