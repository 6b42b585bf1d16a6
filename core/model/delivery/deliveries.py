"""Deliveries and attempts: an obligation over one channel, from the plan to the outcome."""

from dataclasses import dataclass, field
from datetime import datetime

from core.model.delivery.states import Reason, State, Status
from core.model.notices.facts import Notice
from core.model.notices.kinds import NoticeKind


@dataclass(frozen=True, slots=True)
class Delivery:
    """An obligation over one contact (`contact_id` None: paper).

    Deliveries of one `bundle` that may go at the same time are one message. At `escalate_at` the next channel starts if
    there is no closing evidence. `consent_id` is the consent in force when it was claimed. `tries` counts all sends,
    `failures` those that the channel answered with a failure, `repeats` those after an uncertain send.
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
    """The right to send, held by one worker process at a time; the holder raises `beat` while it lives."""

    name: str
    holder: str
    beat: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer of a channel about an attempt; `reference` is the channel's own id of the message."""

    status: Status
    reference: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one attempt, before it is committed.

    `status` is the new status of its deliveries; PENDING sends them again at `retry_at`. `failures` and `repeats` are
    added to the counts of its deliveries.
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
    """One delivery of a parcel with its notice, the student's name and the state of its obligation.

    `student` is "" in a notice to staff about their own work. `again`: it repeats a notice as a reminder. `overdue`:
    the channel before it gave no evidence in time.
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

    `delayed`: the message says that it is late. `addressee`: the name of the person, if others share the address.
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
    """A message before it is sent: its deliveries and their consents."""

    key: str
    channel: str
    contact_id: int | None
    person_id: int
    worker: str
    deliveries: tuple[tuple[int, int | None], ...]
    """(delivery id, consent id)"""
