"""Imported files, the sources that are known, and what each student's diary names."""

from dataclasses import dataclass
from datetime import datetime

from core.model.imports.reports import ReportKind


@dataclass(frozen=True, slots=True)
class Import:
    """One imported file: its hash and counts, never its name, since file names are personal data."""

    id: int
    sha256: str
    kind: str
    imported_at: datetime
    imported_by: int | None
    recorded: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Source:
    """A report kind that was imported for a student; its first import makes no notices (Q90)."""

    id: int
    kind: ReportKind
    student_id: int
    first_import_id: int


@dataclass(frozen=True, slots=True)
class DiaryStatement:
    """A lesson or a homework that a student's diary names; `gone_at`: the diary, imported again, names it no more."""

    id: int
    student_id: int
    lesson_id: int | None
    homework_id: int | None
    gone_at: datetime | None = None
