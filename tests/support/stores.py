"""A migrated school database for each test, on SQLite and on PostgreSQL: quick copies of a template."""

import asyncio
import shutil
import sqlite3
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from core.ports import UnitOfWorkFactory
from storage.database import engine
from storage.database.engine import create_database_engine
from storage.schema import metadata, migrate_schema
from storage.unit_of_work import unit_of_work_factory
from tests.peers.postgres import PostgresServer
from tests.peers.reused import Reused


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """No file outlives the tests, as with PostgreSQL; what is to be killed runs in processes of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "synchronous = OFF"))
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables in it."""
    path = tmp_path_factory.mktemp("template") / "school.db"
    asyncio.run(migrate_schema(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """A PostgreSQL database with the tables in it."""
    url = postgres.create_database()
    asyncio.run(migrate_schema(url))
    return url


@pytest.fixture(scope="session")
def postgres_schools(postgres: PostgresServer, postgres_template: str) -> Reused:
    """PostgreSQL databases with the tables in them, lent to the tests."""
    return Reused(postgres, postgres_template)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh school database on SQLite."""
    shutil.copy(sqlite_template, tmp_path / "school.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'school.db'}"


STORES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A long test runs on one kind of store, some on this and some on that; with `--whole` on both."""
    if "long_store_url" in metafunc.fixturenames:
        some = zlib.crc32(metafunc.function.__name__.encode()) % len(STORES)
        kinds = STORES if metafunc.config.getoption("whole") else (STORES[some],)
        metafunc.parametrize("long_store_url", kinds, indirect=True)


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh school database, once on each kind of store."""
    yield from _lent_store(request)


@pytest.fixture
def long_store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same for a test that starts and kills processes for many seconds."""
    yield from _lent_store(request)


def _lent_store(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    schools: Reused = request.getfixturevalue("postgres_schools")
    url = schools.lend()
    yield url
    schools.take_back(url)


@pytest.fixture
async def open_uow(store_url: str) -> AsyncIterator[UnitOfWorkFactory]:
    """Units of work over that database."""
    opened = create_database_engine(store_url)
    yield unit_of_work_factory(opened)
    await opened.dispose()


@pytest.fixture
async def open_sqlite(sqlite_url: str) -> AsyncIterator[UnitOfWorkFactory]:
    """Units of work over SQLite alone, for long walks through the bot: scopes are held to both databases elsewhere."""
    opened = create_database_engine(sqlite_url)
    yield unit_of_work_factory(opened)
    await opened.dispose()


@pytest.fixture
def dump(request: pytest.FixtureRequest, store_url: str) -> Callable[[], list[str]]:
    """Reads all that the database holds, row by row, for tests that say nothing has changed."""
    tables = sorted(metadata.tables)
    if store_url.startswith("sqlite"):
        path = store_url.partition("///")[2]
        return lambda: list(sqlite3.connect(path).iterdump())
    server: PostgresServer = request.getfixturevalue("postgres")
    name = store_url.rpartition("/")[2]
    return lambda: [server.run(*(f'TABLE "{table}"' for table in tables), database=name)]
