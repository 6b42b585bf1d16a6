"""The audit trail, leases and periodic runs, numbering, the print queue."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Named, Table, TypedColumns

from core.model.delivery.states import Status
from core.model.delivery.text import Text
from storage.database.types import Day, ExtractText, Moment, Word
from storage.schema.names import metadata


class AuditLineColumns(TypedColumns):
    """Append-only, by a trigger; ids have no gaps, so a missing line shows (Q76)."""

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    at: Named[datetime] = Column(Moment)
    actor_id: Named[int | None] = Column(ForeignKey("person.id"))
    role: Named[str]
    action: Named[str]
    facts: Named[dict[str, str | int | None]] = Column(JSON)
    chain: Named[str]


class AuditHeadColumns(TypedColumns):
    """One row: the last line of the chain, locked by whoever adds the next.

    `trail` is drawn once for each database and stays with its copies; `epoch`: see `core.model.audit.Head`.
    """

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    line_id: Named[int]
    chain: Named[str]
    trail: Named[str]
    epoch: Named[int]


class LeaseColumns(TypedColumns):
    """`beat` grows while the holder lives; no clock is kept, since clocks are put back."""

    name: Named[str] = Column(primary_key=True)
    holder: Named[str]
    beat: Named[int] = Column(BigInteger)


class PeriodicRunColumns(TypedColumns):
    """A periodic job done, or being done, for a local date."""

    job: Named[str] = Column(primary_key=True)
    on: Named[date] = Column(Day, primary_key=True)


class CounterColumns(TypedColumns):
    """The last number given in a series of a calendar year."""

    series: Named[str] = Column(primary_key=True)
    year: Named[int] = Column(primary_key=True, autoincrement=False)
    last: Named[int]


class ExtractColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    number: Named[str] = Column(unique=True)
    key: Named[str] = Column(unique=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    student_id: Named[int | None] = Column(ForeignKey("student.id"))
    basis: Named[str]
    text: Named[Text] = Column(ExtractText)
    status: Named[Status] = Column(Word(Status), index=True)
    queued_at: Named[datetime] = Column(Moment)
    printed_at: Named[datetime | None] = Column(Moment)
    handed_at: Named[datetime | None] = Column(Moment)
    signed_at: Named[datetime | None] = Column(Moment)


audit_line = Table("audit_line", metadata, AuditLineColumns)
audit_head = Table("audit_head", metadata, AuditHeadColumns)
lease = Table("lease", metadata, LeaseColumns)
periodic_run = Table("periodic_run", metadata, PeriodicRunColumns)
counter = Table("counter", metadata, CounterColumns)
extract = Table("extract", metadata, ExtractColumns)
