"""Claiming, settling, escalating: how the worker moves deliveries, one short transaction each, never while sending."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.actions.delivery import fan_out
from core.errors import NotFoundError, WithdrawnPaperError
from core.model.audit import FIRST_EPOCH
from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery, Item, NewAttempt, Outcome, Parcel, Receipt
from core.model.delivery.recipients import Recipient, Route
from core.model.delivery.states import Reason, State, Status
from core.model.people import OFFICE, SYSTEM, Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import evidence, outcomes, planning, timing
from core.rules.delivery.timing import Policy

_SKEW = timedelta(minutes=1)
"""So far may the clocks of two machines differ."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Who sends: the holder of the lease, its term, and what evidence closes an obligation by channel."""

    holder: str
    ttl: timedelta
    policy: Policy
    closes: Mapping[str, Status]


async def claim(
    uow: UnitOfWork, channel: str, bundles: Sequence[str], *, worker: Worker, now: datetime
) -> Sequence[Parcel]:
    """Take bundles in flight on a channel, each as one message, after asking the gate once more (Q2, Q5).

    What the gate stops is ended with its reason and handed to the next agreed way. The caller commits.
    """
    items = await uow.outbox.pending(bundles, until=now + worker.policy.window)
    owed = await fan_out.families(uow, [item.delivery for item in items], now=now, policy=worker.policy)
    gate = {(r.person_id, r.student_id): r for recipients in owed.values() for r in recipients}
    by_reason: dict[Reason, list[Delivery]] = defaultdict(list)
    ready: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        reason = _stopped(gate, item)
        if reason is None:
            ready[item.delivery.bundle].append(item)
        else:
            by_reason[reason].append(item.delivery)
    for reason, stopped in by_reason.items():
        await fan_out.take_over(uow, stopped, status=Status.WITHDRAWN, reason=reason, now=now, policy=worker.policy)
    messages = [_together(waiting, worker.policy) for waiting in ready.values()]
    return await _in_flight(uow, channel, messages, gate, worker=worker, now=now)


def _together(items: Sequence[Item], policy: Policy) -> Sequence[Item]:
    """What goes as one message now: all of a bundle, or one that goes alone; the others stay for the next turn."""
    return next(([item] for item in items if outcomes.goes_alone(item.delivery, policy)), items)


_Gate = Mapping[tuple[int, int | None], Recipient]


def _stopped(gate: _Gate, item: Item) -> Reason | None:
    """Why this delivery may not go now: the gate, or late evidence from the way before it."""
    if item.state is State.CLOSED:
        return Reason.ALREADY_PROVED
    recipient = gate.get((item.delivery.person_id, item.delivery.student_id))
    if recipient is None:
        return Reason.NO_ACCESS
    route = _route(recipient, item.delivery)
    return Reason.CONTACT_REVOKED if route is None else planning.obstacle(recipient, route)


def _route(recipient: Recipient, delivery: Delivery) -> Route | None:
    if delivery.contact_id is None:
        return Route(PAPER, None, planning.paper_address(recipient), 0, None)
    return next((route for route in recipient.routes if route.contact_id == delivery.contact_id), None)


async def _in_flight(
    uow: UnitOfWork, channel: str, groups: Sequence[Sequence[Item]], gate: _Gate, *, worker: Worker, now: datetime
) -> Sequence[Parcel]:
    """Write the attempts and hand out the parcels."""
    if not groups:
        return ()
    head = await uow.audit.head()
    epoch = head.epoch if head is not None else 0
    attempts = [_attempt(channel, items, gate, worker.holder, epoch) for items in groups]
    ids = await uow.outbox.claim(attempts, now=now)
    shared = await uow.register.owners_of_shared({each.contact_id for each in attempts if each.contact_id is not None})
    parcels = [
        _parcel(attempt_id, attempt, tuple(items), gate, worker.policy, now=now)
        for attempt_id, attempt, items in zip(ids, attempts, groups, strict=True)
    ]
    return [replace(each, addressee=shared.get(each.contact_id or 0)) for each in parcels]


