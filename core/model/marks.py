"""What the journal says of students: entries with their versions, period marks, imports and sources."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.model.journal import ReportKind


class EntryKind(StrEnum):
    """What a token in a cell is. A cell holds them side by side, so they are kept, compared and versioned alike.

    Only a score counts in an average (Q27, Q28, Q43).
    """

    SCORE = "score"
    CREDIT = "credit"
    ABSENCE = "absence"
    DEBT = "debt"


@dataclass(frozen=True, slots=True)
class Entry:
    """One token of a student's journal in its version in force.

    `source` is the report kind that created it (None: made in the bot) and alone may withdraw it;
    `weight` None means the report does not say.
    """

    id: int
    student_id: int
    subject_id: int
    on: date
    kind: EntryKind
    value: str
    work_kind: str | None
    topic: str | None
    weight: Decimal | None
    version: int
    source: ReportKind | None
    import_id: int | None
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry about to be written; millions of them pass through an import."""

    student_id: int
    subject_id: int
    on: date
    kind: EntryKind
    value: str
    work_kind: str | None
    topic: str | None
    weight: Decimal | None
    source: ReportKind | None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry in force, and what it becomes (`value` None: withdrawn; equal to the old: only enriched).

    `kind` is that of the new value: a debt («.») becomes a score when the work is handed in.
    """

    entry: Entry
    kind: EntryKind
    value: str | None
    work_kind: str | None
    topic: str | None
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """What an entry was before a change: before, after, who, when, why (Q38). `after` None = withdrawn."""

    id: int
    entry_id: int
    version: int
    before: str
    after: str | None
    changed_at: datetime
    changed_by: int | None
    reason: str
    import_id: int | None


@dataclass(frozen=True, slots=True)
class PeriodMark:
    """A printed average and the final mark of a term ("year", "exam" and "final" are terms too).

    `received_at` starts the 24 hours of R6 and moves only with a new version; `published` is False for history
    that the first import brought (Q90). `term` "" stands for a report that names none.
    """

    id: int
    student_id: int
    subject_id: int
    year_id: int
    term: str
    average: Decimal | None
    value: str | None
    version: int
    received_at: datetime | None
    published: bool
    import_id: int | None


@dataclass(frozen=True, slots=True)
class PeriodMarkVersion:
    """One published or silent value of a period mark; a new one is a new obligation (Q74)."""

    id: int
    period_mark_id: int
    version: int
    before: str | None
    after: str | None
    received_at: datetime | None
    published: bool
    changed_by: int | None
    import_id: int | None


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
    """A report kind known for a student; the first file of a source is silent (Q90)."""

    id: int
    kind: ReportKind
    student_id: int
    first_import_id: int
