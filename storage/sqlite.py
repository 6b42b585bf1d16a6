"""SQLite behind its thread: each statement travels there once and comes back with its first rows."""

import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Any

import aiosqlite

AHEAD = 200
"""Rows that come back with the statement. Most results are shorter; the rest of a long one is fetched on demand."""


class Cursor(aiosqlite.Cursor):
    """aiosqlite goes to the thread to make a cursor, to execute, to fetch and to close it: four trips for a SELECT."""

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "Cursor":
        rows = await self._execute(self._executed, sql, parameters or ())  # type: ignore[no-untyped-call]  # theirs
        self._ahead: list[sqlite3.Row] = rows
        self._is_all = len(rows) < AHEAD
        return self

    def _executed(self, sql: str, parameters: Any) -> list[sqlite3.Row]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchmany(AHEAD) if self._cursor.description else []

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        ahead, self._ahead = self._ahead, []
        return ahead if self._is_all else [*ahead, *await super().fetchall()]

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        """What streams a long result asks for; it may get fewer rows than it asked for, but none only at the end."""
        if not self._ahead:
            return [] if self._is_all else await super().fetchmany(size)
        some, self._ahead = self._ahead[:size], self._ahead[size:] if size else []
        return some

    async def close(self) -> None:
        """The thread has nothing to do for this cursor any more."""
        self._cursor.close()


class Connection(aiosqlite.Connection):
    """Its thread ends with the process, whatever it is doing."""

    def __init__(self, *where: Any, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, *where, **options), AHEAD)
        self._thread.daemon = True

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy enters what it gets, and so does this one
        return Cursor(self, self._conn.cursor())


async def connect(*where: Any, **options: Any) -> Connection:
    """`sqlite3.connect` with its arguments, in a thread of its own."""
    return await Connection(*where, **options)  # type: ignore[return-value]  # awaiting gives the connection itself