def _attempt(channel: str, items: Sequence[Item], gate: _Gate, holder: str, epoch: int) -> NewAttempt:
    first = items[0].delivery
    consents = [
        (item.delivery.id, gate[item.delivery.person_id, item.delivery.student_id].consent_id) for item in items
    ]
    return NewAttempt(
        key=message_key(items, epoch),
        channel=channel,
        contact_id=first.contact_id,
        person_id=first.person_id,
        worker=holder,
        deliveries=tuple(consents),
    )


def message_key(items: Sequence[Item], epoch: int) -> str:
    """The same deliveries sent again are the same message to the outside world (Message-ID, DLR, print queue).

    After a restore numbers are given a second time, so the epoch keeps late receipts of what was lost apart.
    """
    ids = ",".join(str(item.delivery.id) for item in sorted(items, key=lambda item: item.delivery.id))
    if epoch > FIRST_EPOCH:
        ids = f"{epoch}:{ids}"
    return hashlib.sha256(ids.encode()).hexdigest()[:24]


def _parcel(
    attempt_id: int, attempt: NewAttempt, items: tuple[Item, ...], gate: _Gate, policy: Policy, *, now: datetime
) -> Parcel:
    first = items[0].delivery
    recipient = gate[first.person_id, first.student_id]
    route = _route(recipient, first)
    if route is None or route.address is None:
        raise NotFoundError
    return Parcel(
        attempt_id=attempt_id,
        key=attempt.key,
        channel=attempt.channel,
        contact_id=attempt.contact_id,
        person_id=attempt.person_id,
        address=route.address,
        language=recipient.language,
        discreet=attempt.channel in policy.discreet,
        repeated=any(item.again or _was_perhaps_accepted(item.delivery) for item in items),
        items=items,
        delayed=any(item.overdue or _is_past(item.delivery.escalate_at, now) for item in items),
    )


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _was_perhaps_accepted(delivery: Delivery) -> bool:
    """Its answer was lost, the worker died over it, or a copy forgot it: then the next send says it is a repeat."""
    return delivery.repeats > 0 or delivery.reason in evidence.PERHAPS_ACCEPTED


async def settle(uow: UnitOfWork, results: Sequence[tuple[Parcel, Outcome]], *, worker: Worker) -> None:
    """Commit what became of parcels: evidence, retries, contacts set aside and the next channel. The caller commits."""
    for parcel, outcome in results:
        match outcome.status:
            case Status.REFUSED:
                await _refuse(uow, parcel, outcome, worker=worker)
            case Status.FAILED:
                await _hand_over(uow, parcel.items, outcome, worker=worker)
            case Status.UNCERTAIN | Status.PENDING:
                await _leave_uncertain(uow, outcomes.once_only(parcel, outcome), outcome, worker=worker)
    await uow.outbox.settle([outcome for _, outcome in results], worker.closes)
    for parcel, outcome in results:
        await _witness(uow, parcel, outcome)


async def _leave_uncertain(uow: UnitOfWork, items: Sequence[Item], outcome: Outcome, *, worker: Worker) -> None:
    """Perhaps accepted and not said again: the next way starts where a term presses, the rest is shown as it is."""
    pressing = [item for item in items if item.delivery.due is not None]
    await _hand_over(uow, pressing, replace(outcome, status=Status.UNCERTAIN), worker=worker)
    reason = outcome.reason or Reason.ANSWER_LOST
    ended = [(item.delivery, Status.UNCERTAIN, reason, ()) for item in items if item.delivery.due is None]
    if ended:
        await uow.outbox.replan(ended, now=outcome.at)


async def put_back(uow: UnitOfWork, *, held: Collection[int], worker: Worker, now: datetime) -> Collection[int]:
    """Attempts that were claimed, and that nobody has in hand: they were never begun, so they wait again.

    Returns the ids of all that are in flight. The caller commits.
    """
    in_flight = await uow.outbox.in_flight()
    lost = [attempt for attempt in in_flight if attempt.id not in held]
    await uow.outbox.settle([outcomes.never_begun(attempt, at=now) for attempt in lost], worker.closes)
    return {attempt.id for attempt in in_flight}


async def _hand_over(uow: UnitOfWork, items: Sequence[Item], outcome: Outcome, *, worker: Worker) -> None:
    """End these deliveries of a parcel with the outcome and start the next way for each."""
    await fan_out.take_over(
        uow,
        [item.delivery for item in items],
        status=outcome.status,
        reason=outcome.reason or Reason.REJECTED,
        now=outcome.at,
        policy=worker.policy,
    )


