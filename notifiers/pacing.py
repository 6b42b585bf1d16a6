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
