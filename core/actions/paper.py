"""The print queue: it asks once more before it prints (Q127), and what became of an extract is evidence (Q34)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.actions.delivery import fan_out
from core.errors import WithdrawnPaperError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import OwedPair
from core.model.delivery.states import Status
from core.model.paper import Extract
from core.model.people import OFFICE, Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery.timing import Policy


async def printable_extracts(
    uow: UnitOfWork, extracts: Sequence[Extract], *, now: datetime, policy: Policy
) -> Sequence[Extract]:
    """Of these extracts those that their persons may still have: whose access ended or was barred gets no paper."""
    pairs = {OwedPair(each.person_id, each.student_id) for each in extracts}
    owed = await fan_out.entitled_recipients(uow, pairs, now=now, policy=policy)
    entitled = {OwedPair(each.person_id, each.student_id) for family in owed.values() for each in family}
    return [
        each
        for each in extracts
        if each.status is not Status.WITHDRAWN and OwedPair(each.person_id, each.student_id) in entitled
    ]


async def record_paper_status(
    uow: UnitOfWork, actor: Actor, number: str, status: Status, *, closes: Mapping[str, Status], now: datetime
) -> None:
    """An extract was printed, handed over or its slip came back signed (Q34): evidence like any other.

    WithdrawnPaperError for one that whom it is for may not have any more.
    """
    access.require_role(actor, *OFFICE)
    extract = await uow.paper.extract(number)
    if extract.status is Status.WITHDRAWN:
        raise WithdrawnPaperError
    await uow.paper.advance(number, status, at=now)
    attempt = await uow.outbox.attempt(extract.key)
    if attempt is not None:
        await uow.outbox.record_receipt(attempt.id, Receipt(status, number), closes, at=now)
    await uow.audit.write(actor, f"extract.{status}", at=now, extract=extract.id)
    await uow.commit()
