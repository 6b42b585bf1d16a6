"""The state of chats, and updates that wait for their handling."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.conversation import Arrival, Dialog
from core.model.people import Speaker


class Conversations(Protocol):
    """What a chat was about, and the inbox that makes every update count once."""

    async def speakers(self, channel: str, address: str, *, on: date) -> Sequence[Speaker]:
        """Everybody whose contact this is with ownership proven and a form that confirms it (Q80), as they came.

        With the roles of a date: what has ended opens nothing (Q127).
        """
        ...

    async def known(self, channel: str, addresses: Collection[str]) -> frozenset[str]:
        """Those of the addresses at which `speakers` finds somebody."""
        ...

    async def dialog(self, channel: str, chat: str) -> Dialog:
        """An empty one where nothing is kept."""
        ...

    async def keep(self, dialog: Dialog, *, at: datetime) -> None: ...
    async def turn_to(self, channel: str, chat: str, child_id: int | None, *, at: datetime) -> None:
        """The chat is about this child now; its step and draft stay."""
        ...

    async def leave(self, channel: str, chat: str, step: str) -> None:
        """The chat's words go to this step no more; one that was begun meanwhile stays."""
        ...

    async def arrive(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        """Keeps updates of one channel that are not kept yet; returns the ids of the new ones."""
        ...

    async def apply(self, channel: str, update_id: int) -> bool:
        """Marks the update as applied in the transaction of its effects.

        True for the one transaction that may apply it, and where no such update is kept (a test, a direct feed).
        """
        ...

    async def finish(self, channel: str, update_ids: Collection[int], *, at: datetime) -> None:
        """Handled and answered: the words are forgotten, the number is kept, since the messenger may repeat it."""
        ...

    async def claim_unfinished(
        self, channel: str, *, holder: str, now: datetime, silent_since: datetime
    ) -> Sequence[Arrival]:
        """The caller's unfinished updates, oldest first, and those of holders silent since then, now the caller's.

        Asking is what shows that a holder is alive.
        """
        ...

    async def forget(self, *, before: datetime) -> None:
        """Drops what was finished before that moment."""
        ...
