"""Consents, issued forms, contacts with their proofs, erasures, one-time codes, preferences."""

from datetime import date, datetime, time

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from core.model.notices.kinds import NoticeKind
from core.model.register.consents import Decision
from core.model.register.erasures import ErasureReason
from core.model.register.forms import AgreedChoice, FormKind, FormPurpose, FormState
from core.model.register.preferences import Frequency
from storage.database.types import AgreedChoicesType, DayType, MomentType, NumbersType, WordsType, WordType
from storage.schema.names import metadata, schema_partial_index


class ConsentEntryColumns(TypedColumns):
    """Append-only, by a trigger (Q6)."""

    id: Named[int] = Column(primary_key=True)
    number: Named[str] = Column(unique=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    student_id: Named[int] = Column(ForeignKey("student.id"))
    decision: Named[Decision] = Column(WordType(Decision))
    decided_on: Named[date] = Column(DayType)
    form: Named[FormKind] = Column(WordType(FormKind))
    document: Named[str]
    scan_sha256: Named[str | None]
    expires_on: Named[date | None] = Column(DayType)
    registered_by: Named[str]
    registered_at: Named[datetime] = Column(MomentType)
    channels: Named[tuple[str, ...] | None] = Column(WordsType(none_as_null=True))


class IssuedFormColumns(TypedColumns):
    """A form has one row for life; what it enters in the register stands in tables of its own."""

    id: Named[int] = Column(primary_key=True)
    number: Named[str] = Column(unique=True)
    purpose: Named[FormPurpose] = Column(WordType(FormPurpose))
    person_id: Named[int] = Column(ForeignKey("person.id"), index=True)
    student_id: Named[int | None] = Column(ForeignKey("student.id"))
    contact_ids: Named[tuple[int, ...]] = Column(NumbersType)
    choices: Named[tuple[AgreedChoice, ...]] = Column(AgreedChoicesType)
    issued_at: Named[datetime] = Column(MomentType)
    issued_by: Named[int | None] = Column(ForeignKey("person.id"))
    state: Named[FormState] = Column(WordType(FormState))
    settled_at: Named[datetime | None] = Column(MomentType)
    settled_by: Named[int | None] = Column(ForeignKey("person.id"))
    reason: Named[str | None]
    reference: Named[str | None]
    sha256: Named[str | None]
    channels: Named[tuple[str, ...] | None] = Column(WordsType(none_as_null=True))


class ContactColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    person_id: Named[int] = Column(ForeignKey("person.id"), index=True)
    channel: Named[str]
    address: Named[str | None]
    rank: Named[int]
    origin: Named[str]
    proven_at: Named[datetime | None] = Column(MomentType)
    set_aside_at: Named[datetime | None] = Column(MomentType)
    set_aside_reason: Named[str | None]
    muted_until: Named[datetime | None] = Column(MomentType)
    revoked_at: Named[datetime | None] = Column(MomentType)
    destroyed_at: Named[datetime | None] = Column(MomentType)
    announce_at: Named[datetime | None] = Column(MomentType)
    added_at: Named[datetime | None] = Column(MomentType)


class ErasureColumns(TypedColumns):
    """Kept at least three years (order РКН № 179); it holds no address."""

    id: Named[int] = Column(primary_key=True)
    number: Named[str] = Column(unique=True)
    person_id: Named[int] = Column(ForeignKey("person.id"), index=True)
    reason: Named[ErasureReason] = Column(WordType(ErasureReason))
    document: Named[str]
    contact_ids: Named[tuple[int, ...]] = Column(NumbersType)
    channels: Named[tuple[str, ...]] = Column(WordsType)
    destroyed_at: Named[datetime] = Column(MomentType)
    destroyed_by: Named[int | None] = Column(ForeignKey("person.id"))
    office: Named[str]


class ConfirmationColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    contact_id: Named[int] = Column(ForeignKey("contact.id"), index=True)
    form: Named[FormKind] = Column(WordType(FormKind))
    document: Named[str]
    document_on: Named[date | None] = Column(DayType)
    accepted_by: Named[str]
    accepted_at: Named[datetime] = Column(MomentType)


class OneTimeCodeColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    contact_id: Named[int | None] = Column(ForeignKey("contact.id"))
    channel: Named[str]
    code_hash: Named[str]
    expires_at: Named[datetime] = Column(MomentType)
    used_at: Named[datetime | None] = Column(MomentType)
    token_hash: Named[str | None]


class WrongCodeColumns(TypedColumns):
    """One guess that failed; `origin` is a keyed hash of the chat it came from (Q82)."""

    id: Named[int] = Column(primary_key=True)
    origin: Named[str]
    at: Named[datetime] = Column(MomentType)


class PreferenceColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    kind: Named[NoticeKind] = Column(WordType(NoticeKind))
    frequency: Named[Frequency] = Column(WordType(Frequency))


class DigestHourColumns(TypedColumns):
    person_id: Named[int] = Column(ForeignKey("person.id"), primary_key=True)
    at: Named[time]


class QuietHoursColumns(TypedColumns):
    """The person's own quiet hours by the school's clock, across midnight if `starts` > `ends`; equal: none."""

    person_id: Named[int] = Column(ForeignKey("person.id"), primary_key=True)
    starts: Named[time]
    ends: Named[time]


class UnsubscriptionColumns(TypedColumns):
    """A kind of notice that a person does not want by this channel (Q83)."""

    person_id: Named[int] = Column(ForeignKey("person.id"), primary_key=True)
    channel: Named[str] = Column(primary_key=True)
    kind: Named[NoticeKind] = Column(WordType(NoticeKind), primary_key=True)
    at: Named[datetime] = Column(MomentType)


consent_entry = Table("consent_entry", metadata, ConsentEntryColumns, Index(None, "student_id", "person_id"))
issued_form = Table(
    "issued_form",
    metadata,
    IssuedFormColumns,
    schema_partial_index("ix_issued_form_waiting", "id", where="state = 'waiting'"),
)
contact = Table(
    "contact",
    metadata,
    ContactColumns,
    Index(None, "channel", "address"),
    schema_partial_index(
        "uq_contact_in_use", "person_id", "channel", "address", where="revoked_at IS NULL", unique=True
    ),
)
erasure = Table("erasure", metadata, ErasureColumns)
confirmation = Table("confirmation", metadata, ConfirmationColumns)
one_time_code = Table(
    "one_time_code", metadata, OneTimeCodeColumns, Index(None, "code_hash"), Index(None, "token_hash")
)
wrong_code = Table("wrong_code", metadata, WrongCodeColumns, Index(None, "origin", "at"))
preference = Table("preference", metadata, PreferenceColumns, UniqueConstraint("person_id", "kind"))
digest_hour = Table("digest_hour", metadata, DigestHourColumns)
quiet_hours = Table("quiet_hours", metadata, QuietHoursColumns)
unsubscription = Table("unsubscription", metadata, UnsubscriptionColumns)
