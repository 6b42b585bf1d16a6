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

FULL_DISK_BYTES = 4096
"""While the disk counts as full, no file may grow beyond this size."""

MOST_SECONDS = 5.0
"""How long one fault lasts, at most."""

ROUND_SECONDS = 100.0
"""For each 100 seconds of a storm all faults happen once."""

Fault = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class MachineFaults:
    """The process and its machine. `restart`: crashes the database server; `clock`: the file of a faked wall clock."""

    database: str
    process: Process
    restart: Callable[[], None] | None
    clock: Path | None
    fault_seconds: float
    """How long a fault lasts."""

    async def cause_faults(self, seconds: float) -> Sequence[str]:
        """Causes every fault that is possible here, in random order, evenly over `seconds`; returns their names."""
        faults = self._faults() * max(1, round(seconds / ROUND_SECONDS))
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
        """Restarts PostgreSQL without a shutdown, as after a power cut."""
        if self.restart is not None:
            await asyncio.to_thread(self.restart)

    async def lock(self) -> None:
        """Holds SQLite's write lock."""
        with closing(sqlite3.connect(self.database.partition("///")[2], timeout=MOST_SECONDS)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return  # the product writes without a pause just now
            await asyncio.sleep(self.fault_seconds)

    async def fill(self) -> None:
        """Limits the size of the process's files, as if the disk were full."""
        before = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (FULL_DISK_BYTES, before[1]))
        await asyncio.sleep(self.fault_seconds)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, before)

    async def put_back(self) -> None:
        """Puts the wall clock two hours back, and then right again."""
        if self.clock is not None:
            self.clock.write_text("-2h")
            await asyncio.sleep(self.fault_seconds)
            self.clock.write_text("+0")


def faked_machine_clock(clock: Path) -> Mapping[str, str]:
    """Environment variables that let a process read its wall clock from this file; none without libfaketime.

    The process's monotonic clock and the clocks of other processes are not changed.
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
