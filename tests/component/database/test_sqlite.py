"""SQLite behind its thread: long results and short ones come whole."""

from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database.engine import create_engine

NUMBERS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n")


@pytest.mark.parametrize("rows", [1, 199, 200, 201, 600])
@pytest.mark.parametrize("part", [7, 200, 400])
async def test_results_of_any_length_come_whole_and_in_order(tmp_path: Path, rows: int, part: int) -> None:
    """What comes back with the statement and what is fetched after it are one result, read at once or in parts."""
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'school.db'}")
    async with engine.connect() as connection:
        at_once = list(await connection.scalars(NUMBERS, {"last": rows}))
        streamed = await connection.stream_scalars(NUMBERS, {"last": rows})
        in_parts = [number async for some in streamed.partitions(part) for number in some]
    await engine.dispose()
    assert at_once == in_parts == list(range(1, rows + 1))
