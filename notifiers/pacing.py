"""Rate limits of a channel: sends are spaced in advance, so that the peer rarely has to refuse one."""

import asyncio

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


class RateRefusals:
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
