"""SQLite: what may wait goes to a thread (the lock, the disk, many rows); any other statement runs where it is asked.

A statement of a look-up takes less time than the way to a thread and back, at which two threads contend for Python.
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import aiosqlite

from storage import closed_files

BEGIN, BEGIN_WRITING = "BEGIN", "BEGIN IMMEDIATE"
STAGED = "staged_"
"""How the names of tables begin whose rows come in by one statement, many thousands at once."""

LONGEST_TURN = 0.005
"""Seconds for which one's statements may follow each other before the others in the event loop have their turn."""

_CHUNK = 200


class Cursor(aiosqlite.Cursor):
    """Within a transaction a statement waits for nobody: to begin writing is to hold the lock.

    One over staged rows waits for nobody either, but may take a second.
    """

    _conn: "Connection"  # a private member, as `_cursor` and `_execute` are; hence the bound of aiosqlite's version

    async def execute(self, sql: str, parameters: Any = None) -> "Cursor":
        if (sql == BEGIN or self._conn.began is not None) and STAGED not in sql:
            await self._conn.let_others()
            self._cursor.execute(sql, parameters or ())
        else:
            await self._execute(self._cursor.execute, sql, parameters or ())  # type: ignore[no-untyped-call]  # theirs
        if sql in {BEGIN, BEGIN_WRITING}:
            self._conn.began = sql
        return self

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        return self._cursor.fetchall()

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        return self._cursor.fetchmany(size or self.arraysize)

    async def close(self) -> None:
        self._cursor.close()


class Connection(aiosqlite.Connection):
    """Its thread ends with the process, whatever it is doing."""

    began: str | None = None
    """The statement that the transaction began with."""

    _turn = 0.0

    def __init__(self, *where: Any, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, *where, **options), _CHUNK)
        self._thread.daemon = True

    def join(self) -> None:
        """Wait for the thread of one that could not be opened: it still has to tell the loop that it ends."""
        self._thread.join()

    async def let_others(self) -> None:
        """Nobody is kept waiting by a hundred statements in a row."""
        if perf_counter() - self._turn > LONGEST_TURN:
            await asyncio.sleep(0)
            self._turn = perf_counter()

    async def commit(self) -> None:
        """Waits for the disk."""
        self.began = None
        await super().commit()

    async def rollback(self) -> None:
        """What only read ends here; what wrote ends in the thread, after all that was begun there."""
        began, self.began = self.began, None
        if began == BEGIN:
            self._conn.rollback()
        else:
            await super().rollback()

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy enters what it gets, and so does this one
        return Cursor(self, self._conn.cursor())


async def connect(*where: Any, **options: Any) -> Connection:
    """`sqlite3.connect` with its arguments, and a thread of its own.

    A new file is closed to others before SQLite writes to it; `-wal` and `-shm` take its mode over (Q126).
    """
    with suppress(OSError):  # SQLite says itself what is wrong with the place
        closed_files.make_file(Path(where[0]))
    connection = Connection(*where, **options)
    try:
        return await connection  # type: ignore[return-value]  # awaiting gives the connection itself
    except sqlite3.Error:
        connection.join()
        raise
