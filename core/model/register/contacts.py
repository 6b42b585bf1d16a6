"""Consents, contacts with their two proofs, one-time codes and what a person agreed to receive."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from core.model.notices import NoticeKind

PAPER = "paper"


class Decision(StrEnum):
    """What a register entry says (Q1)."""

    CONSENT = "consent"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"


class FormKind(StrEnum):
    """How a document reached the school (R7)."""

    PAPER = "paper"
    E_DOCUMENT = "e_document"


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One line of the register of consents, per pair of representative and student, never edited (Q1, Q3, Q6).

    From 14 a student may sign for themselves; then both ids are theirs (Q9). `expires_on` is the last day in force.
    """

    id: int
    number: str
    person_id: int
    student_id: int
    decision: Decision
    decided_on: date
    form: FormKind
    document: str
    scan_sha256: str | None
    expires_on: date | None
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class WrittenConsent:
    """What a written consent must say (152-ФЗ art. 9 p. 4), field by field; an empty one makes it void (Q4)."""

    subject: str
    representative: str
    operator: str
    purpose: str
    data: str
    processor: str
    actions: str
    term_and_withdrawal: str
    signature: str


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A decision about to enter the register; `written` is the document's own text where it was taken down in full."""

    person_id: int
    student_id: int
    decision: Decision
    decided_on: date
    document: str
    form: FormKind = FormKind.PAPER
    written: WrittenConsent | None = None
    scan_sha256: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """An address of a person on a channel, with two independent proofs (Q80).

    `proven_at`: ownership shown by a one-time code or in person before the staff member who took the form.
    Confirmed in writing: see `Confirmation`. `address` is None until a chat is bound and after destruction (Q10).
    `rank` orders the agreed channels, smaller first. A contact set aside has failed; the reason is shown (Q84).
    """

    id: int
    person_id: int
    channel: str
    address: str | None
    rank: int
    origin: str
    proven_at: datetime | None
    set_aside_at: datetime | None
    set_aside_reason: str | None
    revoked_at: datetime | None
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A contact confirmed in writing: form number or e-document reference, who accepted it, when (R7)."""

    id: int
    contact_id: int
    form: FormKind
    document: str
    document_on: date | None
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class PendingContact:
    """A contact in use without one of its proofs or both, and its owner's name."""

    contact: Contact
    owner: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """Proves ownership of a contact, or binds a chat; kept as a keyed hash, one use, a term (Q82)."""

    id: int
    person_id: int
    contact_id: int | None
    channel: str
    code_hash: str
    expires_at: datetime
    used_at: datetime | None


class Frequency(StrEnum):
    """How often a kind of notice reaches a person (Q83)."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Preference:
    """The agreed form of one kind of notice for one person; R6 kinds cannot be off (Q83)."""

    id: int
    person_id: int
    kind: NoticeKind
    frequency: Frequency


@dataclass(frozen=True, slots=True)
class DigestHour:
    """When a person hears what may wait, by the school's clock; without one the school's own hour counts (Q83)."""

    person_id: int
    at: time
