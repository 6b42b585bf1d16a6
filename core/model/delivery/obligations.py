"""What is owed to one person because of one published notice."""

from dataclasses import dataclass
from datetime import datetime

from core.model.delivery.deliveries import Delivery
from core.model.delivery.states import Reason, State, Status
from core.model.notices import Notice, NoticeKind


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be published about a student; `fact` is a name from `model/delivery/fact_names.py`.

    With `person_id` it is for that person only. Without a student it tells a staff member about their own work.
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
class Moved:
    """A delivery that ends with `status` and `reason`, and the deliveries that follow it (none after paper)."""

    delivery: Delivery
    status: Status
    reason: Reason
    following: tuple[PlannedDelivery, ...] = ()


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
class ObligationRow:
    """An obligation as reports show it, with the names a person needs."""

    obligation: Obligation
    person: str
    student: str | None
    deliveries: tuple[Delivery, ...]
