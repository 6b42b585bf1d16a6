"""Broadcasts with the groups they go to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.model.broadcast import Broadcast, Draft
from core.model.timetable import NewLessonChange
from core.rules.access import Scope


class Broadcasts(Protocol):
    """Broadcasts with the groups they go to and the lesson changes that they bring."""

    async def add(self, draft: Draft, *, author_id: int, at: datetime) -> int: ...
    async def broadcast(self, broadcast_id: int, scope: Scope) -> tuple[Broadcast, frozenset[int]]:
        """With its groups; NotFoundError unless the scope opens them all."""
        ...

    async def changes(self, broadcast_id: int) -> Sequence[NewLessonChange]:
        """What it says of lessons; they count from the moment it goes."""
        ...

    async def of_author(self, author_id: int, *, limit: int) -> Sequence[Broadcast]: ...
    async def due(self, *, now: datetime) -> Sequence[tuple[Broadcast, frozenset[int]]]:
        """Planned ones whose time has come."""
        ...

    async def recall(self, broadcast_id: int) -> bool:
        """True for the one caller that called it back, planned or just sent."""
        ...

    async def sent(self, broadcast_id: int, *, at: datetime) -> bool:
        """True for the one caller that turns PLANNED into SENT; an earlier one that it replaces becomes REPLACED."""
        ...

    async def set_due(self, broadcast_id: int, due: datetime | None) -> None: ...
