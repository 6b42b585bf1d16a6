"""Opens the database of a URL: SQLite by default, PostgreSQL for a school that wants a server."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import sqlite
from storage.database.types import SQLITE

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
WRITE_LOCK = "vestnik_write_lock"
"""The execution option of connections whose transactions are going to write."""

PRAGMAS = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL")
_BUSY_SECONDS = 30
_CACHED_STATEMENTS = 1200
_POOL = {"pool_size": 20, "max_overflow": 0}
"""More connections than updates are handled at once: SQLAlchemy closes an overflow connection after each use."""


def create_database_engine(url: str) -> AsyncEngine:
    """The engine of a URL, not connected yet. Its errors hide parameters, since these are personal data (Q103)."""
    parsed = make_url(url)
    parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() != SQLITE:
        return create_async_engine(_in_its_words(parsed), hide_parameters=True, pool_pre_ping=True, **_POOL)
    lite = {"isolation_level": None, "timeout": _BUSY_SECONDS, "async_creator_fn": sqlite.connect_sqlite}
    engine = create_async_engine(
        parsed, hide_parameters=True, connect_args=lite, query_cache_size=_CACHED_STATEMENTS, **_POOL
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _in_its_words(url: URL) -> URL:
    """What libpq calls `sslmode` is `ssl` for the driver."""
    modes = {"ssl": url.query["sslmode"]} if "sslmode" in url.query else {}
    return url.difference_update_query(["sslmode"]).update_query_dict(modes)


def database_file_of_engine(url: str | URL) -> Path | None:
    """Where SQLite keeps the database; None for a server."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == SQLITE and parsed.database else None


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Takes SQLite's write lock at the begin of a writing transaction.

    SQLite refuses to turn a reading transaction into a writing one under contention, whatever the timeout is.
    """
    writes = connection.get_execution_options().get(WRITE_LOCK, False)
    connection.exec_driver_sql(sqlite.BEGIN_WRITING if writes else sqlite.BEGIN)
