"""A queue for each chat, served in turn: updates of a chat keep their order, and one chat cannot block others."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class ChatQueues(Generic[T]):
    """Round robin over chats: after its turn a chat goes to the end of the line, so a flood delays only itself.

    Known chats have their own line, which is served first. At most `strangers_at_once` unknown chats are handled at a
    time, so that they never block a family.
    """

    def __init__(self, *, strangers_at_once: int) -> None:
        self._queues: dict[str, deque[T]] = {}
        self._known: set[str] = set()  # among the chats that wait or are handled
        self._known_line: deque[str] = deque()
        self._stranger_line: deque[str] = deque()
        self._strangers: set[str] = set()  # unknown chats that are handled now
        self._strangers_at_once = strangers_at_once
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Updates that wait or are handled."""
        return sum(map(len, self._queues.values()))

    def add(self, chat: str, thing: T, *, is_known: bool) -> None:
        """Append an update to its chat's queue; a chat that has become known moves to the first line."""
        if chat not in self._queues:
            self._queues[chat] = deque()
            (self._known_line if is_known else self._stranger_line).append(chat)
        elif is_known and chat in self._stranger_line:
            self._stranger_line.remove(chat)
            self._known_line.append(chat)
        if is_known:
            self._known.add(chat)
        self._queues[chat].append(thing)
        self._changed.set()

    async def next(self) -> tuple[str, T]:
        """The next chat and its first update; the chat gets no other turn until `done` or `retry_later`."""
        while (chat := self._next_chat()) is None:
            self._changed.clear()
            await self._changed.wait()
        return chat, self._queues[chat][0]

    def _next_chat(self) -> str | None:
        if self._known_line:
            return self._known_line.popleft()
        if not self._stranger_line or len(self._strangers) >= self._strangers_at_once:
            return None
        chat = self._stranger_line.popleft()
        self._strangers.add(chat)
        return chat

    def waiting(self, chat: str) -> Sequence[T]:
        """The updates of a chat, the first one is handled now."""
        return tuple(self._queues[chat])

    def done(self, chat: str, updates: int = 1) -> None:
        """Finish the turn: so many updates are removed."""
        for _ in range(updates):
            self._queues[chat].popleft()
        self._strangers.discard(chat)
        if self._queues[chat]:
            self._line_up(chat)
        else:
            del self._queues[chat]
            self._known.discard(chat)
        self._changed.set()

    def retry_later(self, chat: str, *, after: float) -> None:
        """Repeat the same update after `after` seconds; only this chat waits."""
        self._strangers.discard(chat)
        self._changed.set()
        asyncio.get_running_loop().call_later(after, self._line_up, chat)

    def _line_up(self, chat: str) -> None:
        (self._known_line if chat in self._known else self._stranger_line).append(chat)
        self._changed.set()
