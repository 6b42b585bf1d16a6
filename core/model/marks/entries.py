"""Entries of the journal with their versions: marks, absences, debts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.model.imports.reports import ReportKind


class EntryKind(StrEnum):
    """The kind of a token. A cell may hold several kinds, so all are stored, compared and versioned alike.

    Only a score counts in an average (Q27, Q28, Q43).
    """

    SCORE = "score"
    CREDIT = "credit"
    ABSENCE = "absence"
    DEBT = "debt"


@dataclass(frozen=True, slots=True)
class Entry:
    """One token of a student's journal in its version in force.

    `source` is the report kind that created it (None: made in the bot by `given_by`); only that kind may withdraw it.
    `weight` None: the report does not say. `on` is the lesson's day, `set_on` the day on which the mark was set.

    While a change is `awaiting` its publication at `publish_at`, guardians see `shown` (None: nothing yet) and the
    student sees `value`. After publication `publish_at` is its time (None: published when recorded).
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
    comment: str | None = None
    set_on: date | None = None
    given_by: int | None = None
    awaiting: bool = False
    shown: str | None = None
    publish_at: datetime | None = None

    @property
    def outcome(self) -> str | None:
        """The present value; None: withdrawn."""
        return None if self.withdrawn_at else self.value

    @property
    def seen(self) -> str | None:
        """The value that guardians see now; None: nothing."""
        return self.shown if self.awaiting else self.outcome

    @property
    def published_at(self) -> datetime | None:
        """When guardians could first see the present value; None: not yet (Q13)."""
        return None if self.awaiting else self.publish_at or self.recorded_at


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry of a report before it is written."""

    student_id: int
    subject_id: int
    on: date
    kind: EntryKind
    value: str
    work_kind: str | None
    topic: str | None
    weight: Decimal | None
    source: ReportKind | None
    comment: str | None = None
    set_on: date | None = None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A change of an entry: `value` None withdraws it, the same value only enriches it with other details.

    `kind` is that of the new value: a debt («.») becomes a score when the work is handed in. Until `publish_at`
    guardians go on seeing the former value.
    """

    entry: Entry
    kind: EntryKind
    value: str | None
    work_kind: str | None
    topic: str | None
    weight: Decimal | None
    comment: str | None = None
    set_on: date | None = None
    publish_at: datetime | None = None

    @property
    def is_version(self) -> bool:
        """True if the value changes; a change of details alone makes no version."""
        return self.value != self.entry.outcome

    def after(self, *, at: datetime) -> Entry:
        """The entry after the change at `at`; a change that makes no version keeps the time of publication."""
        entry, waits = self.entry, self.publish_at is not None
        return Entry(
            entry.id,
            entry.student_id,
            entry.subject_id,
            entry.on,
            self.kind,
            entry.value if self.value is None else self.value,
            self.work_kind,
            self.topic,
            self.weight,
            entry.version + self.is_version,
            entry.source,
            entry.import_id,
            entry.recorded_at,
            at if self.value is None else None,
            self.comment,
            self.set_on,
            entry.given_by,
            awaiting=waits,
            shown=entry.seen if waits else None,
            publish_at=self.publish_at if waits else at if self.is_version else entry.publish_at,
        )

    def version(self, *, at: datetime, by: int | None, reason: str, import_id: int | None) -> "EntryVersion":
        """The version row of the change. It has the `publish_at` of the changes that are published with it."""
        entry = self.entry
        return EntryVersion(
            0,
            entry.id,
            entry.version + 1,
            entry.value,
            self.value,
            at,
            by,
            reason,
            import_id,
            entry.seen,
            entry.publish_at if entry.awaiting else self.publish_at,
        )


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """One change of an entry: before, after, who, when, why (Q38). `after` None: withdrawn.

    `seen` is the value that guardians saw then. Versions of an entry with the same `publish_at` (None: at once) are
    published together: guardians see only the last of them.
    """

    id: int
    entry_id: int
    version: int
    before: str
    after: str | None
    changed_at: datetime
    changed_by: int | None
    reason: str
    import_id: int | None
    seen: str | None = None
    publish_at: datetime | None = None
