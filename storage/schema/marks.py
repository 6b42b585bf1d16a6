"""Entries with versions, period marks with versions, imports and their sources."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint, false

from core.model.imports.reports import ReportKind
from core.model.marks.entries import EntryKind
from storage.database.types import Day, Exact, Moment, Word
from storage.schema.names import metadata


class ImportColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    sha256: Named[str]
    kind: Named[str]
    imported_at: Named[datetime] = Column(Moment)
    imported_by: Named[int | None] = Column(ForeignKey("person.id"))
    recorded: Named[int]
    changed: Named[int]
    withdrawn: Named[int]


class SourceColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    kind: Named[ReportKind] = Column(Word(ReportKind))
    student_id: Named[int] = Column(ForeignKey("student.id"))
    first_import_id: Named[int] = Column(ForeignKey("import.id"))


class EntryColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    on: Named[date] = Column(Day)
    kind: Named[EntryKind] = Column(Word(EntryKind))
    value: Named[str]
    work_kind: Named[str | None]
    topic: Named[str | None]
    weight: Named[Decimal | None] = Column(Exact)
    version: Named[int]
    source: Named[ReportKind | None] = Column(Word(ReportKind))
    import_id: Named[int | None] = Column(ForeignKey("import.id"))
    recorded_at: Named[datetime] = Column(Moment)
    withdrawn_at: Named[datetime | None] = Column(Moment)
    comment: Named[str | None]
    set_on: Named[date | None] = Column(Day)
    given_by: Named[int | None] = Column(ForeignKey("person.id"))
    awaiting: Named[bool] = Column(server_default=false())
    shown: Named[str | None]
    publish_at: Named[datetime | None] = Column(Moment)


class EntryVersionColumns(TypedColumns):
    """Append-only, by a trigger (Q38)."""

    id: Named[int] = Column(primary_key=True)
    entry_id: Named[int] = Column(ForeignKey("entry.id"))
    version: Named[int]
    before: Named[str]
    after: Named[str | None]
    changed_at: Named[datetime] = Column(Moment)
    changed_by: Named[int | None] = Column(ForeignKey("person.id"))
    reason: Named[str]
    import_id: Named[int | None] = Column(ForeignKey("import.id"))
    seen: Named[str | None]
    publish_at: Named[datetime | None] = Column(Moment)


class PeriodMarkColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    subject_id: Named[int] = Column(ForeignKey("subject.id"))
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    term: Named[str]
    average: Named[Decimal | None] = Column(Exact)
    value: Named[str | None]
    version: Named[int]
    received_at: Named[datetime | None] = Column(Moment)
    published: Named[bool]
    import_id: Named[int | None] = Column(ForeignKey("import.id"))


class PeriodMarkVersionColumns(TypedColumns):
    """Append-only, by a trigger (Q67, Q74)."""

    id: Named[int] = Column(primary_key=True)
    period_mark_id: Named[int] = Column(ForeignKey("period_mark.id"))
    version: Named[int]
    before: Named[str | None]
    after: Named[str | None]
    received_at: Named[datetime | None] = Column(Moment)
    published: Named[bool]
    changed_by: Named[int | None] = Column(ForeignKey("person.id"))
    import_id: Named[int | None] = Column(ForeignKey("import.id"))


imported = Table("import", metadata, ImportColumns)
source = Table("source", metadata, SourceColumns, UniqueConstraint("student_id", "kind"))
entry = Table("entry", metadata, EntryColumns, Index(None, "student_id", "subject_id", "on"))
AWAITING = Index(
    "ix_entry_awaiting", entry.c.publish_at, sqlite_where=entry.c.awaiting, postgresql_where=entry.c.awaiting
)
"""Holds only what waits for its publication, so that an import pays nothing for it."""

entry_version = Table("entry_version", metadata, EntryVersionColumns, UniqueConstraint("entry_id", "version"))
period_mark = Table(
    "period_mark", metadata, PeriodMarkColumns, UniqueConstraint("student_id", "subject_id", "year_id", "term")
)
period_mark_version = Table(
    "period_mark_version", metadata, PeriodMarkVersionColumns, UniqueConstraint("period_mark_id", "version")
)
