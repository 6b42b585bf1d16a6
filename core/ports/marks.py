"""Entries with versions, and the gradebook."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.marks.entries import Entry, EntryChange, NewEntry
from core.model.marks.gradebook import DatedVersion, GradebookPage, LessonDay, OpenedEntry, Taught
from core.rules.access import Scope


class MarksPort(Protocol):
    """Entries with versions, and the gradebook that teachers keep."""

    async def known(self, student_ids: Collection[int], *, since: date | None, until: date | None) -> Sequence[Entry]:
        """Entries in force of these students, by student, subject, date and id; a bulk read for the diff."""
        ...

    async def add_entries(self, entries: Sequence[NewEntry], *, import_id: int | None, at: datetime) -> None:
        """Adds many entries at once."""
        ...

    async def change_entries(
        self, changes: Sequence[EntryChange], *, at: datetime, by: int | None, reason: str, import_id: int | None
    ) -> None:
        """Changes entries and writes their versions; a change of details alone makes no version (Q38)."""
        ...

    async def last_recorded_at(self) -> datetime | None:
        """When the last entry came, by an import or by a teacher; None in a school without entries."""
        ...

    async def of_subject(self, subject_id: int) -> Sequence[Entry]:
        """All entries in force of a subject."""
        ...

    async def entries(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[tuple[Entry, str]]:
        """A student's entries in force with the subject's name, newest day last; empty outside the scope.

        Guardians get an entry as it was before a change that waits for its publication, the student as it is.
        """
        ...

    async def versions(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[DatedVersion]:
        """Versions of entries of these days, oldest first; those that this reader may not see yet are left out."""
        ...

    async def taught(self, scope: Scope, *, on: date, group_id: int | None = None) -> Sequence[Taught]:
        """The groups and subjects whose gradebook the scope includes, by name."""
        ...

    async def taught_lesson(self, day: LessonDay, scope: Scope) -> Taught:
        """The group and subject of a lesson; NotFoundError unless the scope teaches it on that day."""
        ...

    async def page(self, day: LessonDay, scope: Scope) -> GradebookPage:
        """NotFoundError unless the scope teaches the subject there on that day."""
        ...

    async def set_topic(self, day: LessonDay, topic: str | None) -> None:
        """Sets the topic of the day's lessons; without a lesson on that day one without a number is added."""
        ...

    async def add_entry(self, new: Entry) -> int:
        """Adds one entry with `id` 0; returns its id."""
        ...

    async def entry(self, entry_id: int, scope: Scope) -> OpenedEntry:
        """Locked for a change; NotFoundError unless the scope teaches the student that subject on that day."""
        ...

    async def due(self, *, now: datetime, limit: int) -> Sequence[tuple[Entry, str]]:
        """Locked entries whose delay has ended, with the subject's name, withdrawn ones included."""
        ...

    async def publish(self, entry_ids: Collection[int]) -> None:
        """Publishes entries: guardians see their present values."""
        ...
