"""A database that fails says how, so that the sentence fits the fault and a process knows whether to wait (Q120)."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.cli.console import load_console_translator
from bot.cli.errors import error_exit_code, error_sentence_on_console
from core.errors import (
    DatabaseBusyError,
    DatabaseLoginError,
    DiskError,
    DiskFullError,
    SchoolError,
    StorageError,
)
from core.ports import UnitOfWork, UnitOfWorkFactory
from storage.database import engine as engines
from storage.database.engine import create_database_engine
from storage.database.failures import error_for_database_failure
from storage.database.revision import DamagedDatabaseError, NoTablesError
from storage.schema import migrate_schema
from storage.unit_of_work import unit_of_work_factory
from tests.peers.postgres import PostgresServer

MUCH = "x" * 100_000


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[UnitOfWorkFactory]:
    """Units of work over a database that may fail; the threads of its connections end with the block."""
    earlier = {*threading.enumerate()}
    engine = create_database_engine(url)
    yield unit_of_work_factory(engine)
    await engine.dispose()
    while any("_connection_worker" in thread.name for thread in {*threading.enumerate()} - earlier):
        await asyncio.sleep(0.01)


async def write(uow: UnitOfWork) -> None:
    for number in range(20):
        await uow.people.add(f"{number} {MUCH}", str(number))
    await uow.commit()


async def written(open_uow: UnitOfWorkFactory) -> None:
    async with open_uow() as uow:
        await write(uow)


async def failure(url: str) -> SchoolError:
    """What is raised where a name is written."""
    async with opened(url) as open_uow:
        with pytest.raises(SchoolError) as caught:
            await written(open_uow)
    return caught.value


async def test_a_lock_that_another_process_keeps_is_a_busy_database(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may not write in time is told of the other process, not of missing tables."""
    monkeypatch.setattr(engines, "_BUSY_SECONDS", 0.1)
    other = sqlite3.connect(sqlite_url.partition("///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    error = await failure(sqlite_url)
    other.close()
    assert type(error) is DatabaseBusyError
    assert "занята другим процессом" in error_sentence_on_console(error, load_console_translator())
    assert error_exit_code(error) == 1


async def test_bringing_tables_up_to_date_says_the_fault_too(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock, a file that is no database, a folder that is not there: `vestnik migrate` has a sentence for each."""
    monkeypatch.setattr(engines, "_BUSY_SECONDS", 0.1)
    earlier = {*threading.enumerate()}
    path = sqlite_url.partition("///")[2]
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusyError):
        await migrate_schema(sqlite_url)
    other.close()
    overwrite(Path(path))
    with pytest.raises(DamagedDatabaseError):
        await migrate_schema(sqlite_url)
    with pytest.raises(StorageError):
        await migrate_schema(f"sqlite:///{tmp_path / 'nowhere' / 'school.db'}")
    while any("_connection_worker" in thread.name for thread in {*threading.enumerate()} - earlier):
        await asyncio.sleep(0.01)


def damage(path: Path) -> None:
    """Every page but the first is written over."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xde\xad\xbe\xef" * (path.stat().st_size // 4 - 1024))


def overwrite(path: Path) -> None:
    path.write_bytes(b"This is no database. " * 1000)


def cut(path: Path) -> None:
    """The second half is gone, as after a copy that was broken off."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)


@pytest.mark.parametrize("harm", [damage, overwrite, cut])
async def test_a_damaged_file_is_told_from_everything_else(sqlite_url: str, harm: Callable[[Path], None]) -> None:
    """Only a person can mend it, so every part of `vestnik run` ends with exit code 2."""
    harm(Path(sqlite_url.partition("///")[2]))
    error = await failure(sqlite_url)
    assert type(error) is DamagedDatabaseError
    assert "повреждена" in error_sentence_on_console(error, load_console_translator())
    assert error_exit_code(error) == 2


async def test_only_missing_tables_ask_for_migrate(tmp_path: Path) -> None:
    """An empty file is a database of another version."""
    error = await failure(f"sqlite:///{tmp_path / 'empty.db'}")
    assert type(error) is NoTablesError
    assert "vestnik migrate" in error_sentence_on_console(error, load_console_translator())
    assert error_exit_code(error) == 2


FULL = """
import asyncio, resource, sys
from pathlib import Path
from bot.cli.console import load_console_translator
from bot.cli.errors import error_sentence_on_console
from core.errors import StorageError
from tests.component.database.test_faults import opened, write

async def main():
    async with opened(sys.argv[1]) as open_uow:
        try:
            async with open_uow() as uow:
                await write(uow)
        except StorageError as error:
            print(type(error).__name__, error_sentence_on_console(error, load_console_translator()))
        async with open_uow(reading=True) as uow:
            print(len(await uow.people.named([str(number) for number in range(20)])))

database = Path(sys.argv[1].partition("///")[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (database.stat().st_size + 65536,) * 2)
asyncio.run(main())
"""


async def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite_url: str) -> None:
    """Where the file cannot grow, the sentence speaks of room on the disk, and all that was begun is undone."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FULL, sqlite_url, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    said = (await child.communicate())[0].decode()
    assert said.startswith("DiskFullError На диске базы данных нет места")
    assert "migrate" not in said
    assert said.splitlines()[1] == "0"


async def test_sqlites_own_word_for_a_full_disk_is_understood(sqlite_url: str) -> None:
    """A database that has reached its last page says so."""
    engine = create_database_engine(sqlite_url)
    async with engine.connect() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine.sync_engine, "connect", limit)
    await engine.dispose()
    with pytest.raises(DiskFullError):
        await written(unit_of_work_factory(engine))
    await engine.dispose()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SQLITE_BUSY_SNAPSHOT", DatabaseBusyError),
        ("SQLITE_LOCKED_SHAREDCACHE", DatabaseBusyError),
        ("SQLITE_IOERR_WRITE", DiskFullError),
        ("SQLITE_IOERR_READ", DiskError),
        ("SQLITE_READONLY_DBMOVED", DiskError),
        ("SQLITE_CANTOPEN", StorageError),
        ("SQLITE_CORRUPT_VTAB", DamagedDatabaseError),
        ("SQLITE_NOTADB", DamagedDatabaseError),
        ("53100", DiskFullError),
        ("53300", DatabaseBusyError),
        ("58030", DiskError),
        ("25006", DiskError),
        ("28P01", DatabaseLoginError),
        ("28000", DatabaseLoginError),
        ("3D000", DatabaseLoginError),
        ("42P01", NoTablesError),
        ("42703", NoTablesError),
        ("55P03", DatabaseBusyError),
        ("57P01", StorageError),
        ("57P03", StorageError),
        ("08006", StorageError),
        ("40P01", DatabaseBusyError),
        ("XX001", DamagedDatabaseError),
        ("22021", None),
        ("SQLITE_MISUSE", None),
    ],
)
def test_each_code_of_a_driver_has_its_kind(code: str, kind: type[StorageError] | None) -> None:
    """What speaks of the statement, and not of the database, stays what it is: a fault of ours."""
    error = Exception()
    vars(error)["sqlite_errorname" if code.startswith("SQLITE") else "sqlstate"] = code
    assert error_for_database_failure(error) is kind


async def test_postgresql_names_its_faults_too(
    postgres: PostgresServer, postgres_template: str, create_database: Callable[..., str]
) -> None:
    """No tables, no such database, a full disk, a damaged page: each is told apart, as on SQLite."""
    empty, whole = create_database(), create_database(postgres_template)
    assert type(await failure(empty)) is NoTablesError
    assert type(await failure(f"{empty}_never_made")) is DatabaseLoginError
    raised = {"53100": DiskFullError, "XX001": DamagedDatabaseError, "57P01": StorageError}
    name = whole.rpartition("/")[2]
    for code, kind in raised.items():
        body = f"BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END"
        postgres.run(
            f"CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$", database=name
        )
        postgres.run("CREATE OR REPLACE TRIGGER f BEFORE INSERT ON person EXECUTE FUNCTION fail()", database=name)
        assert type(await failure(whole)) is kind


async def test_a_session_that_the_server_ends_is_a_lost_database(
    postgres: PostgresServer, postgres_template: str, create_database: Callable[..., str]
) -> None:
    """In the midst of a unit of work too; the next one finds the server again."""
    url = create_database(postgres_template)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    others += " AND pid <> pg_backend_pid()"

    async def interrupted(open_uow: UnitOfWorkFactory) -> None:
        async with open_uow() as uow:
            await uow.people.add("Имя", "имя")
            await asyncio.to_thread(postgres.run, others, database=url.rpartition("/")[2])
            await uow.people.add("Имя", "имя2")

    async with opened(url) as open_uow:
        with pytest.raises(StorageError):
            await interrupted(open_uow)
        async with open_uow(reading=True) as uow:
            assert await uow.people.named(["имя"]) == []


def test_every_kind_has_words_of_its_own() -> None:
    """Seven faults, seven sentences in each language; a process waits for five of them to end."""
    kinds: list[type[SchoolError]] = [StorageError, *StorageError.__subclasses__(), NoTablesError, DamagedDatabaseError]
    for language in ("ru", "en"):
        assert (
            len({error_sentence_on_console(kind(), load_console_translator(language)) for kind in kinds})
            == len(kinds)
            == 7
        )
