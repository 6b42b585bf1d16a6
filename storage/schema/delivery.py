"""Notices, obligations, deliveries, attempts, receipts, leases."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from core.model.delivery.states import Reason, State, Status
from core.model.notices.facts import Notice
from core.model.notices.kinds import NoticeKind
from storage.database.types import DayType, MomentType, NoticeFactsType, WordType
from storage.schema.names import metadata, schema_partial_index


class NoticeColumns(TypedColumns):
    """`planned_at`: when its obligations and deliveries were planned."""

    id: Named[int] = Column(primary_key=True)
    student_id: Named[int | None] = Column(ForeignKey("student.id"))
    kind: Named[NoticeKind] = Column(WordType(NoticeKind))
    fact: Named[str] = Column(index=True)
    notice: Named[Notice] = Column(NoticeFactsType)
    received_at: Named[datetime] = Column(MomentType)
    published_at: Named[datetime] = Column(MomentType)
    planned_at: Named[datetime | None] = Column(MomentType)
    person_id: Named[int | None] = Column(ForeignKey("person.id"))
    due: Named[datetime | None] = Column(MomentType)


class ObligationColumns(TypedColumns):
    """`revisit_at`: when the next channel is considered; None while the last delivery is on its way.

    `warned_at`: when the deputy head was last warned of its deadline (Q75). `expires_at`: the message is no longer sent
    from then on.
    """

    id: Named[int] = Column(primary_key=True)
    notice_id: Named[int] = Column(ForeignKey("notice.id"))
    person_id: Named[int] = Column(ForeignKey("person.id"))
    student_id: Named[int | None] = Column(ForeignKey("student.id"))
    kind: Named[NoticeKind] = Column(WordType(NoticeKind))
    received_at: Named[datetime] = Column(MomentType)
    due: Named[datetime | None] = Column(MomentType)
    state: Named[State] = Column(WordType(State))
    evidence: Named[Status | None] = Column(WordType(Status))
    closed_at: Named[datetime | None] = Column(MomentType)
    revisit_at: Named[datetime | None] = Column(MomentType)
    warned_at: Named[datetime | None] = Column(MomentType)
    expires_at: Named[datetime | None] = Column(MomentType)


class DeliveryColumns(TypedColumns):
    """A message of one obligation on one channel. A unique key lets an obligation use each channel once."""

    id: Named[int] = Column(primary_key=True)
    obligation_id: Named[int] = Column(ForeignKey("obligation.id"))
    person_id: Named[int] = Column(ForeignKey("person.id"), index=True)
    student_id: Named[int | None] = Column(ForeignKey("student.id"))
    channel: Named[str]
    contact_id: Named[int | None] = Column(ForeignKey("contact.id"))
    bundle: Named[str]
    kind: Named[NoticeKind] = Column(WordType(NoticeKind))
    status: Named[Status] = Column(WordType(Status))
    reason: Named[Reason | None] = Column(WordType(Reason))
    not_before: Named[datetime] = Column(MomentType)
    due: Named[datetime | None] = Column(MomentType)
    escalate_at: Named[datetime | None] = Column(MomentType)
    tries: Named[int]
    failures: Named[int] = Column(server_default="0")
    repeats: Named[int]
    attempt_id: Named[int | None] = Column(ForeignKey("attempt.id"))
    consent_id: Named[int | None] = Column(ForeignKey("consent_entry.id"))
    updated_at: Named[datetime] = Column(MomentType)


class AttemptColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    key: Named[str] = Column(index=True)
    channel: Named[str]
    contact_id: Named[int | None] = Column(ForeignKey("contact.id"))
    person_id: Named[int] = Column(ForeignKey("person.id"), index=True)
    worker: Named[str]
    started_at: Named[datetime] = Column(MomentType)
    finished_at: Named[datetime | None] = Column(MomentType)
    outcome: Named[Status | None] = Column(WordType(Status))
    reason: Named[Reason | None] = Column(WordType(Reason))
    reference: Named[str | None]
    text_sha256: Named[str | None]


class CarriedColumns(TypedColumns):
    """The deliveries of an attempt, each with its consent at that time: the proof names every attempt (Q76)."""

    attempt_id: Named[int] = Column(ForeignKey("attempt.id"), primary_key=True)
    delivery_id: Named[int] = Column(ForeignKey("delivery.id"), primary_key=True)
    consent_id: Named[int | None] = Column(ForeignKey("consent_entry.id"))


class ReceiptColumns(TypedColumns):
    """Every receipt for an attempt, also one that changed no status."""

    id: Named[int] = Column(primary_key=True)
    attempt_id: Named[int] = Column(ForeignKey("attempt.id"), index=True)
    status: Named[Status] = Column(WordType(Status))
    reference: Named[str | None]
    reason: Named[Reason | None] = Column(WordType(Reason))
    received_at: Named[datetime] = Column(MomentType)


class PhoneCallColumns(TypedColumns):
    """The person of an obligation was reached by phone (Q97); `state_before` is the state until then."""

    obligation_id: Named[int] = Column(ForeignKey("obligation.id"), primary_key=True)
    caller_id: Named[int] = Column(ForeignKey("person.id"))
    called_at: Named[datetime] = Column(MomentType)
    state_before: Named[State] = Column(WordType(State))


class LeaseColumns(TypedColumns):
    """`beat`: a counter that the holder increases while it runs; not a time, since clocks may be put back."""

    name: Named[str] = Column(primary_key=True)
    holder: Named[str]
    beat: Named[int] = Column(BigInteger)


class PeriodicRunColumns(TypedColumns):
    """Work claimed for a local date, in the transaction that does it; it is therefore not done again."""

    job: Named[str] = Column(primary_key=True)
    on: Named[date] = Column(DayType, primary_key=True)


class JobRunColumns(TypedColumns):
    """A periodic job on a local date: when it last began, ended well and failed. `done_at`: it need not run again."""

    job: Named[str] = Column(primary_key=True)
    on: Named[date] = Column(DayType, primary_key=True)
    begun_at: Named[datetime | None] = Column(MomentType)
    done_at: Named[datetime | None] = Column(MomentType)
    failed_at: Named[datetime | None] = Column(MomentType)


_PENDING = "status = 'pending'"
NOT_WITHDRAWN = "status <> 'withdrawn'"
"""An obligation uses a channel once. Withdrawn rows do not count, so a reopened obligation may use it again."""

notice = Table(
    "notice", metadata, NoticeColumns, schema_partial_index("ix_notice_unplanned", "id", where="planned_at IS NULL")
)

obligation = Table(
    "obligation",
    metadata,
    ObligationColumns,
    UniqueConstraint("notice_id", "person_id"),
    schema_partial_index("ix_obligation_revisit", "revisit_at", where="state = 'open'"),
    schema_partial_index("ix_obligation_due", "due", where="due IS NOT NULL"),
    schema_partial_index("ix_obligation_expires", "expires_at", where="state = 'open'"),
)

delivery = Table(
    "delivery",
    metadata,
    DeliveryColumns,
    Index("ix_delivery_obligation_id", "obligation_id"),
    schema_partial_index(
        "uq_delivery_obligation_id_bundle", "obligation_id", "bundle", where=NOT_WITHDRAWN, unique=True
    ),
    schema_partial_index(
        "ix_delivery_due", "channel", "due", "bundle", "not_before", where=f"{_PENDING} AND due IS NOT NULL"
    ),
    schema_partial_index("ix_delivery_not_due", "channel", "not_before", "bundle", where=f"{_PENDING} AND due IS NULL"),
    schema_partial_index("ix_delivery_bundle", "bundle", where=_PENDING),
    schema_partial_index("ix_delivery_failed", "updated_at", where="status = 'failed'"),
)

attempt = Table(
    "attempt", metadata, AttemptColumns, schema_partial_index("ix_attempt_in_flight", "id", where="finished_at IS NULL")
)
carried = Table("carried", metadata, CarriedColumns)
receipt = Table("receipt", metadata, ReceiptColumns)
phone_call = Table("phone_call", metadata, PhoneCallColumns)
lease = Table("lease", metadata, LeaseColumns)
periodic_run = Table("periodic_run", metadata, PeriodicRunColumns)
job_run = Table("job_run", metadata, JobRunColumns)
