"""SQLite behind its thread: long results and short ones come whole."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database.engine import WRITE_LOCK, create_database_engine

NUMBERS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n")


@pytest.mark.parametrize("rows", [1, 199, 200, 201, 600])
@pytest.mark.parametrize("part", [7, 200, 400])
async def test_results_of_any_length_come_whole_and_in_order(tmp_path: Path, rows: int, part: int) -> None:
    """What comes back with the statement and what is fetched after it are one result, read at once or in parts."""
    engine = create_database_engine(f"sqlite+aiosqlite:///{tmp_path / 'school.db'}")
    async with engine.connect() as connection:
        at_once = list(await connection.scalars(NUMBERS, {"last": rows}))
        streamed = await connection.stream_scalars(NUMBERS, {"last": rows})
        in_parts = [number async for some in streamed.partitions(part) for number in some]
    await engine.dispose()
    assert at_once == in_parts == list(range(1, rows + 1))


async def test_whoever_is_cancelled_while_waiting_for_the_lock_leaves_it_free(tmp_path: Path) -> None:
    """The lock that the thread gets after all is given back before anybody else asks for it."""
    engine = create_database_engine(f"sqlite+aiosqlite:///{tmp_path / 'school.db'}")
    writing = engine.execution_options(**{WRITE_LOCK: True})

    async def write(statement: str) -> None:
        async with writing.connect() as connection:
            await connection.execute(text(statement))
            await connection.commit()

    async with writing.connect() as holder:
        await holder.execute(text("CREATE TABLE numbers (number INTEGER)"))
        waiting = asyncio.create_task(write("INSERT INTO numbers VALUES (1)"))
        await asyncio.sleep(0.2)
        waiting.cancel()
        await asyncio.sleep(0)
        await holder.commit()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(20):
        await asyncio.gather(*(write("INSERT INTO numbers VALUES (2)") for _ in range(5)))
    async with engine.connect() as connection:
        assert list(await connection.scalars(text("SELECT number FROM numbers"))) == [2] * 5
    await engine.dispose()
