"""Entries with their versions."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint, false

from core.model.imports.reports import ReportKind
from core.model.marks.entries import EntryKind
from storage.database.types import DayType, ExactType, MomentType, WordType
from storage.schema.names import metadata


class EntryColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    on: Named[date] = Column(DayType)
    kind: Named[EntryKind] = Column(WordType(EntryKind))
    value: Named[str]
    work_kind: Named[str | None]
    topic: Named[str | None]
    weight: Named[Decimal | None] = Column(ExactType)
    version: Named[int]
    source: Named[ReportKind | None] = Column(WordType(ReportKind))
    import_id: Named[int | None] = Column(ForeignKey("import.id"))
    recorded_at: Named[datetime] = Column(MomentType)
    withdrawn_at: Named[datetime | None] = Column(MomentType)
    comment: Named[str | None]
    set_on: Named[date | None] = Column(DayType)
    given_by: Named[int | None] = Column(ForeignKey("person.id"))
    awaiting: Named[bool] = Column(server_default=false())
    shown: Named[str | None]
    publish_at: Named[datetime | None] = Column(MomentType)


class EntryVersionColumns(TypedColumns):
    """Append-only, by a trigger (Q38)."""

    id: Named[int] = Column(primary_key=True)
    entry_id: Named[int] = Column(ForeignKey("entry.id"))
    version: Named[int]
    before: Named[str]
    after: Named[str | None]
    changed_at: Named[datetime] = Column(MomentType)
    changed_by: Named[int | None] = Column(ForeignKey("person.id"))
    reason: Named[str]
    import_id: Named[int | None] = Column(ForeignKey("import.id"))
    seen: Named[str | None]
    publish_at: Named[datetime | None] = Column(MomentType)


entry = Table("entry", metadata, EntryColumns, Index(None, "student_id", "subject_id", "on"))
AWAITING = Index(
    "ix_entry_awaiting", entry.c.publish_at, sqlite_where=entry.c.awaiting, postgresql_where=entry.c.awaiting
)
"""Holds only what waits for its publication, so that an import pays nothing for it."""

entry_version = Table("entry_version", metadata, EntryVersionColumns, UniqueConstraint("entry_id", "version"))
