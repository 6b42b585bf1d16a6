"""SQLite's driver: short statements run on the event loop, the rest in the connection's thread.

A statement of a look-up takes less time than handing it to a thread and waiting for the answer. Only what may block
goes to the thread: waiting for the lock, the commit, statements over many rows.
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
"""The prefix of tables whose rows are moved by one statement, many thousands at once."""

LONGEST_TURN = 0.005
"""Seconds of statements in a row, after which other tasks of the event loop have their turn."""

_CHUNK = 200


class SqliteCursor(aiosqlite.Cursor):
    """Runs on the event loop: the transaction already holds the lock that it needs, so no statement can block.

    `BEGIN IMMEDIATE` waits for the lock and a statement over staged rows may take a second; both go to the thread.
    """

    _conn: (
        "SqliteConnection"  # a private member, as `_cursor` and `_execute` are; hence the bound of aiosqlite's version
    )

    async def execute(self, sql: str, parameters: Any = None) -> "SqliteCursor":
        if sql in {BEGIN, BEGIN_WRITING}:
            self._conn.began = sql  # before it is done: whoever is cancelled meanwhile leaves something to roll back
        if self._conn.began is not None and sql != BEGIN_WRITING and STAGED not in sql:
            await self._conn.yield_to_others()
            self._cursor.execute(sql, parameters or ())
        else:
            await self._execute(self._cursor.execute, sql, parameters or ())  # type: ignore[no-untyped-call]  # theirs
        return self

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        return self._cursor.fetchall()

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        return self._cursor.fetchmany(size or self.arraysize)

    async def close(self) -> None:
        self._cursor.close()


class SqliteConnection(aiosqlite.Connection):
    """A connection whose thread is a daemon: it ends with the process, whatever it is doing."""

    began: str | None = None
    """`BEGIN` or `BEGIN IMMEDIATE` from the moment it is asked for until the transaction has ended."""

    _turn = 0.0

    def __init__(self, *where: Any, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, *where, **options), _CHUNK)
        self._thread.daemon = True

    def join(self) -> None:
        """Waits for the thread of a connection that failed to open: it still reports its end to the loop."""
        self._thread.join()

    async def yield_to_others(self) -> None:
        """Gives other tasks their turn after `LONGEST_TURN` of statements in a row."""
        if perf_counter() - self._turn > LONGEST_TURN:
            await asyncio.sleep(0)
            self._turn = perf_counter()

    async def commit(self) -> None:
        """In the thread, since it waits for the disk."""
        await super().commit()
        self.began = None

    async def rollback(self) -> None:
        """A reading transaction ends at once; a writing one ends in the thread, after the statements queued there.

        The pool rolls back once more what it takes back: where nothing is open there is nothing to wait for.
        """
        began, self.began = self.began, None
        if began == BEGIN:
            self._conn.rollback()
        elif began is not None:
            await super().rollback()

    def cursor(self) -> SqliteCursor:  # type: ignore[override]  # SQLAlchemy enters what it gets, and so does this one
        return SqliteCursor(self, self._conn.cursor())


async def connect_sqlite(*where: Any, **options: Any) -> SqliteConnection:
    """Opens a connection with the arguments of `sqlite3.connect`.

    A new file is closed to other users before SQLite writes to it; `-wal` and `-shm` take its mode over (Q126).
    """
    with suppress(OSError):  # SQLite raises its own error for this path
        closed_files.make_closed_file(Path(where[0]))
    connection = SqliteConnection(*where, **options)
    try:
        return await connection  # type: ignore[return-value]  # awaiting gives the connection itself
    except sqlite3.Error:
        connection.join()
        raise
