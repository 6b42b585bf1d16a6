"""Period marks with their versions."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, UniqueConstraint

from storage.database.types import Exact, Moment
from storage.schema.names import metadata


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


period_mark = Table(
    "period_mark", metadata, PeriodMarkColumns, UniqueConstraint("student_id", "subject_id", "year_id", "term")
)
period_mark_version = Table(
    "period_mark_version", metadata, PeriodMarkVersionColumns, UniqueConstraint("period_mark_id", "version")
)
