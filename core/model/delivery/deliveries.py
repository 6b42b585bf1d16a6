"""Obligation, delivery, attempt, receipt: how one fact owed to one person is kept until it is proved."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from core.model.notices import Notice, NoticeKind
from core.model.register.contacts import Frequency


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


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """A notice as the outbox keeps it, about one student; `received_at` starts the 24 hours where R6 sets them.

    `fact` names the thing it is about ("period_mark:17"); a later R6 notice of the same one supersedes the earlier.
    `due` is a term of its own (a lesson change before its lesson). With `person_id` it is for that person alone;
    without a student it tells a staff member about their own work.
    """

    id: int
    student_id: int | None
    kind: NoticeKind
    fact: str
    notice: Notice
    received_at: datetime
    published_at: datetime
    person_id: int | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One published fact owed to one person; `due` is None where nothing sets a term, the student in staff's own."""

    id: int
    notice_id: int
    person_id: int
    student_id: int | None
    kind: NoticeKind
    received_at: datetime
    due: datetime | None
    state: State
    evidence: Status | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwedPair:
    """Somebody to whom something about a student, or without one about their own work, is still owed."""

    person_id: int
    student_id: int | None


@dataclass(frozen=True, slots=True)
class HeldKind:
    """How many obligations of a kind with one due time wait for a decision after a restore (Q124)."""

    kind: NoticeKind
    due: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """An obligation over one contact (`contact_id` None: paper).

    Deliveries of one `bundle` that may go at the same time go as one message. `escalate_at` is the latest start of the
    next channel: past it without closing evidence the next one begins. `consent_id` is the register entry in force
    when it was claimed. `tries` counts all sends, `failures` those that failed by themselves, `repeats` those after an
    uncertain one.
    """

    id: int
    obligation_id: int
    person_id: int
    student_id: int | None
    channel: str
    contact_id: int | None
    bundle: str
    kind: NoticeKind
    status: Status
    reason: Reason | None
    not_before: datetime
    due: datetime | None
    escalate_at: datetime | None
    tries: int
    failures: int
    repeats: int
    attempt_id: int | None
    consent_id: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send one message, which may carry several deliveries; `key` is its identity for the outside world."""

    id: int
    key: str
    channel: str
    contact_id: int | None
    person_id: int
    worker: str
    started_at: datetime
    finished_at: datetime | None
    outcome: Status | None
    reason: Reason | None
    reference: str | None
    text_sha256: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send, held by one worker process at a time, which counts on `beat` while it lives."""

    name: str
    holder: str
    beat: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` is packed and signed by `rules/conversation/buttons.py`, `url` opens a page."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text under its own heading, a line a fact; nothing is escaped yet."""

    heading: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along, where the channel carries files.

    One with a `reference` lies with Telegram under that number and goes over no other channel; its `content` is empty.
    `instead` is said where Telegram keeps it no more.
    """

    name: str
    media_type: str
    content: bytes
    reference: str | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What is said, free of any channel's markup. `short` is the whole message for channels of a line or two."""

    title: str
    sections: tuple[Section, ...]
    short: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    footer: str | None = None
    unsubscribable: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outside world's word about an attempt; `reference` is its own number for it."""

    status: Status
    reference: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One agreed way to a person: a contact with what the gate needs to know of it; paper has no contact."""

    channel: str
    contact_id: int | None
    address: str | None
    rank: int
    obstacle: Reason | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person a student's facts are owed to, as of one moment: consent, agreed routes in order, frequencies.

    `consent_id` None: no consent in force for this pair, with the reason in `obstacle`. `student_id` None: a staff
    member, told about their own work without any consent.
    """

    person_id: int
    student_id: int | None
    consent_id: int | None
    obstacle: Reason | None
    language: str
    routes: tuple[Route, ...]
    frequencies: tuple[tuple[NoticeKind, Frequency], ...] = ()
    digest_at: time | None = None


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """A delivery about to be written; one that is not to be sent says why (Q87)."""

    channel: str
    contact_id: int | None
    bundle: str
    status: Status
    reason: Reason | None
    not_before: datetime
    escalate_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedObligation:
    """What one notice owes to one person, with its first delivery and the routes that were passed over.

    `expires_at`: the moment from which it is told no more (`rules/delivery/expiry.py`).
    """

    notice_id: int
    person_id: int
    student_id: int | None
    kind: NoticeKind
    received_at: datetime
    due: datetime | None
    state: State
    deliveries: tuple[PlannedDelivery, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt, ready to be committed.

    `status` is what its deliveries become; PENDING sends them again at `retry_at`. `failures` and `repeats` are added
    to the counts of its deliveries.
    """

    attempt_id: int
    channel: str
    status: Status
    at: datetime
    reason: Reason | None = None
    reference: str | None = None
    text_sha256: str | None = None
    retry_at: datetime | None = None
    failures: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery of a parcel with the fact it carries, the child's name and the state of its obligation.

    A staff member's own has no child: `student` "". `again`: it reminds of what was said before. `overdue`: the way
    before it gave no evidence in its time.
    """

    delivery: Delivery
    student: str
    notice: Notice
    state: State = State.OPEN
    again: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """Deliveries claimed together for one contact: one message, in flight until its outcome is committed.

    `delayed`: it should have been told earlier, and says so.
    `addressee`: whose message it is by name, where others are reached at the same address; else None.
    """

    attempt_id: int
    key: str
    channel: str
    contact_id: int | None
    person_id: int
    address: str
    language: str
    discreet: bool
    repeated: bool
    items: tuple[Item, ...] = field(default=())
    delayed: bool = False
    addressee: str | None = None
