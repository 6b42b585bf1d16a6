"""Statuses of deliveries, states of obligations, and reasons why something was not sent."""

from enum import StrEnum


class Status(StrEnum):
    """The status of a delivery. From `accepted` on each status is a grade of evidence.

    `rules/delivery/evidence.py` orders them. `held`: unsent in a restored copy, until a person decides (Q124).
    `refused`: the contact cannot be reached; `failed`: this message alone was not taken. `reached`: a staff member has
    reached the person by phone; it is evidence of an obligation, never the status of a delivery.
    """

    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    PRINTED = "printed"
    HANDED = "handed"
    REACHED = "reached"
    ACKNOWLEDGED = "acknowledged"
    SIGNED = "signed"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """The state of an obligation: open until evidence closes it; superseded by a newer version of the fact.

    Held: open in a restored copy, until a person decides (Q124). Waived: the person switched the kind off, has no
    access any more, or somebody dropped it after a restore. Expired: it was not sent while it was of use.
    """

    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    WAIVED = "waived"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a delivery was not sent or did not arrive; each is recorded in a row (Q87)."""

    NO_CONSENT = "no_consent"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PROCESSOR_NOT_NAMED = "processor_not_named"
    CONTACT_UNCONFIRMED = "contact_unconfirmed"
    CONTACT_REVOKED = "contact_revoked"
    CONTACT_SET_ASIDE = "contact_set_aside"
    MUTED = "muted"
    NO_ACCESS = "no_access"
    SWITCHED_OFF = "switched_off"
    ELECTRONIC = "electronic"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    ALREADY_PROVED = "already_proved"
    REACHED_BY_PHONE = "reached_by_phone"
    BLOCKED = "blocked"
    NO_SUCH_ADDRESS = "no_such_address"
    BOUNCED = "bounced"
    REJECTED = "rejected"
    MAILBOX_FULL = "mailbox_full"
    UNDELIVERED = "undelivered"
    CHANNEL_DOWN = "channel_down"
    THROTTLED = "throttled"
    ANSWER_LOST = "answer_lost"
    WORKER_KILLED = "worker_killed"
    NEVER_BEGUN = "never_begun"
    EVIDENCE_MISSING = "evidence_missing"
    BARRED = "barred"
    ENDED = "ended"
    JOINED = "joined"
    RESTORED = "restored"
    FAULT = "fault"
    TECHNICAL_FAILURE = "technical_failure"
