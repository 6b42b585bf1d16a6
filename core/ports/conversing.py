"""Repositories of the conversation: broadcasts, the state of chats, updates that wait for their handling."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.model.broadcast import Acknowledging, Broadcast
from core.model.conversation import Arrival, Dialog
from core.model.schoolwork import HomeworkFile
from core.rules.access import Scope


class Broadcasts(Protocol):
    """Broadcasts with the groups they go to."""

    async def add(
        self,
        *,
        author_id: int,
        group_ids: Collection[int],
        text: str | None,
        rule: Acknowledging,
        send_at: datetime,
        at: datetime,
        replaces_id: int | None = None,
        file: HomeworkFile | None = None,
    ) -> int: ...
    async def broadcast(self, broadcast_id: int, scope: Scope) -> tuple[Broadcast, frozenset[int]]:
        """With its groups; NotFoundError unless the scope opens them all or the author asks."""
        ...

    async def of_author(self, author_id: int, *, limit: int) -> Sequence[Broadcast]: ...
    async def due(self, *, now: datetime) -> Sequence[tuple[Broadcast, frozenset[int]]]:
        """Planned ones whose time has come."""
        ...

    async def recall(self, broadcast_id: int) -> bool:
        """True for the one caller that called it back before it went."""
        ...

    async def sent(self, broadcast_id: int, *, at: datetime) -> bool:
        """True for the one caller that turns PLANNED into SENT; an earlier one that it replaces becomes REPLACED."""
        ...


class Conversations(Protocol):
    """What a chat was about, and the inbox that makes every update count once."""

    async def dialog(self, chat: str) -> Dialog:
        """An empty one where nothing is kept."""
        ...

    async def keep(self, dialog: Dialog, *, at: datetime) -> None: ...
    async def arrive(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        """Keeps updates that are not kept yet; returns the ids of the new ones."""
        ...

    async def apply(self, update_id: int) -> bool:
        """Marks the update as applied in the transaction of its effects.

        True for the one transaction that may apply it, and where no such update is kept (a test, a direct feed).
        """
        ...

    async def finish(self, update_ids: Collection[int], *, at: datetime) -> None:
        """Handled and answered: the words are forgotten, the number is kept, since Telegram may bring it again."""
        ...

    async def waiting(self, *, holder: str, now: datetime, silent_since: datetime) -> Sequence[Arrival]:
        """The caller's unfinished updates, oldest first, and those of holders silent since then, now the caller's.

        Asking is what shows that a holder is alive.
        """
        ...

    async def forget(self, *, before: datetime) -> None:
        """Drops what was finished before that moment."""
        ...
