"""Entries with versions and the gradebook; period marks and the history of imports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.imports.reports import ReportKind
from core.model.marks.entries import Entry, EntryChange, NewEntry
from core.model.marks.gradebook import ClassRegister, DatedVersion, LessonDay, OpenedEntry, Taught
from core.model.results.period_marks import PeriodMark
from core.rules.access import Scope


class Journal(Protocol):
    """Entries with versions, period marks, imports and sources."""

    async def sources(self) -> frozenset[tuple[ReportKind, int]]:
        """The (report kind, student) pairs already imported once."""
        ...

    async def add_sources(self, pairs: Collection[tuple[ReportKind, int]], *, import_id: int) -> None: ...
    async def known(self, student_ids: Collection[int], *, since: date | None, until: date | None) -> Sequence[Entry]:
        """Entries in force of these students, by student, subject, date and id; a bulk read for the diff."""
        ...

    async def add_entries(self, entries: Sequence[NewEntry], *, import_id: int | None, at: datetime) -> None:
        """Bulk insert."""
        ...

    async def change_entries(
        self, changes: Sequence[EntryChange], *, at: datetime, by: int | None, reason: str, import_id: int | None
    ) -> None:
        """New versions with before and after; enrichment alone makes no version (Q38)."""
        ...

    async def period_marks(
        self, student_ids: Collection[int], *, year_ids: Collection[int]
    ) -> Sequence[PeriodMark]: ...
    async def put_period_mark(self, mark: PeriodMark, *, before: PeriodMark | None, by: int | None) -> int:
        """Insert (id 0) or follow `before` (ConflictError if its version moved); returns the id.

        A greater version than before's is a new value with its own row of history; the same one moves the average only.
        """
        ...

    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        """In how many terms two students, or two subjects, have final marks that are not the same."""
        ...

    async def of_subject(self, subject_id: int) -> Sequence[Entry]:
        """All entries in force of a subject."""
        ...

    async def published_results(self) -> Mapping[str, int]:
        """How many versions of each result were published, by fact ("period_mark:17")."""
        ...

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int: ...
    async def has_imported(self, kind: str) -> bool:
        """Whether a file of this kind has ever brought anything."""
        ...

    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None: ...
    async def entries(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[tuple[Entry, str]]:
        """A student's entries in force with the subject's name, newest day last; empty outside the scope.

        Guardians get an entry as it was before a change that waits for its publication, the student as it is.
        """
        ...

    async def versions(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[DatedVersion]:
        """Versions of entries of these days, oldest first; those that this reader may not see yet are left out."""
        ...

    async def taught(self, scope: Scope, *, on: date, group_id: int | None = None) -> Sequence[Taught]:
        """Groups with their subjects where the scope keeps the register, by name."""
        ...

    async def lesson(self, day: LessonDay, scope: Scope) -> Taught:
        """Whose lesson it is; NotFoundError unless the scope teaches the subject there on that day."""
        ...

    async def register(self, day: LessonDay, scope: Scope) -> ClassRegister:
        """NotFoundError unless the scope teaches the subject there on that day."""
        ...

    async def set_topic(self, day: LessonDay, topic: str | None) -> None:
        """The topic of the day's lessons; a day that the timetable does not know gets a lesson without a number."""
        ...

    async def add_entry(self, new: Entry) -> int:
        """One entry as it is, `id` 0; returns its id."""
        ...

    async def entry(self, entry_id: int, scope: Scope) -> OpenedEntry:
        """Locked for a change; NotFoundError unless the scope teaches the student that subject on that day."""
        ...

    async def due(self, *, now: datetime, limit: int) -> Sequence[tuple[Entry, str]]:
        """Locked entries whose delay has ended, with the subject's name, withdrawn ones included."""
        ...

    async def publish(self, entry_ids: Collection[int]) -> None:
        """From now on guardians see them as they are."""
        ...

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]: ...
