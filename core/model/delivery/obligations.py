"""Notices and the obligations to tell them: one obligation for each notice and person."""

from dataclasses import dataclass
from datetime import datetime

from core.model.delivery.deliveries import Delivery
from core.model.delivery.states import Reason, State, Status
from core.model.notices.facts import Notice
from core.model.notices.kinds import NoticeKind


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be published about a student; `fact` is a name from `model/delivery/fact_names.py`.

    With `person_id` it is for that person only. Without `student_id` it is for a staff member about their own work.
    """

    student_id: int | None
    notice: Notice
    fact: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """A notice as the outbox stores it (`NewNotice`); `received_at` starts the 24 hours where R6 sets them.

    A later R6 notice of the same `fact` supersedes the earlier one. `due` is the deadline of a notice that R6 does not
    cover, for example a lesson change before its lesson.
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
    """A published notice that is owed to one person; `due` None: no deadline, `student_id` None: a notice to staff."""

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
class MovedDelivery:
    """New times of a delivery whose obligation has another due time; `before` is its old `escalate_at`."""

    delivery_id: int
    obligation_id: int
    not_before: datetime
    before: datetime | None
    escalate_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwedPair:
    """A person to whom something is still owed about a student, or about their own work (`student_id` None)."""

    person_id: int
    student_id: int | None


@dataclass(frozen=True, slots=True)
class HeldKind:
    """The number of held obligations of one kind and due time after a restore (Q124)."""

    kind: NoticeKind
    due: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """A delivery before it is written; `reason` says why it is not sent (Q87)."""

    channel: str
    contact_id: int | None
    bundle: str
    status: Status
    reason: Reason | None
    not_before: datetime
    escalate_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A delivery that ends with `status` and `reason`, and the deliveries after it (none after paper)."""

    delivery: Delivery
    status: Status
    reason: Reason
    following: tuple[PlannedDelivery, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedObligation:
    """An obligation before it is written, with its first delivery and the routes that may not be used.

    `expires_at`: from this moment on it is not sent any more (`rules/delivery/expiry.py`).
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
class PhoneCall:
    """A staff member (`caller`) has reached the person of an obligation by phone (Q97)."""

    obligation_id: int
    caller: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """An obligation with names and deliveries, for reports."""

    obligation: Obligation
    person: str
    student: str | None
    deliveries: tuple[Delivery, ...]
