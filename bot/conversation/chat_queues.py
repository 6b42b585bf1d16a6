"""Chats take turns: in order within a chat, one thing at a time, and a chat that says much waits longest."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Whoever has had a turn goes to the end of the line, so that a flood of one chat delays only that chat.

    Chats that are known have a line of their own, which is always served first; of the strangers no more than
    `strangers_at_once` have a turn at the same time, so that no crowd of them is in the way of a family.
    """

    def __init__(self, *, strangers_at_once: int) -> None:
        self._said: dict[str, deque[T]] = {}
        self._known: set[str] = set()  # of the chats that wait or have a turn
        self._first: deque[str] = deque()
        self._then: deque[str] = deque()
        self._strangers: set[str] = set()  # that have a turn now
        self._strangers_at_once = strangers_at_once
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """What waits, and what is having its turn."""
        return sum(map(len, self._said.values()))

    def add(self, chat: str, thing: T, *, is_known: bool) -> None:
        """After all that the chat has said before; a chat that is known by now need not wait among strangers."""
        if chat not in self._said:
            self._said[chat] = deque()
            (self._first if is_known else self._then).append(chat)
        elif is_known and chat in self._then:
            self._then.remove(chat)
            self._first.append(chat)
        if is_known:
            self._known.add(chat)
        self._said[chat].append(thing)
        self._changed.set()

    async def next(self) -> tuple[str, T]:
        """Whose turn it is, and with what; the chat has no other turn until `done` or `again`."""
        while (chat := self._picked()) is None:
            self._changed.clear()
            await self._changed.wait()
        return chat, self._said[chat][0]

    def _picked(self) -> str | None:
        if self._first:
            return self._first.popleft()
        if not self._then or len(self._strangers) >= self._strangers_at_once:
            return None
        chat = self._then.popleft()
        self._strangers.add(chat)
        return chat

    def done(self, chat: str) -> None:
        """The turn is over."""
        self._said[chat].popleft()
        self._strangers.discard(chat)
        if self._said[chat]:
            self._line_up(chat)
        else:
            del self._said[chat]
            self._known.discard(chat)
        self._changed.set()

    def again(self, chat: str, *, after: float) -> None:
        """The same thing once more in so many seconds; the chat waits, the others do not."""
        self._strangers.discard(chat)
        self._changed.set()
        asyncio.get_running_loop().call_later(after, self._line_up, chat)

    def _line_up(self, chat: str) -> None:
        (self._first if chat in self._known else self._then).append(chat)
        self._changed.set()
