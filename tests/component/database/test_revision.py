"""A database of another version, of another program, or none at all is told before anything is done with it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import StorageError
from storage.database import revision
from storage.database.engine import create_database_engine
from storage.schema import MIGRATIONS, metadata, migrate_schema
from storage.schema import upgrade_schema as bring_up


@pytest.fixture
async def engine(store_url: str) -> AsyncIterator[AsyncEngine]:
    """A school's database of this version, of each kind."""
    engine = create_database_engine(store_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> str:
    """A database without tables, of each kind."""
    if store_url.startswith("sqlite"):
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("postgres").create_database()
    return url


async def run(url: str, *statements: str) -> None:
    engine = create_database_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def rewrite(url: str, change: Callable[[bytes], bytes]) -> None:
    """Change the file of an SQLite database."""
    file = Path(url.partition("///")[2])
    file.write_bytes(change(file.read_bytes()))


async def refusal(url: str) -> type[Exception] | None:
    """With which error the database of a URL is refused."""
    engine = create_database_engine(url)
    try:
        await revision.require_current_revision(engine)
    except (revision.WrongDatabaseError, StorageError) as error:
        return type(error)
    finally:
        await engine.dispose()
    return None


def test_the_files_names_tell_the_same_order_as_alembic() -> None:
    """The check loads no Alembic, so the names of the revisions' files must not lie."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    chain = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(revision.KNOWN) == chain[::-1]


def test_the_tables_that_every_version_has_are_there_still() -> None:
    """A database is told to be a school's by tables that no later version dropped."""
    assert set(metadata.tables) >= revision.OURS


async def test_a_database_of_this_version_is_taken_in_one_statement(engine: AsyncEngine) -> None:
    """Every command pays for it, so nothing else is asked where all is well."""
    asked: list[str] = []
    async with engine.connect():
        pass  # what a new connection asks is not counted
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    await revision.require_current_revision(engine)
    assert [each for each in asked if not each.startswith("BEGIN")] == ["SELECT version_num FROM alembic_version"]
    assert await revision.is_database_whole(engine)


async def test_an_older_database_is_told_and_can_be_migrated(empty_url: str) -> None:
    """Every earlier version is known by its revision; the migrations lead from each to the next, and to this one."""
    for version in revision.KNOWN[:-1]:
        engine = create_database_engine(empty_url)
        async with engine.begin() as connection:
            await connection.run_sync(bring_up, version)
        await engine.dispose()
        assert await refusal(empty_url) is revision.OlderDatabaseError, version
    await migrate_schema(empty_url)
    assert await refusal(empty_url) is None


@pytest.mark.parametrize("version", ["9999", "0100", "abcdef012345"])
async def test_a_newer_database_is_told_and_not_touched(store_url: str, version: str) -> None:
    """A program put back to an earlier version neither works with the new tables nor migrates them."""
    await run(store_url, f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608  # our own
    assert await refusal(store_url) is revision.NewerDatabaseError
    with pytest.raises(revision.NewerDatabaseError):
        await migrate_schema(store_url)


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE orders (id integer)"],
        ["CREATE TABLE orders (id integer)", "CREATE TABLE alembic_version (version_num varchar(32))"],
        [
            "CREATE TABLE orders (id integer)",
            "CREATE TABLE alembic_version (version_num varchar(32))",
            "INSERT INTO alembic_version VALUES ('0009')",
        ],
        ["CREATE TABLE person (id integer)"],
    ],
)
async def test_a_database_of_another_program_is_left_alone(empty_url: str, statements: list[str]) -> None:
    """Even where it keeps revisions as we do: nothing of ours is put among its tables."""
    await run(empty_url, *statements)
    assert await refusal(empty_url) is revision.ForeignDatabaseError
    with pytest.raises(revision.ForeignDatabaseError):
        await migrate_schema(empty_url)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('9999')", "DROP TABLE alembic_version"],
)
async def test_a_school_whose_version_cannot_be_told_is_refused(store_url: str, statement: str) -> None:
    """Half a restore leaves no version, or two."""
    await run(store_url, statement)
    assert await refusal(store_url) is revision.ForeignDatabaseError


async def test_a_database_without_tables_waits_for_migrate(empty_url: str, tmp_path: Path) -> None:
    """And looking for one makes none."""
    assert await refusal(empty_url) is revision.NoTablesError
    assert not (tmp_path / "empty.db").exists()


@pytest.mark.parametrize("kept", [100, 4000, 60_000])
async def test_a_torn_file_is_damaged(sqlite_url: str, kept: int) -> None:
    """Cut anywhere behind its first bytes."""
    rewrite(sqlite_url, lambda content: content[:kept])
    assert await refusal(sqlite_url) is revision.DamagedDatabaseError


async def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    """A text, or an encrypted file, in the database's place."""
    file = tmp_path / "school.db"
    file.write_bytes(b"not a database " * 1000)
    assert await refusal(f"sqlite:///{file}") is revision.DamagedDatabaseError


async def test_a_page_that_was_overwritten_is_found_by_looking_at_all(sqlite_url: str) -> None:
    """The version alone can still be read; the doctor looks at every page."""
    rewrite(sqlite_url, lambda content: content[: -3 * 4096] + b"\xa5" * 8192 + content[-4096:])
    engine = create_database_engine(sqlite_url)
    try:
        assert not await revision.is_database_whole(engine)
    except revision.DamagedDatabaseError:
        pass
    finally:
        await engine.dispose()


async def test_a_place_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """A folder in the file's place is no outage that one could wait for."""
    assert await refusal(f"sqlite:///{tmp_path}") is revision.RefusedDatabaseError


async def test_a_server_that_refuses_is_told_from_one_that_does_not_answer(postgres_template: str) -> None:
    """A wrong user or name is for a person to mend; a server that is down comes back."""
    assert await refusal(postgres_template.replace("postgres@", "nobody@")) is revision.RefusedDatabaseError
    assert await refusal(f"{postgres_template}_nowhere") is revision.RefusedDatabaseError
    assert await refusal("postgresql://postgres@127.0.0.1:1/school") is StorageError
