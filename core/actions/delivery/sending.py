"""The worker claims messages and commits their outcomes, each in a short transaction; none is open while it sends."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.actions.delivery import fan_out
from core.actions.delivery.receipts import set_aside_by_receipt
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
from core.rules.delivery import evidence, outcomes, planning, timing
from core.rules.delivery.timing import Policy

_SKEW = timedelta(minutes=1)
"""The clocks of two machines may differ this much."""


async def claim_messages_for_sending(
    uow: UnitOfWork, channel: str, bundles: Sequence[str], *, worker: Worker, now: datetime
) -> Sequence[Parcel]:
    """Claims bundles of a channel, each as one message, after checking consent and contact again (Q2, Q5).

    A delivery that may not go any more ends with the reason, and its next channel starts. The caller commits.
    """
    items = await uow.outbox.pending(bundles, until=now + worker.policy.window)
    owed = await fan_out.load_fan_out_recipients(uow, [item.delivery for item in items], now=now, policy=worker.policy)
    gate = {(r.person_id, r.student_id): r for recipients in owed.values() for r in recipients}
    by_reason: dict[Reason, list[Delivery]] = defaultdict(list)
    ready: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        reason = _stop_reason(gate, item)
        if reason is None:
            ready[item.delivery.bundle].append(item)
        else:
            by_reason[reason].append(item.delivery)
    for reason, stopped in by_reason.items():
        await fan_out.replan_fan_out_deliveries(
            uow, stopped, status=Status.WITHDRAWN, reason=reason, now=now, policy=worker.policy
        )
    messages = [_message_items(waiting, worker.policy) for waiting in ready.values()]
    return await _write_attempts(uow, channel, messages, gate, worker=worker, now=now)


def _message_items(items: Sequence[Item], policy: Policy) -> Sequence[Item]:
    """The items of a bundle that go as one message now: all, or a single one on its last try; the rest waits."""
    return next(([item] for item in items if outcomes.is_next_outcome_final(item.delivery, policy)), items)


_Gate = Mapping[tuple[int, int | None], Recipient]


def _stop_reason(gate: _Gate, item: Item) -> Reason | None:
    """Why this delivery may not go now: no consent, contact or access, or the obligation is already proved."""
    if item.state is State.CLOSED:
        return Reason.ALREADY_PROVED
    recipient = gate.get((item.delivery.person_id, item.delivery.student_id))
    if recipient is None:
        return Reason.NO_ACCESS
    route = _route(recipient, item.delivery)
    return Reason.CONTACT_REVOKED if route is None else planning.planning_obstacle(recipient, route, item.delivery.kind)


def _route(recipient: Recipient, delivery: Delivery) -> Route | None:
    if delivery.contact_id is None:
        return Route(PAPER, None, planning.planned_paper_address(recipient), 0, None)
    return next((route for route in recipient.routes if route.contact_id == delivery.contact_id), None)


async def _write_attempts(
    uow: UnitOfWork, channel: str, groups: Sequence[Sequence[Item]], gate: _Gate, *, worker: Worker, now: datetime
) -> Sequence[Parcel]:
    """Writes one attempt a message, and returns the messages to send."""
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
        key=_message_key(items, epoch),
        channel=channel,
        contact_id=first.contact_id,
        person_id=first.person_id,
        worker=holder,
        deliveries=tuple(consents),
    )


def _message_key(items: Sequence[Item], epoch: int) -> str:
    """The identity of a message outside (Message-ID, DLR, print queue): the same deliveries always have the same key.

    After a restore ids are given a second time; the epoch tells late receipts of lost messages apart.
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
    """True if an earlier send may have arrived: the answer was lost, the worker was killed, or a copy was restored."""
    return delivery.repeats > 0 or delivery.reason in evidence.PERHAPS_ACCEPTED


async def settle_messages_after_sending(
    uow: UnitOfWork, results: Sequence[tuple[Parcel, Outcome]], *, worker: Worker
) -> None:
    """Writes the outcomes of messages: evidence, retries, contacts set aside, next channels. The caller commits."""
    for parcel, outcome in results:
        match outcome.status:
            case Status.REFUSED:
                await _refuse_contact(uow, parcel, outcome, worker=worker)
            case Status.FAILED:
                await _end_and_follow(uow, parcel.items, outcome, worker=worker)
            case Status.UNCERTAIN | Status.PENDING:
                await _leave_uncertain(
                    uow, outcomes.final_delivery_outcome_items(parcel, outcome), outcome, worker=worker
                )
    await uow.outbox.settle([outcome for _, outcome in results], worker.closes)
    for parcel, outcome in results:
        await _audit_attempt(uow, parcel, outcome)


async def _leave_uncertain(uow: UnitOfWork, items: Sequence[Item], outcome: Outcome, *, worker: Worker) -> None:
    """Ends items that may have been accepted and must not be repeated; those with a deadline get the next channel."""
    pressing = [item for item in items if item.delivery.due is not None]
    await _end_and_follow(uow, pressing, replace(outcome, status=Status.UNCERTAIN), worker=worker)
    reason = outcome.reason or Reason.ANSWER_LOST
    ended = [Moved(item.delivery, Status.UNCERTAIN, reason) for item in items if item.delivery.due is None]
    if ended:
        await uow.outbox.replan(ended, now=outcome.at)


async def put_back_unsent_messages(
    uow: UnitOfWork, *, held: Collection[int], worker: Worker, now: datetime
) -> Collection[int]:
    """Puts back attempts that were claimed but are not in `held`: nothing of them was sent.

    Returns the ids of all attempts in flight. The caller commits.
    """
    in_flight = await uow.outbox.in_flight()
    lost = [attempt for attempt in in_flight if attempt.id not in held]
    await uow.outbox.settle([outcomes.unsent_delivery_outcome(attempt, at=now) for attempt in lost], worker.closes)
    return {attempt.id for attempt in in_flight}


async def _end_and_follow(uow: UnitOfWork, items: Sequence[Item], outcome: Outcome, *, worker: Worker) -> None:
    """Ends these deliveries with the outcome and starts the next channel for each."""
    await fan_out.replan_fan_out_deliveries(
        uow,
        [item.delivery for item in items],
        status=outcome.status,
        reason=outcome.reason or Reason.REJECTED,
        now=outcome.at,
        policy=worker.policy,
    )


async def _refuse_contact(uow: UnitOfWork, parcel: Parcel, outcome: Outcome, *, worker: Worker) -> None:
    """Sets a contact aside that can never be reached, and starts the next channel."""
    await _end_and_follow(uow, parcel.items, outcome, worker=worker)
    reason = outcome.reason or Reason.REJECTED
    await set_aside_by_receipt(uow, parcel.contact_id, reason, at=outcome.at, policy=worker.policy)


async def _audit_attempt(uow: UnitOfWork, parcel: Parcel, outcome: Outcome) -> None:
    """Writes one audit line for each try: ids, the hash of the text and the channel's answer (Q76)."""
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


async def restart_sending_waits(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """After the clock was put back, restarts the waits of deliveries that were planned in the future (R6).

    `due` and the latest starts that follow from it never move. Returns how many deliveries. The caller commits.
    """
    ahead = await uow.outbox.planned_after(now + _SKEW)
    anew = {
        each.id: timing.restarted_waiting_time(each.not_before, each.updated_at, now=now, policy=policy)
        for each in ahead
    }
    await uow.outbox.postpone(anew, now=now)
    await uow.outbox.revisit_ended(now=now)
    return len(ahead)
