"""What comes back for a sent message: delivery reports, bounces, a press of the button «Прочитано»."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.actions.delivery import fan_out
from core.actions.delivery.worker import Worker
from core.errors import NotFoundError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.fact_names import rejections_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, Status
from core.model.notices.staff import MessagesRejected
from core.model.people import SYSTEM, Actor, Role
from core.ports import UnitOfWork
from core.rules.delivery import evidence, timing
from core.rules.delivery.timing import Policy

MANY = 5
WITHIN = timedelta(hours=1)
"""A channel that rejects messages to so many contacts within an hour is out of order; one or two are chance."""


async def set_aside_by_receipt(
    uow: UnitOfWork, contact_id: int | None, reason: Reason, *, at: datetime, policy: Policy
) -> None:
    """Sets a refused contact aside and moves its pending deliveries to the next channel (Q84); None is paper."""
    if contact_id is None:
        return
    await uow.register.set_aside(contact_id, reason, at=at)
    await fan_out.replan_fan_out_contact(
        uow, contact_id=contact_id, reason=Reason.CONTACT_SET_ASIDE, now=at, policy=policy
    )


async def record_delivery_receipt(
    uow: UnitOfWork, key: str, receipt: Receipt, *, worker: Worker, now: datetime
) -> bool:
    """Records a delivery report or bounce; it raises the evidence and never lowers it (Q93).

    A bounce after acceptance starts the next channel; a bounce because of the address sets the contact aside. False for
    an unknown key, and if nothing changed.
    """
    attempt = await uow.outbox.attempt(key)
    if attempt is None or not await uow.outbox.record_receipt(attempt.id, receipt, worker.closes, at=now):
        return False
    await uow.audit.write(SYSTEM, f"receipt.{receipt.status}", at=now, attempt=attempt.id, reason=receipt.reason)
    if receipt.status in evidence.NOT_TAKEN:
        reason = receipt.reason or Reason.REJECTED
        bounced = await uow.outbox.sent_by({attempt.id})
        await fan_out.replan_fan_out_deliveries(
            uow, bounced, status=receipt.status, reason=reason, now=now, policy=worker.policy
        )
        if receipt.status is Status.REFUSED:
            await set_aside_by_receipt(uow, attempt.contact_id, reason, at=now, policy=worker.policy)
    await uow.commit()
    return True


async def record_read_receipt(
    uow: UnitOfWork, actor: Actor, attempt_id: int, *, closes: Mapping[str, Status], now: datetime
) -> bool:
    """Records that «Прочитано» was pressed: the strongest evidence that an electronic channel gives (Q72).

    NotFoundError unless the message went to this very person.
    """
    deliveries = await uow.outbox.sent_by({attempt_id})
    if not deliveries or any(delivery.person_id != actor.person_id for delivery in deliveries):
        raise NotFoundError
    raised = await uow.outbox.record_receipt(attempt_id, Receipt(Status.ACKNOWLEDGED), closes, at=now)
    await uow.audit.write(actor, "receipt.acknowledged", at=now, attempt=attempt_id)
    await uow.commit()
    return raised


async def warn_of_rejection_receipts(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Mapping[str, int]:
    """Warns each deputy head of a channel that rejects messages to many contacts, once an hour.

    The cause is then a spam filter or a wrong setting, not the families. Returns the number of contacts by channel.
    Commits.
    """
    since = now - WITHIN
    deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=timing.local_date_of_time(now, policy))
    warned: dict[str, int] = {}
    for channel, contacts in (await uow.outbox.rejections(since=since)).items():
        fact = rejections_fact_name(channel)
        if contacts < MANY or any(each.published_at > since for each in await uow.outbox.published_as(fact)):
            continue
        notice = MessagesRejected(channel, contacts, since.astimezone(policy.zone))
        alarms = [NewNotice(None, notice, fact, person_id) for person_id in deputies]
        await uow.outbox.add(alarms, received_at=now, published_at=now, due=now + policy.warn_before)
        warned[channel] = contacts
    await uow.commit()
    return warned
