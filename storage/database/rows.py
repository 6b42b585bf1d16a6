"""Rows become dataclasses. A query selects the fields by name and in order, so `Entry(*row)` needs no mapper."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import islice, starmap
from typing import Any, TypeVar

from sqlalchemy import Column, Executable, Select, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import NotFoundError
from storage.database.types import SQLITE

T = TypeVar("T")
CHUNK = 500
"""The most ids in one IN list; both databases allow many more parameters."""


def row_columns(table: Table[Any], noun: type[Any]) -> list[Column[Any]]:
    """The columns of a noun's fields, in their order."""
    return [table.c[field.name] for field in fields(noun)]


def select_rows(table: Table[Any], noun: type[Any]) -> Select[Any]:
    """SELECT of a noun's columns, as `fetch_rows` needs them."""
    return select(*row_columns(table, noun))


async def fetch_rows(connection: AsyncConnection, noun: type[T], statement: Executable, values: Any = None) -> list[T]:
    """A noun for each row. The statement must select the noun's `row_columns`."""
    return list(starmap(noun, await connection.execute(statement, values)))


async def fetch_rows_chunked(
    connection: AsyncConnection, noun: type[T], ids: Iterable[Any], build: Callable[[list[Any]], Executable]
) -> list[T]:
    """As `fetch_rows`, for more ids than one IN list takes: `build` makes the statement for some of them."""
    return [row for some in row_chunks(ids) for row in await fetch_rows(connection, noun, build(some))]


async def fetch_first_row(
    connection: AsyncConnection, noun: type[T], statement: Executable, values: Any = None
) -> T | None:
    """The noun of the first row; None without a row."""
    row = (await connection.execute(statement, values)).first()
    return None if row is None else noun(*row)


async def fetch_one_row(connection: AsyncConnection, noun: type[T], statement: Executable) -> T:
    """The noun of the first row. Raises NotFoundError without a row."""
    found = await fetch_first_row(connection, noun, statement)
    if found is None:
        raise NotFoundError
    return found


async def add_row(connection: AsyncConnection, table: Table[Any], values: Mapping[str, Any]) -> int:
    """Inserts one row and returns the id that it got."""
    result = await connection.execute(insert(table).returning(table.c.id), values)
    return int(result.scalar_one())


async def add_missing_row(connection: AsyncConnection, table: Table[Any], values: Mapping[str, Any]) -> bool:
    """Inserts one row unless a unique key has it already; True if it is new."""
    result = await connection.execute(upsert_rows(connection, table).values(**values).on_conflict_do_nothing())
    return result.rowcount == 1


def upsert_rows(connection: AsyncConnection, table: Table[Any]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_…`: the SQL is the same on both databases, SQLAlchemy has a class for each."""
    return sqlite.insert(table) if connection.dialect.name == SQLITE else postgresql.insert(table)


def row_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
