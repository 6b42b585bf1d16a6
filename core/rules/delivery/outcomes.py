"""What becomes of a parcel after a send: accepted, later, never here, not this message, or perhaps (Q84, Q88, Q92)."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.model.delivery.deliveries import Attempt, Delivery, Item, Outcome, Parcel, Receipt
from core.model.delivery.states import Reason, Status
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy


def accepted(parcel: Parcel, receipt: Receipt, *, at: datetime, text_sha256: str) -> Outcome:
    """The channel took it; the reference is its own number for it."""
    return Outcome(
        parcel.attempt_id,
        parcel.channel,
        receipt.status,
        at,
        reason=receipt.reason,
        reference=receipt.reference,
        text_sha256=text_sha256,
    )


def refused(parcel: Parcel, reason: Reason, *, at: datetime) -> Outcome:
    """Never again on this contact."""
    return Outcome(parcel.attempt_id, parcel.channel, Status.REFUSED, at, reason=reason)


def failed(parcel: Parcel, reason: Reason, *, at: datetime) -> Outcome:
    """This message does not go this way: its next way starts, and the contact stays."""
    return Outcome(parcel.attempt_id, parcel.channel, Status.FAILED, at, reason=reason, failures=1)


def unavailable(parcel: Parcel, reason: Reason, *, at: datetime, retry_after: timedelta | None) -> Outcome:
    """Nothing was accepted and nobody could be asked, so it goes again; escalation ends the waiting, not a count."""
    tries = max(item.delivery.tries for item in parcel.items)
    again = timing.retry_at(tries, now=at, retry_after=retry_after)
    return Outcome(parcel.attempt_id, parcel.channel, Status.PENDING, at, reason=reason, retry_at=again)


def failing(parcel: Parcel, reason: Reason, *, at: datetime, retry_after: timedelta | None, policy: Policy) -> Outcome:
    """This message failed by itself: it goes again, and the last of `policy.tries` is a technical failure.

    A mailbox that is still full then keeps its own reason.
    """
    if max(item.delivery.failures for item in parcel.items) + 1 >= policy.tries:
        return failed(parcel, reason if reason is Reason.MAILBOX_FULL else Reason.TECHNICAL_FAILURE, at=at)
    return replace(unavailable(parcel, reason, at=at, retry_after=retry_after), failures=1)


def goes_alone(delivery: Delivery, policy: Policy) -> bool:
    """Its last try: alone, so that one fact that cannot be told takes no other with it."""
    return 0 < delivery.failures == policy.tries - 1


def uncertain(parcel: Parcel, reason: Reason, *, at: datetime, policy: Policy) -> Outcome:
    """Perhaps accepted: R6 and lesson changes go again while the limit allows, the rest is shown as uncertain.

    Where both are in one message, `once_only` names the rest, which does not go again.
    """
    repeats = max(item.delivery.repeats for item in parcel.items)
    if any(timing.may_repeat(item.delivery.kind, repeats, policy) for item in parcel.items):
        again = timing.retry_at(0, now=at, retry_after=None)
        return Outcome(parcel.attempt_id, parcel.channel, Status.PENDING, at, reason=reason, retry_at=again, repeats=1)
    return Outcome(parcel.attempt_id, parcel.channel, Status.UNCERTAIN, at, reason=reason)


def once_only(parcel: Parcel, outcome: Outcome) -> tuple[Item, ...]:
    """What of a perhaps accepted message must not be said a second time: all of it, or what no term presses (Q88)."""
    if outcome.status is Status.UNCERTAIN:
        return parcel.items
    return tuple(item for item in parcel.items if outcome.repeats and not timing.is_repeated(item.delivery.kind))


def killed(attempt: Attempt, *, at: datetime) -> Outcome:
    """The worker died with it in flight: it goes again at once, and no limit is used up (contracts, Delivery)."""
    return Outcome(attempt.id, attempt.channel, Status.PENDING, at, reason=Reason.WORKER_KILLED, retry_at=at)


def never_begun(attempt: Attempt, *, at: datetime) -> Outcome:
    """The database took the claim, but the worker never learnt of it: nothing was sent, so this is no repeat."""
    return Outcome(attempt.id, attempt.channel, Status.PENDING, at, reason=Reason.NEVER_BEGUN, retry_at=at)
