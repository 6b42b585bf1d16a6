"""Faults of the machine: a full disk, a locked database, a crashed server, a clock put back."""

import asyncio
import random
import resource
import sqlite3
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

FULL = 4096
"""Bytes: no file may be written beyond."""

MOST_SECONDS = 5.0
ROUND = 100.0
"""Seconds of a storm for each round of all faults."""

Fault = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the process runs: its database, how its server crashes, the file that its wall clock reads if it does."""

    database: str
    process: Process
    restart: Callable[[], None] | None
    clock: Path | None
    held: float
    """Seconds that a fault lasts."""

    async def suffer(self, seconds: float) -> Sequence[str]:
        """Every fault that is possible here in random order, evenly over so many seconds; returns their names."""
        faults = self._faults() * max(1, round(seconds / ROUND))
        random.Random(30).shuffle(faults)  # noqa: S311  # dice, not secrets
        for fault in faults:
            rest = asyncio.create_task(asyncio.sleep(seconds / (len(faults) + 1)))
            await fault()
            await rest
        return [fault.__name__ for fault in faults]

    def _faults(self) -> list[Fault]:
        of_database = [self.crash] if self.restart else [self.lock, self.fill]
        return [*of_database, *([self.put_back] if self.clock else [])]

    async def crash(self) -> None:
        """PostgreSQL restarted without a shutdown, as after a power cut."""
        if self.restart is not None:
            await asyncio.to_thread(self.restart)

    async def lock(self) -> None:
        """Another process holds SQLite's write lock."""
        with closing(sqlite3.connect(self.database.partition("///")[2], timeout=MOST_SECONDS)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return  # the product writes without a pause just now
            await asyncio.sleep(self.held)

    async def fill(self) -> None:
        """No file can grow."""
        before = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (FULL, before[1]))
        await asyncio.sleep(self.held)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, before)

    async def put_back(self) -> None:
        """The wall clock goes two hours back, and then forth again."""
        if self.clock is not None:
            self.clock.write_text("-2h")
            await asyncio.sleep(self.held)
            self.clock.write_text("+0")


def faked_clock(clock: Path) -> Mapping[str, str]:
    """Variables of a process whose wall clock reads this file; none on a machine without libfaketime.

    The monotonic clock and the machine's own stay as they are.
    """
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        return {}
    clock.write_text("+0")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",  # seconds between two looks at the file
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # with it each change of threads takes milliseconds
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
