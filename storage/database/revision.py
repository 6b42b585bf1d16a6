"""Checks that a database has the revision that this version works with (Q120, contracts)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, exc, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.errors import MustBeMendedError, StorageError
from storage.database.engine import database_file_of_engine

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
KNOWN = tuple(sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py")))
"""All revisions in order, by the names of their files, so that a check does not have to import Alembic."""

LATEST = KNOWN[-1]
TABLE = "alembic_version"
OURS = frozenset({"person", "student", "guardianship"})
"""Tables that every version has had."""

_REVISION = text(f"SELECT version_num FROM {TABLE}")  # noqa: S608  # a constant
_MISSING_TABLE = frozenset({"SQLITE_ERROR", "42P01"})
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"})
_REFUSED = frozenset({"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "3D000", "42501"})
_REFUSED_CLASSES = frozenset({"28"})
"""PostgreSQL's class of errors for a refused login."""


class WrongDatabaseError(MustBeMendedError):
    """A person must mend the database before this version can work with it."""


class NoTablesError(WrongDatabaseError):
    """The database has no tables yet."""


class OlderDatabaseError(WrongDatabaseError):
    """The database is of an older version and was not migrated."""


class NewerDatabaseError(WrongDatabaseError):
    """The database is of a newer version than this program."""


class ForeignDatabaseError(WrongDatabaseError):
    """The database holds something else, or tables whose version cannot be told."""


class DamagedDatabaseError(WrongDatabaseError):
    """The database's file is damaged or no database at all."""


class RefusedDatabaseError(WrongDatabaseError):
    """The database cannot be opened: no such file or database, or no right to it."""


async def require_current_revision(engine: AsyncEngine) -> None:
    """Raises WrongDatabaseError, or StorageError where there is no answer. One statement where all is well."""
    file = database_file_of_engine(engine.url)
    with _errors_of_core():
        if file is not None and not file.exists():
            raise NoTablesError  # opening a missing file would create it
        async with engine.connect() as connection:
            revisions = await _revisions(connection)
            tables = await connection.run_sync(_tables) if revisions != [LATEST] else []
    wrong = _revision_error(revisions, tables)
    if wrong is not None:
        raise wrong


async def require_migratable_revision(engine: AsyncEngine) -> None:
    """As `require_current`, but what is older or empty may be brought up to date."""
    with suppress(NoTablesError, OlderDatabaseError):
        await require_current_revision(engine)


async def is_database_whole(engine: AsyncEngine) -> bool:
    """Whether SQLite finds every page sound; reads the whole file. True for a server, which checks its pages itself."""
    if database_file_of_engine(engine.url) is None:
        return True
    with _errors_of_core():
        async with engine.connect() as connection:
            return bool((await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one() == "ok")


def _revision_error(revisions: Sequence[str], tables: Collection[str]) -> WrongDatabaseError | None:
    """The error for a database with these revisions and tables; None where all is well."""
    if list(revisions) == [LATEST]:
        return None
    if not set(tables) - {TABLE}:
        return NoTablesError()
    if len(revisions) != 1 or not set(tables) >= OURS:
        return ForeignDatabaseError()
    return OlderDatabaseError() if revisions[0] in KNOWN else NewerDatabaseError()


async def _revisions(connection: AsyncConnection) -> list[str]:
    """The revisions that Alembic has written; none where its table is missing."""
    try:
        return list((await connection.execute(_REVISION)).scalars())
    except exc.DBAPIError as error:
        if _code(error) not in _MISSING_TABLE:
            raise
        await connection.rollback()
        return []


def _tables(connection: Connection) -> list[str]:
    return list(inspect(connection).get_table_names())


@contextmanager
def _errors_of_core() -> Iterator[None]:
    """Raises errors of core instead of the driver's, without their text (Q103)."""
    try:
        yield
    except PermissionError:
        raise RefusedDatabaseError from None
    except OSError:
        raise StorageError from None
    except exc.DBAPIError as error:
        code = _code(error)
        if code in _DAMAGED:
            raise DamagedDatabaseError from None
        if code in _REFUSED or code[:2] in _REFUSED_CLASSES:
            raise RefusedDatabaseError from None
        raise StorageError from None
    except exc.SQLAlchemyError:
        raise StorageError from None


def _code(error: exc.DBAPIError) -> str:
    """SQLite's name of the error up to the second `_`, or PostgreSQL's SQLSTATE."""
    name = getattr(error.orig, "sqlite_errorname", None)
    return "_".join(str(name).split("_")[:2]) if name else str(getattr(error.orig, "sqlstate", None) or "")
