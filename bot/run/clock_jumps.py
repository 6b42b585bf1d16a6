"""The wall clock beside the monotonic one: a jump of the first is noticed, since much is planned by it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.run.supervision import rest

JUMP = timedelta(minutes=1)
"""A clock that is merely corrected goes less far between two looks."""

_LOOK = 1.0

Clock = Callable[[], datetime]
Ticks = Callable[[], float]
"""Seconds that only ever grow."""

log = structlog.get_logger()


def monotonic() -> float:
    """The one clock for pauses, which nobody can set."""
    return time.monotonic()


@dataclass(slots=True)
class Jumps:
    """Notices where the wall clock went another way than the monotonic one since the last look."""

    clock: Clock
    ticks: Ticks
    _wall: datetime = field(init=False)
    _ticks: float = field(init=False)

    def __post_init__(self) -> None:
        self._wall, self._ticks = self.clock(), self.ticks()

    def look(self) -> timedelta:
        """How far it jumped, less than nothing where it was put back; zero where it went as it should."""
        wall, ticks = self.clock(), self.ticks()
        jump = wall - self._wall - timedelta(seconds=ticks - self._ticks)
        self._wall, self._ticks = wall, ticks
        return jump if abs(jump) >= JUMP else timedelta(0)


async def tell_jumps(clock: Clock, ticks: Ticks, *, stopping: asyncio.Event) -> None:
    """Say each jump once, until told to stop. A machine that slept looks like one put forward."""
    jumps = Jumps(clock, ticks)
    while not stopping.is_set():
        if jump := jumps.look():
            log.warning("clock.jumped", seconds=round(jump.total_seconds()))
        await rest(_LOOK, stopping)
