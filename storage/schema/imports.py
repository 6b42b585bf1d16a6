"""Imports, their sources, and what each student's diary names."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, UniqueConstraint

from core.model.imports.reports import ReportKind
from storage.database.types import MomentType, WordType
from storage.schema.names import metadata


class ImportColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    sha256: Named[str]
    kind: Named[str]
    imported_at: Named[datetime] = Column(MomentType)
    imported_by: Named[int | None] = Column(ForeignKey("person.id"))
    recorded: Named[int]
    changed: Named[int]
    withdrawn: Named[int]


class SourceColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    kind: Named[ReportKind] = Column(WordType(ReportKind))
    student_id: Named[int] = Column(ForeignKey("student.id"))
    first_import_id: Named[int] = Column(ForeignKey("import.id"))


class DiaryStatementColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    lesson_id: Named[int | None] = Column(ForeignKey("lesson.id"))
    homework_id: Named[int | None] = Column(ForeignKey("homework.id"))
    gone_at: Named[datetime | None] = Column(MomentType)


imported = Table("import", metadata, ImportColumns)
source = Table("source", metadata, SourceColumns, UniqueConstraint("student_id", "kind"))
diary_statement = Table(
    "diary_statement",
    metadata,
    DiaryStatementColumns,
    UniqueConstraint("lesson_id", "student_id"),
    UniqueConstraint("homework_id", "student_id"),
)
