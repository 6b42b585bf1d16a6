"""Where a delivery and an obligation stand, and why something was not sent."""

from enum import StrEnum


class Status(StrEnum):
    """Where a delivery stands. From `accepted` on each status is a grade of evidence.

    `held`: found unsent in a copy that was put back, until a person decides (Q124).
    `rules/delivery/evidence.py` orders them.
    `refused` speaks of the contact, `failed` of this message alone.
    """

    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    PRINTED = "printed"
    HANDED = "handed"
    ACKNOWLEDGED = "acknowledged"
    SIGNED = "signed"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """Open until evidence closes it; superseded by a newer version of the fact.

    Held: open in a copy that was put back, until a person decides (Q124). Waived from the start where its owner
    switched the kind off, later where whom it was owed to has no access any more, or by that person's decision.
    Expired: nobody could be told while it mattered.
    """

    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    WAIVED = "waived"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why something was not sent, or not sent there (Q87): each leaves a row."""

    NO_CONSENT = "no_consent"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONTACT_UNCONFIRMED = "contact_unconfirmed"
    CONTACT_REVOKED = "contact_revoked"
    CONTACT_SET_ASIDE = "contact_set_aside"
    NO_ACCESS = "no_access"
    SWITCHED_OFF = "switched_off"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    ALREADY_PROVED = "already_proved"
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
