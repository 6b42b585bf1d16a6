"""How the worker claims messages and settles what became of them, one short transaction each, never while sending."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.actions.delivery import fan_out
from core.actions.delivery.receipts import set_aside
from core.actions.delivery.worker import Worker
from core.errors import NotFoundError
from core.model.audit import FIRST_EPOCH
from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery, Item, NewAttempt, Outcome, Parcel
from core.model.delivery.obligations import Moved
from core.model.delivery.recipients import Recipient, Route
from core.model.delivery.states import Reason, State, Status
from core.model.people import SYSTEM
from core.ports import UnitOfWork
from core.rules.delivery import evidence, outcomes, planning
from core.rules.delivery.timing import Policy


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
    ended = [Moved(item.delivery, Status.UNCERTAIN, reason) for item in items if item.delivery.due is None]
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
    await set_aside(uow, parcel.contact_id, reason, at=outcome.at, policy=worker.policy)


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
