"""Turns errors of the database drivers into errors of core, by kind: out of reach, busy, full, damaged, no tables."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import exc

from core.errors import (
    ConflictError,
    DatabaseBusyError,
    DatabaseLoginError,
    DiskError,
    DiskFullError,
    NotFoundError,
    SchoolError,
    StorageError,
)
from storage.database.revision import DamagedDatabaseError, NoTablesError

FOREIGN_KEY = {"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"}
KINDS: Mapping[str, type[SchoolError]] = {
    "SQLITE_BUSY": DatabaseBusyError,
    "SQLITE_LOCKED": DatabaseBusyError,
    "SQLITE_PROTOCOL": DatabaseBusyError,
    "SQLITE_FULL": DiskFullError,
    "SQLITE_IOERR_WRITE": DiskFullError,  # a file that may not grow: SQLite calls only the errno ENOSPC full
    "SQLITE_IOERR_TRUNCATE": DiskFullError,
    "SQLITE_IOERR_SHMSIZE": DiskFullError,
    "SQLITE_IOERR_FSYNC": DiskFullError,
    "SQLITE_IOERR": DiskError,
    "SQLITE_READONLY": DiskError,
    "SQLITE_PERM": DiskError,
    "SQLITE_CANTOPEN": StorageError,
    "SQLITE_CORRUPT": DamagedDatabaseError,
    "SQLITE_NOTADB": DamagedDatabaseError,
    "25006": DiskError,  # the server takes no writes
    "28": DatabaseLoginError,
    "3D000": DatabaseLoginError,
    "42P01": NoTablesError,
    "42703": NoTablesError,
    "53100": DiskFullError,
    "58": DiskError,
    "XX001": DamagedDatabaseError,
    "XX002": DamagedDatabaseError,
    "57014": DatabaseBusyError,
    "57": StorageError,  # the server stops, starts, or ended this session
    "08": StorageError,
    "40": DatabaseBusyError,
    "53": DatabaseBusyError,
    "55": DatabaseBusyError,
}
"""The error for the beginning of a driver's code (SQLite's names, PostgreSQL's SQLSTATE); the longest match counts."""

_NO_TABLES = re.compile("no such (table|column)|has no column named")
"""SQLite gives these errors its general code, so the text is the only sign."""


_OF_CONNECTION = (exc.OperationalError, exc.InterfaceError)


def _is_of_client(error: exc.DBAPIError) -> bool:
    """An internal error of the driver without a code, for example a session that ended during a statement."""
    return isinstance(error, exc.InternalError) and _code(error.orig) is None


@contextmanager
def convert_database_failures() -> Iterator[None]:
    """Raises an error of core instead of a driver's error, without its text, since the text quotes rows (Q103)."""
    try:
        yield
    except exc.IntegrityError as error:
        raise (NotFoundError if _code(error.orig) in FOREIGN_KEY else ConflictError) from None
    except exc.TimeoutError:
        raise DatabaseBusyError from None  # all connections of the pool are in use
    except exc.DBAPIError as error:
        kind = error_for_database_failure(error.orig)
        if kind is None and (isinstance(error, _OF_CONNECTION) or _is_of_client(error)):
            kind = StorageError
        if kind is None:
            raise
        raise kind from None
    except exc.PendingRollbackError:
        raise StorageError from None  # the connection was lost within the transaction
    except Exception as error:
        kind = error_for_database_failure(error)
        if kind is None:
            raise
        raise kind from None


def error_for_database_failure(error: BaseException | None) -> type[SchoolError] | None:
    """The kind of a driver's error; None where the statement is at fault, or where the error is not a driver's.

    SQLAlchemy does not wrap the error of a server that starts or stops, so unwrapped errors are handled too.
    """
    if isinstance(error, ConnectionError | TimeoutError):
        return StorageError
    if isinstance(error, sqlite3.Error) and _NO_TABLES.search(str(error)):
        return NoTablesError
    code = _code(error) or ""
    return next((KINDS[code[:length]] for length in range(len(code), 1, -1) if code[:length] in KINDS), None)


def _code(error: BaseException | None) -> str | None:
    """SQLite's name of the error or PostgreSQL's five characters."""
    return getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