async def _refuse(uow: UnitOfWork, parcel: Parcel, outcome: Outcome, *, worker: Worker) -> None:
    """The contact will never be reached: it is set aside, and its next way starts."""
    await _hand_over(uow, parcel.items, outcome, worker=worker)
    reason = outcome.reason or Reason.REJECTED
    await _set_aside(uow, parcel.contact_id, reason, at=outcome.at, policy=worker.policy)


async def _set_aside(uow: UnitOfWork, contact_id: int | None, reason: Reason, *, at: datetime, policy: Policy) -> None:
    """A refused contact is set aside with the reason, and all that waits for it moves on (Q84); paper has none."""
    if contact_id is None:
        return
    await uow.register.set_aside(contact_id, reason, at=at)
    await fan_out.replan_contact(uow, contact_id=contact_id, reason=Reason.CONTACT_SET_ASIDE, now=at, policy=policy)


async def _witness(uow: UnitOfWork, parcel: Parcel, outcome: Outcome) -> None:
    """One line of the ledger per try: ids, the text's hash and the channel's answer (Q76)."""
    await uow.audit.write(
        SYSTEM,
        f"attempt.{outcome.status}",
        at=outcome.at,
        attempt=parcel.attempt_id,
        contact=parcel.contact_id,
        deliveries=",".join(str(item.delivery.id) for item in parcel.items),
        text=outcome.text_sha256,
        reference=outcome.reference,
        reason=outcome.reason,
    )


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
        moved += sum(1 for *_, following in moves if following)
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


async def receive(uow: UnitOfWork, key: str, receipt: Receipt, *, worker: Worker, now: datetime) -> bool:
    """A receipt from the outside (DLR, bounce): raises the evidence, never lowers it (Q93).

    A bounce after acceptance starts the next way; one that speaks of the contact sets it aside. False for a key nobody
    sent and for old news.
    """
    attempt = await uow.outbox.attempt(key)
    if attempt is None or not await uow.outbox.record_receipt(attempt.id, receipt, worker.closes, at=now):
        return False
    await uow.audit.write(SYSTEM, f"receipt.{receipt.status}", at=now, attempt=attempt.id, reason=receipt.reason)
    if receipt.status in evidence.NOT_TAKEN:
        reason = receipt.reason or Reason.REJECTED
        bounced = await uow.outbox.sent_by({attempt.id})
        await fan_out.take_over(uow, bounced, status=receipt.status, reason=reason, now=now, policy=worker.policy)
        if receipt.status is Status.REFUSED:
            await _set_aside(uow, attempt.contact_id, reason, at=now, policy=worker.policy)
    await uow.commit()
    return True


async def acknowledge(
    uow: UnitOfWork, actor: Actor, attempt_id: int, *, closes: Mapping[str, Status], now: datetime
) -> bool:
    """The family pressed "read": the strongest evidence that a channel gives (Q72).

    NotFoundError unless the message went to this very person.
    """
    deliveries = await uow.outbox.sent_by({attempt_id})
    if not deliveries or any(delivery.person_id != actor.person_id for delivery in deliveries):
        raise NotFoundError
    raised = await uow.outbox.record_receipt(attempt_id, Receipt(Status.ACKNOWLEDGED), closes, at=now)
    await uow.audit.write(actor, "receipt.acknowledged", at=now, attempt=attempt_id)
    await uow.commit()
    return raised


async def mark_paper(
    uow: UnitOfWork, actor: Actor, number: str, status: Status, *, closes: Mapping[str, Status], now: datetime
) -> None:
    """An extract was printed, handed over or its slip came back signed (Q34): evidence like any other.

    WithdrawnPaperError for one that whom it is for may not have any more.
    """
    access.require(actor, *OFFICE)
    extract = await uow.paper.extract(number)
    if extract.status is Status.WITHDRAWN:
        raise WithdrawnPaperError
    await uow.paper.advance(number, status, at=now)
    attempt = await uow.outbox.attempt(extract.key)
    if attempt is not None:
        await uow.outbox.record_receipt(attempt.id, Receipt(status, number), closes, at=now)
    await uow.audit.write(actor, f"extract.{status}", at=now, extract=extract.id)
    await uow.commit()
