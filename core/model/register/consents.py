"""The register of consents: decisions for each pair of guardian and student."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.register.forms import FormKind


class Decision(StrEnum):
    """The decision of an entry (Q1)."""

    CONSENT = "consent"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One entry of the register of consents, for a pair of guardian and student; never edited (Q1, Q3, Q6).

    From 14 a student may sign for themselves; then both ids are theirs (Q9). `expires_on` is the last day in force.
    `channels`: a consent opens those whose processor its document names (152-ФЗ art. 9 p. 4); None: it limits none.
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
    channels: tuple[str, ...] | None = None


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
    """An entry of the register before it is written; `written` is the text of the document, if it was entered.

    `channels` as of `ConsentEntry`; None: those that were printed on a form of Vestnik, or that the school takes any
    other paper to name.
    """

    person_id: int
    student_id: int
    decision: Decision
    decided_on: date
    document: str
    form: FormKind = FormKind.PAPER
    written: WrittenConsent | None = None
    scan_sha256: str | None = None
    expires_on: date | None = None
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NamedProcessors:
    """The channels whose processors consents name; None: nobody knows, which limits none.

    `on_forms`: on Vestnik's own forms, as they are printed now. `on_papers`: what any other document is taken to name.
    """

    on_forms: tuple[str, ...] | None = None
    on_papers: tuple[str, ...] | None = None


UNKNOWN_PROCESSORS = NamedProcessors()
