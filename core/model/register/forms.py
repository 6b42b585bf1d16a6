"""Signed documents that the school receives, and the numbered forms that it hands out for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.notices.kinds import NoticeKind
from core.model.register.preferences import Frequency


class FormKind(StrEnum):
    """How a document reached the school (R7)."""

    PAPER = "paper"
    E_DOCUMENT = "e_document"


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A document that confirms a contact in writing; `in_person`: its owner handed it in and showed the contact."""

    document: str
    document_on: date | None
    accepted_by: str
    form: FormKind = FormKind.PAPER
    in_person: bool = False


class FormPurpose(StrEnum):
    """What a form is for; one purpose a form, a sheet of its own (Q11)."""

    CONSENT = "consent"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"
    CONTACTS = "contacts"


class FormState(StrEnum):
    """What became of a form; `void`: a newer form took its place."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class AgreedChoice:
    """How often one kind of notice comes by one channel, as it stood when the form was issued (Q83)."""

    kind: NoticeKind
    channel: str
    frequency: Frequency


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form before it is issued. `student_id` None: a statement of contacts, which is about no student."""

    purpose: FormPurpose
    person_id: int
    student_id: int | None = None


@dataclass(frozen=True, slots=True)
class IssuedForm:
    """A numbered form that a person is to sign. The number has a check digit.

    A statement of contacts names contacts, in the agreed order, and choices; other forms have neither. `reason` is why
    it was returned. `settled_at`: when it was accepted, returned or replaced. `reference` and `sha256` are of an
    e-document that its person says was sent in place of a signed sheet. `channels`: those whose processors it names.
    """

    id: int
    number: str
    purpose: FormPurpose
    person_id: int
    student_id: int | None
    contact_ids: tuple[int, ...]
    choices: tuple[AgreedChoice, ...]
    issued_at: datetime
    issued_by: int | None
    state: FormState
    settled_at: datetime | None
    settled_by: int | None
    reason: str | None
    reference: str | None = None
    sha256: str | None = None
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SignedForm:
    """What the office sees on a form that came back signed.

    `all_fields_filled`: the tick that the nine fields of a consent are filled (Q4). `document` None: the form's own
    number; an e-document has its reference there, and its SHA-256. `in_person`: as of `WrittenForm`.
    """

    dated: date
    all_fields_filled: bool = False
    form: FormKind = FormKind.PAPER
    document: str | None = None
    scan_sha256: str | None = None
    expires_on: date | None = None
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """The school as the operator of personal data, by its short name and by full name and address (152-ФЗ).

    `processors`: by channel, who processes data on its behalf, with address; None: the school has not named it.
    """

    school: str
    name: str
    processors: Mapping[str, str | None]
