"""Results (R6) as they are owed to persons, with all evidence: for the deputy head, reports, proofs and sheets."""

from dataclasses import dataclass
from datetime import datetime

from core.model.delivery.acquaintance import Acquaintance
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import Obligation, PhoneCall
from core.model.delivery.states import State
from core.model.notices.facts import Notice


@dataclass(frozen=True, slots=True)
class OwedResult:
    """A result that is owed to one person; deliveries are in the order in which they were planned.

    `call` and `acquaintances` are evidence that no delivery carries.
    """

    obligation: Obligation
    person: str
    student: str
    notice: Notice
    fact: str
    published_at: datetime
    deliveries: tuple[Delivery, ...] = ()
    call: PhoneCall | None = None
    acquaintances: tuple[Acquaintance, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedResults:
    """Which owed results are read; None: any. `since` and `until` bound the moment of receipt, `until` excluded."""

    states: frozenset[State] | None = None
    person_id: int | None = None
    student_ids: frozenset[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: frozenset[int] | None = None
