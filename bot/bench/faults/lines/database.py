"""Faults of the database and its disk."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from bot.bench.faults.line import POSTGRESQL, FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import ALL_KINDS, MESSENGER, FaultySchool, faulty_school, run_faulty_school_part
from bot.bench.machine_faults import FULL_DISK_BYTES
from storage.database.engine import create_database_engine, database_file_of_engine

BUSY, FULL = 60.0, 20.0
"""Seconds that the database is locked and the disk is full."""

RESTARTS = 20
A_RESTART = 8
"""Messages between two restarts."""

MENDED_BY_A_PERSON = 2
OLDER, NEWER = "0038", "9999"
PARTS = ("worker", "bot", "schedule", "all")
GARBAGE = b"\xa5" * 20_000


async def _busy(place: FaultLinePlace) -> FaultLineFinding:
    """Another process keeps SQLite's write lock, or locks the attempts in PostgreSQL."""
    async with faulty_school(place) as school:
        families = await school.add(place.choose(20, 60), MESSENGER)
        await school.owe(families, *ALL_KINDS)
        async with run_faulty_school_part(school, pace=10) as worker:
            await school.wait_for_sends(3)
            async with _locked(school.url):
                await asyncio.sleep(place.choose(3.0, BUSY))
            await school.wait_until_sent()
            is_alive = worker.returncode is None
        told = await school.told()
    return told.finding(holds=is_alive)


@asynccontextmanager
async def _locked(url: str) -> AsyncIterator[None]:
    file = database_file_of_engine(url)
    if file is not None:
        other = sqlite3.connect(file, isolation_level=None, timeout=BUSY, check_same_thread=False)
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    engine = create_database_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE attempt IN EXCLUSIVE MODE"))
        yield
    await engine.dispose()


async def _full_disk(place: FaultLinePlace) -> FaultLineFinding:
    """No file of the process may grow: what was sent is kept in hand and recorded when there is room."""
    async with faulty_school(place) as school:
        families = await school.add(place.choose(20, 60), MESSENGER)
        await school.owe(families, *ALL_KINDS)
        async with run_faulty_school_part(school, pace=10) as worker:
            await school.wait_for_sends(3)
            unlimited = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (FULL_DISK_BYTES, unlimited[1]))
            await asyncio.sleep(place.choose(3.0, FULL))
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, unlimited)
            await school.wait_until_sent()
            is_alive = worker.returncode is None
        told = await school.told()
    return told.finding(holds=is_alive)


async def _wrong_database(place: FaultLinePlace) -> FaultLineFinding:
    """A damaged database, an older and a newer one: every part ends with 2 and a sentence, and writes nothing."""
    async with faulty_school(place) as school:
        ends = {name: await _ends(school, spoil) for name, spoil in _spoilt(school.url).items()}
    wrong = [name for name, is_right in ends.items() if not is_right]
    return FaultLineFinding(f"{len(ends)} wrong databases, {', '.join(wrong) or 'none'} taken or traced", not wrong)


def _spoilt(url: str) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """What makes the database older, newer, and at last, where it is a file, unreadable."""

    def of_version(version: str) -> Callable[[], Awaitable[None]]:
        async def spoil() -> None:
            engine = create_database_engine(url)
            async with engine.begin() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
            await engine.dispose()

        return spoil

    async def damage() -> None:
        file = database_file_of_engine(url) or Path()
        content = file.read_bytes()
        file.write_bytes(content[:100] + GARBAGE + content[100 + len(GARBAGE) :])

    found = {"older": of_version(OLDER), "newer": of_version(NEWER)}
    return found if database_file_of_engine(url) is None else found | {"damaged": damage}


async def _ends(school: FaultySchool, spoil: Callable[[], Awaitable[None]]) -> bool:
    """Whether every part ends as it must."""
    await spoil()
    right = []
    for part in school.place.choose(PARTS[:1], PARTS):
        async with run_faulty_school_part(school, part, name=part) as process:
            code = await process.wait()
        words = (school.place.folder / part).read_text(encoding="utf-8")
        right.append(code == MENDED_BY_A_PERSON and "Traceback" not in words and bool(words.strip()))
    return all(right)


async def _restarts(place: FaultLinePlace) -> FaultLineFinding:
    """PostgreSQL crashes and recovers while the worker sends."""
    if place.server.restart is None:
        raise RuntimeError
    count = place.choose(2, RESTARTS)
    async with faulty_school(place) as school:
        families = await school.add((count + 1) * A_RESTART, MESSENGER)
        await school.owe(families, *ALL_KINDS)
        async with run_faulty_school_part(school, pace=20) as worker:
            for number in range(count):
                await school.wait_for_sends(number * A_RESTART + 3)
                await asyncio.to_thread(place.server.restart)
            await school.wait_until_sent()
            is_alive = worker.returncode is None
        told = await school.told()
    return told.finding(holds=is_alive, also=f"{count} restarts")


LINES = (
    FaultLine("F24", "database busy for 60 s", "waited for, all once", _busy),
    FaultLine("F25", "disk full", "waited for, all once", _full_disk),
    FaultLine("F26", "damaged, older, newer database", "exit 2 with a sentence", _wrong_database),
    FaultLine("F27", "PostgreSQL restarts, 20 times", "waited for, all once", _restarts, frozenset({POSTGRESQL})),
)
