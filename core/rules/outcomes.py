"""What becomes of a parcel after a send: accepted, later, never on this contact, or perhaps (Q84, Q88, Q92)."""

from datetime import datetime, timedelta

from core.model.delivery import Attempt, Outcome, Parcel, Reason, Receipt, Status
from core.rules import timing
from core.rules.timing import Policy


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


def unavailable(parcel: Parcel, reason: Reason, *, at: datetime, retry_after: timedelta | None) -> Outcome:
    """Nothing was accepted, so it goes again; escalation, not a count of tries, ends the waiting."""
    tries = max(item.delivery.tries for item in parcel.items)
    again = timing.retry_at(tries, now=at, retry_after=retry_after)
    return Outcome(parcel.attempt_id, parcel.channel, Status.PENDING, at, reason=reason, retry_at=again)


def uncertain(parcel: Parcel, reason: Reason, *, at: datetime, policy: Policy) -> Outcome:
    """Perhaps accepted: R6 and lesson changes go again while the limit allows, the rest is shown as uncertain."""
    repeats = max(item.delivery.repeats for item in parcel.items)
    if any(timing.may_repeat(item.delivery.kind, repeats, policy) for item in parcel.items):
        again = timing.retry_at(0, now=at, retry_after=None)
        return Outcome(parcel.attempt_id, parcel.channel, Status.PENDING, at, reason=reason, retry_at=again)
    return Outcome(parcel.attempt_id, parcel.channel, Status.UNCERTAIN, at, reason=reason)


def killed(attempt: Attempt, *, at: datetime) -> Outcome:
    """The worker died with it in flight: it goes again at once, and no limit is used up (contracts, Delivery)."""
    return Outcome(attempt.id, attempt.channel, Status.PENDING, at, reason=Reason.WORKER_KILLED, retry_at=at)
