"""Deliveries and attempts: one obligation over one channel, from its plan to its outcome."""

from dataclasses import dataclass, field
from datetime import datetime

from core.model.delivery.states import Reason, State, Status
from core.model.notices import Notice, NoticeKind


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
class Receipt:
    """The outside world's word about an attempt; `reference` is its own number for it."""

    status: Status
    reference: str | None = None
    reason: Reason | None = None


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


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A message about to be sent: which deliveries it carries, under which consents."""

    key: str
    channel: str
    contact_id: int | None
    person_id: int
    worker: str
    deliveries: tuple[tuple[int, int | None], ...]
    """(delivery id, consent id)"""
