"""Chats take turns: in order within a chat, one thing at a time, and a chat that says much waits longest."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Whoever has had a turn goes to the end of the line, so that a flood of one chat delays only that chat."""

    def __init__(self) -> None:
        self._said: dict[str, deque[T]] = {}
        self._line: asyncio.Queue[str] = asyncio.Queue()

    def __len__(self) -> int:
        """What waits, and what is having its turn."""
        return sum(map(len, self._said.values()))

    def add(self, chat: str, thing: T) -> None:
        """After all that the chat has said before."""
        if chat not in self._said:
            self._said[chat] = deque()
            self._line.put_nowait(chat)
        self._said[chat].append(thing)

    async def next(self) -> tuple[str, T]:
        """Whose turn it is, and with what; the chat has no other turn until `done` or `again`."""
        chat = await self._line.get()
        return chat, self._said[chat][0]

    def done(self, chat: str) -> None:
        """The turn is over."""
        self._said[chat].popleft()
        if self._said[chat]:
            self._line.put_nowait(chat)
        else:
            del self._said[chat]

    def again(self, chat: str, *, after: float) -> None:
        """The same thing once more in so many seconds; the chat waits, the others do not."""
        asyncio.get_running_loop().call_later(after, self._line.put_nowait, chat)
