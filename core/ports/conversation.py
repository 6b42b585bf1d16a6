"""The state of chats, and updates that wait for their handling."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from core.model.conversation import Arrival, Dialog, SentFile
from core.model.people import Speaker


class ConversationPort(Protocol):
    """The state of chats, and the inbox that applies every update once."""

    async def speakers(self, channel: str, address: str, *, on: date) -> Sequence[Speaker]:
        """The persons of a chat, oldest contact first: ownership is proven and a form confirms it (Q80).

        They have the roles of that date, without those that have ended (Q127).
        """
        ...

    async def heard_in(self, channel: str, chat: str, *, on: date) -> tuple[Sequence[Speaker], Dialog]:
        """`speakers` and `dialog` of a chat in one query; a chat of nobody keeps nothing."""
        ...

    async def known(self, channel: str, addresses: Collection[str]) -> frozenset[str]:
        """Those of the addresses at which `speakers` finds somebody."""
        ...

    async def dialog(self, channel: str, chat: str) -> Dialog:
        """The state of a chat; an empty one if nothing is stored."""
        ...

    async def keep(self, dialog: Dialog, *, at: datetime) -> None: ...
    async def turn_to(self, channel: str, chat: str, child_id: int | None, *, at: datetime) -> None:
        """Sets the child that the chat is about; step and draft stay."""
        ...

    async def leave(self, channel: str, chat: str, step: str) -> None:
        """Ends a step of the chat; its draft stays, and so does another step that began meanwhile."""
        ...

    async def remember_taken(self, channel: str, chat: str, taken: Mapping[str, Any], *, at: datetime) -> None:
        """Sets what takes edited messages; step and draft stay."""
        ...

    async def remember_asked(self, channel: str, chat: str, asked: Mapping[str, Any], *, at: datetime) -> None:
        """Sets the last question that was answered; step and draft stay."""
        ...

    async def arrive(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        """Stores updates of one channel that are not stored yet; returns the ids of the new ones."""
        ...

    async def apply(self, channel: str, update_id: int) -> bool:
        """Marks the update as applied in the transaction of its effects.

        True for the one transaction that may apply it, and if the update is not stored (a test, a direct feed).
        """
        ...

    async def finish(self, channel: str, update_ids: Collection[int], *, at: datetime) -> None:
        """Ends updates: the text is deleted and the id is kept, since the messenger may send the update again."""
        ...

    async def claim_unfinished(
        self, channel: str, *, holder: str, now: datetime, silent_since: datetime
    ) -> Sequence[Arrival]:
        """Claims the unfinished updates of the caller, and of holders that were silent since then; oldest first.

        A holder that calls this is alive.
        """
        ...

    async def expect_files(self, files: Collection[SentFile], *, at: datetime, until: datetime) -> None:
        """Files that families of other channels shall get too: to be fetched soon, and erased after their term.

        One that is expected already keeps the longer term.
        """
        ...

    async def expected_file(self, *, now: datetime) -> tuple[str, str] | None:
        """Channel and reference of a file that is to be fetched now."""
        ...

    async def kept_file(self, channel: str, reference: str) -> bytes | None:
        """A file that was fetched; None where it was not, or its term is over."""
        ...

    async def keep_file(self, channel: str, reference: str, content: bytes | None, *, now: datetime) -> None:
        """Keeps an expected file; None: it was not to be had, so it is tried later, after a pause that grows."""
        ...

    async def erase_files(self, *, before: datetime) -> None:
        """Erases the files whose term ended before that moment."""
        ...

    async def forget_chat(self, channel: str, chat: str) -> None:
        """Deletes the state of a chat, and its address in updates that are finished (Q10)."""
        ...

    async def forget(self, *, before: datetime) -> None:
        """Deletes updates that were finished before that moment."""
        ...
