"""Everything that proves one obligation: what, to whom, on which consent and contact, when, how, with which answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.model.audit import AuditHead, AuditLine
from core.model.delivery.acquaintance import Acquaintance
from core.model.delivery.deliveries import Attempt
from core.model.delivery.obligations import ObligationRow, PhoneCall, PublishedNotice
from core.model.delivery.states import Reason, Status
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import Confirmation


@dataclass(frozen=True, slots=True)
class AttemptAnswer:
    """An answer that came later for an attempt: a report of delivery, a bounce, a press of «Прочитано»."""

    attempt_id: int
    status: Status
    reason: Reason | None
    reference: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """What the tables and the audit trail say of one obligation (Q76).

    `consents` are by id, `confirmations` by contact, `carried` are the attempts of each delivery. `lines` are the lines
    of the trail about its attempts and evidence, `head` is the end of the trail when the proof was made.
    """

    row: ObligationRow
    published: PublishedNotice
    consents: Mapping[int, ConsentEntry]
    confirmations: Mapping[int, Sequence[Confirmation]]
    attempts: Mapping[int, Attempt]
    carried: Mapping[int, Sequence[int]]
    answers: Sequence[AttemptAnswer]
    call: PhoneCall | None
    acquaintances: Sequence[Acquaintance]
    lines: Sequence[AuditLine]
    head: AuditHead | None
    made_at: datetime
