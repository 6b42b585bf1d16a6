"""Rate limits of a channel: sends are spaced in advance, so that the peer rarely has to refuse one."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MOST_ADDRESSES = 4096
"""Addresses remembered before those whose turn is over are dropped."""


class Pace:
    """Spaces sends to each address at least `period` seconds apart, first come, first served; 0 is no limit."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._next: dict[str, float] = {}

    async def wait_turn(self, address: str = "") -> None:
        """Wait for the next turn of this address; without an address, of the channel."""
        if self._period:
            now = asyncio.get_running_loop().time()
            if len(self._next) > _MOST_ADDRESSES:
                self._next = {each: moment for each, moment in self._next.items() if moment > now}
            turn = max(now, self._next.get(address, now))
            self._next[address] = turn + self._period
            await asyncio.sleep(turn - now)


class PacingRefusals:
    """Tells whether a rate limit belongs to one address or to the whole channel.

    A limit of the channel refuses different addresses within a short time, with no success between them.
    """

    def __init__(self, *, within: float) -> None:
        self._within = within
        self._at: dict[str, float] = {}

    def is_channel_wide(self, address: str) -> bool:
        """Record that this address was told to wait. True where another one was, within the last `within` seconds."""
        now = asyncio.get_running_loop().time()
        self._at = {each: at for each, at in self._at.items() if now - at <= self._within}
        self._at[address] = now
        return len(self._at) > 1

    def record_success(self) -> None:
        """Record a success: earlier refusals were limits of single addresses."""
        self._at.clear()


class PacingWindow:
    """At most `most` requests in any `seconds`, as the peer counts them: a place is free that long after its answer.

    A request reaches the peer between its start and its answer, so no delay of the network lets more of them into one
    second. One that the peer may hold back is counted when it begins. Each address has places of its own; `most` None
    is no limit.
    """

    def __init__(self, most: int | None, *, seconds: float = 1.0) -> None:
        self._most = most
        self._seconds = seconds
        self._places: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    @classmethod
    def of_pace(cls, pace: float | None) -> "PacingWindow":
        """A window of so many requests a second; less than one a second is one in a longer time."""
        most = max(int(pace), 1) if pace else None
        return cls(most, seconds=most / pace if pace and most else 0.0)

    @asynccontextmanager
    async def place(self, address: str = "", *, is_held_back: bool = False) -> AsyncIterator[None]:
        """Wait for a place, first come, first served, and hold it while the block runs.

        `is_held_back`: the peer may keep the request for long, so its place is free so many seconds after its start.
        """
        if self._most is None:
            yield
            return
        await self._take(self._most, address)
        if is_held_back:
            self._free_later(address)
            yield
            return
        try:
            yield
        finally:
            self._free_later(address)

    async def _take(self, most: int, address: str) -> None:
        places = self._places.setdefault(address, asyncio.Semaphore(most))
        self._users[address] += 1
        try:
            await places.acquire()
        except asyncio.CancelledError:
            self._leave(address)
            raise

    def _free_later(self, address: str) -> None:
        asyncio.get_running_loop().call_later(self._seconds, self._release, address)

    def _release(self, address: str) -> None:
        self._places[address].release()
        self._leave(address)

    def _leave(self, address: str) -> None:
        self._users[address] -= 1
        if not self._users[address]:
            del self._users[address], self._places[address]
