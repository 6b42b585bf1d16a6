"""The outcome of a send: accepted, refused, failed, to be tried again, or uncertain (Q84, Q88, Q92)."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.model.delivery.deliveries import Attempt, Delivery, Item, Outcome, Parcel, Receipt
from core.model.delivery.states import Reason, Status
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

REPEATED = R6_KINDS | {NoticeKind.DEADLINES, NoticeKind.TIMETABLE}
"""Results, warnings about them and lesson changes: they are sent again after a lost answer, marked as a repeat."""


def accepted_delivery_outcome(parcel: Parcel, receipt: Receipt, *, at: datetime, text_sha256: str) -> Outcome:
    """The channel accepted the message; the reference is the channel's own id for it."""
    return Outcome(
        parcel.attempt_id,
        parcel.channel,
        receipt.status,
        at,
        reason=receipt.reason,
        reference=receipt.reference,
        text_sha256=text_sha256,
    )


def refused_delivery_outcome(parcel: Parcel, reason: Reason, *, at: datetime) -> Outcome:
    """The channel can never reach this contact."""
    return Outcome(parcel.attempt_id, parcel.channel, Status.REFUSED, at, reason=reason)


def failed_delivery_outcome(parcel: Parcel, reason: Reason, *, at: datetime) -> Outcome:
    """The channel does not take this message; the contact stays in use."""
    return Outcome(parcel.attempt_id, parcel.channel, Status.FAILED, at, reason=reason, failures=1)


def unavailable_delivery_outcome(
    parcel: Parcel, reason: Reason, *, at: datetime, retry_after: timedelta | None
) -> Outcome:
    """The channel was not reached, so the message is tried again, until escalation ends the waiting."""
    tries = max(item.delivery.tries for item in parcel.items)
    again = timing.next_retry_time(tries, now=at, retry_after=retry_after)
    return Outcome(parcel.attempt_id, parcel.channel, Status.PENDING, at, reason=reason, retry_at=again)


def failed_try_delivery_outcome(
    parcel: Parcel, reason: Reason, *, at: datetime, retry_after: timedelta | None, policy: Policy
) -> Outcome:
    """The channel answered with a failure of this message: try again, or after `policy.tries` a technical failure.

    A mailbox that is still full keeps its own reason.
    """
    if max(item.delivery.failures for item in parcel.items) + 1 >= policy.tries:
        return failed_delivery_outcome(
            parcel, reason if reason is Reason.MAILBOX_FULL else Reason.TECHNICAL_FAILURE, at=at
        )
    return replace(unavailable_delivery_outcome(parcel, reason, at=at, retry_after=retry_after), failures=1)


def is_next_outcome_final(delivery: Delivery, policy: Policy) -> bool:
    """True for the last try of a delivery: it is sent alone, so that its failure does not end others with it."""
    return 0 < delivery.failures == policy.tries - 1


def may_repeat_after_outcome(kind: NoticeKind, repeats: int, policy: Policy) -> bool:
    """True if a notice of this kind may be sent again after an uncertain send; `repeats` were sent already (Q88)."""
    return kind in REPEATED and repeats < policy.repeats


def uncertain_delivery_outcome(parcel: Parcel, reason: Reason, *, at: datetime, policy: Policy) -> Outcome:
    """The answer was lost: results and lesson changes are repeated up to the limit, others end as uncertain.

    If one message carries both, `final_delivery_outcome_items` returns the items that are not repeated.
    """
    repeats = max(item.delivery.repeats for item in parcel.items)
    if any(may_repeat_after_outcome(item.delivery.kind, repeats, policy) for item in parcel.items):
        again = timing.next_retry_time(0, now=at, retry_after=None)
        return Outcome(parcel.attempt_id, parcel.channel, Status.PENDING, at, reason=reason, retry_at=again, repeats=1)
    return Outcome(parcel.attempt_id, parcel.channel, Status.UNCERTAIN, at, reason=reason)


def final_delivery_outcome_items(parcel: Parcel, outcome: Outcome) -> tuple[Item, ...]:
    """The items of a possibly accepted message that must not be repeated: all, or those without a deadline (Q88)."""
    if outcome.status is Status.UNCERTAIN:
        return parcel.items
    return tuple(item for item in parcel.items if outcome.repeats and item.delivery.kind not in REPEATED)


def killed_delivery_outcome(attempt: Attempt, *, at: datetime) -> Outcome:
    """The worker was killed with the message in flight: send again, and count no repeat (contracts, Delivery)."""
    return Outcome(attempt.id, attempt.channel, Status.PENDING, at, reason=Reason.WORKER_KILLED, retry_at=at)


def unsent_delivery_outcome(attempt: Attempt, *, at: datetime) -> Outcome:
    """The claim was committed, but the worker did not learn of it: nothing was sent, so this is no repeat."""
    return Outcome(attempt.id, attempt.channel, Status.PENDING, at, reason=Reason.NEVER_BEGUN, retry_at=at)
