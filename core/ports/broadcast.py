"""Broadcasts with the groups they go to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.model.broadcast import Broadcast, Draft, ReceivedAnnouncement
from core.model.timetable import NewLessonChange
from core.rules.access import Scope


class BroadcastPort(Protocol):
    """Broadcasts with the groups they go to and the lesson changes that they bring."""

    async def add(self, draft: Draft, *, author_id: int, at: datetime) -> int: ...
    async def broadcast(self, broadcast_id: int, scope: Scope) -> tuple[Broadcast, frozenset[int]]:
        """A broadcast and its group ids; NotFoundError unless the scope includes them all."""
        ...

    async def changes(self, broadcast_id: int) -> Sequence[NewLessonChange]:
        """Its lesson changes; they apply when it is sent."""
        ...

    async def of_author(self, author_id: int, *, limit: int) -> Sequence[Broadcast]: ...
    async def due(self, *, now: datetime) -> Sequence[tuple[Broadcast, frozenset[int]]]:
        """Planned broadcasts whose time has come."""
        ...

    async def announcements(
        self, student_id: int, scope: Scope, *, reader_id: int, since: datetime, until: datetime
    ) -> Sequence[ReceivedAnnouncement]:
        """What was announced to a student's family from `since` on and before `until`, the newest first.

        Without what was recalled or replaced, and without reminders of the same.
        """
        ...

    async def recall(self, broadcast_id: int) -> bool:
        """PLANNED or SENT becomes RECALLED; True for the one caller that did it."""
        ...

    async def mark_sent(self, broadcast_id: int, *, at: datetime) -> bool:
        """PLANNED becomes SENT, and the broadcast that it replaces REPLACED; True for the one caller that did it."""
        ...

    async def set_due(self, broadcast_id: int, due: datetime | None) -> None: ...
