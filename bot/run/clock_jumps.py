"""Detects jumps of the wall clock by comparing it with the monotonic clock."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clocks import Clock, Ticks
from bot.run.supervision import sleep_under_supervision

JUMP = timedelta(minutes=1)
"""Smaller differences are ordinary corrections, as by NTP."""

_LOOK = 1.0

log = structlog.get_logger()


@dataclass(slots=True)
class ClockJumps:
    """Compares how far both clocks went since the last check."""

    clock: Clock
    ticks: Ticks
    _wall: datetime = field(init=False)
    _ticks: float = field(init=False)

    def __post_init__(self) -> None:
        self._wall, self._ticks = self.clock(), self.ticks()

    def look(self) -> timedelta:
        """The jump since the last check, negative for a clock that was put back; zero without a jump."""
        wall, ticks = self.clock(), self.ticks()
        jump = wall - self._wall - timedelta(seconds=ticks - self._ticks)
        self._wall, self._ticks = wall, ticks
        return jump if abs(jump) >= JUMP else timedelta(0)


async def log_clock_jumps(jumps: ClockJumps, *, stopping: asyncio.Event) -> None:
    """Log each jump once, until told to stop. Suspend of the machine looks like a jump forward.

    `jumps` has compared the clocks since before the parts began: their start may keep the event loop for seconds.
    """
    while not stopping.is_set():
        if jump := jumps.look():
            log.warning("clock.jumped", seconds=round(jump.total_seconds()))
        await sleep_under_supervision(_LOOK, stopping)
