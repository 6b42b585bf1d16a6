"""A school that is in use takes new tables and keeps every row; a step can be taken back."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import WRITE_LOCK, create_engine
from storage.schema import MIGRATIONS, upgrade

BEFORE, AFTER = "0008", "0009"
NOTICE = """
INSERT INTO notice (id, student_id, kind, fact, notice, received_at, published_at)
VALUES (1, 1, 'marks', 'entry:1', '[]', '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00')
"""


@pytest.fixture
async def engine(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database of each kind."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    if not store_url.startswith("sqlite"):
        url = request.getfixturevalue("postgres").create_database()
    engine = create_engine(url).execution_options(**{WRITE_LOCK: True})
    yield engine
    await engine.dispose()


def _downgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, BEFORE)


async def _run(engine: AsyncEngine, work: Callable[[Connection], object]) -> object:
    async with engine.begin() as connection:
        return await connection.run_sync(work)


def _student_may_be_missing(connection: Connection) -> bool:
    (column,) = [each for each in inspect(connection).get_columns("notice") if each["name"] == "student_id"]
    return bool(column["nullable"])


async def test_notices_of_a_school_in_use_stay_when_staff_may_be_told(engine: AsyncEngine) -> None:
    """Forth and back, every row stays; a notice without a student is possible only after the step."""
    await _run(engine, lambda connection: upgrade(connection, BEFORE))
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO person (id, name, name_key, language) VALUES (1, 'Имя', 'имя', 'ru')")
        )
        await connection.execute(text("INSERT INTO student (id, own_account) VALUES (1, false)"))
        await connection.execute(text(NOTICE))
    seen = [await _run(engine, _student_may_be_missing)]
    for step in (lambda connection: upgrade(connection, AFTER), _downgrade, upgrade):
        await _run(engine, step)
        seen.append(await _run(engine, _student_may_be_missing))
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT fact FROM notice"))).scalars().all() == ["entry:1"]
    assert seen == [False, True, False, True]
