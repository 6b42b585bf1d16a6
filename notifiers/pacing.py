"""How fast a channel may be used: its peer's limits are kept here, not found out by being refused."""

import asyncio

_MANY = 4096


class Pace:
    """Turns at least a `period` of seconds apart, in the order they are asked for, for each address; 0 is no limit."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._next: dict[str, float] = {}

    async def turn(self, address: str = "") -> None:
        """Wait for a turn of this address; without one, of the channel."""
        if self._period:
            now = asyncio.get_running_loop().time()
            if len(self._next) > _MANY:
                self._next = {each: moment for each, moment in self._next.items() if moment > now}
            turn = max(now, self._next.get(address, now))
            self._next[address] = turn + self._period
            await asyncio.sleep(turn - now)


class Refusals:
    """Tells a limit of one address from a limit of the channel.

    The channel's own meets different addresses at once, and none is served between them.
    """

    def __init__(self, *, within: float) -> None:
        self._within = within
        self._at: dict[str, float] = {}

    def is_everybodys(self, address: str) -> bool:
        """Note that this address was told to wait; whether another one was within so many seconds."""
        now = asyncio.get_running_loop().time()
        self._at = {each: at for each, at in self._at.items() if now - at <= self._within}
        self._at[address] = now
        return len(self._at) > 1

    def served(self) -> None:
        """Somebody was: so those who were refused before met limits of their own."""
        self._at.clear()
