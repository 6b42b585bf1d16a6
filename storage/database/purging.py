"""Removes the bytes of deleted data from the database's files: a DELETE alone leaves them in free pages (Q10)."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engine import database_file_of_engine
from storage.database.failures import convert_database_failures

BUSY_SECONDS = 30
EMPTIED_TABLES = ("contact", "dialog", "arrival")
"""The tables that held addresses, for a server: rewriting all of a school would take long."""


async def purge_deleted_data(engine: AsyncEngine) -> bool:
    """Rewrites what held deleted data; True when no byte of it is left in SQLite's file and its -wal.

    False where a reader held the -wal for too long: its old pages go with the next checkpoint. Raises StorageError.
    """
    file = database_file_of_engine(engine.url)
    with convert_database_failures():
        if file is not None:
            return await asyncio.to_thread(_rewrite_file, file)
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in EMPTIED_TABLES:
                await connection.execute(text(f"VACUUM FULL {table}"))
    return True


def _rewrite_file(file: Path) -> bool:
    """VACUUM writes every page anew through the -wal; a truncating checkpoint then brings them home and empties it."""
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
        until = time.monotonic() + BUSY_SECONDS
        while True:
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy or time.monotonic() > until:
                return not busy
