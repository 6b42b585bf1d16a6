"""Work on copies: SQLite has one writer, so a long import changes temporary copies, and they are merged at the end.

SQLite finds a temporary table before the school's own of the same name, so every statement reads and writes the copies.
The lock is held only while the differences are written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Executable,
    Index,
    MetaData,
    Select,
    Table,
    TableClause,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy import column as plain_column
from sqlalchemy import table as plain_table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

from core.errors import ConflictError
from storage.schema import delivery, imports, metadata, numbering, people, register, timetable, year

COPIED: Sequence[Table[Any]] = [
    table
    for table in metadata.sorted_tables
    if table
    in {
        *(people.person, people.student, people.guardianship, people.staff_role),
        *(year.school_year, year.reporting_period, year.subject, year.teaching_group, year.enrolment),
        *(register.consent_entry, register.contact, register.confirmation, numbering.counter),
        *(timetable.template_lesson, timetable.bell, timetable.bell_choice, timetable.holiday, timetable.lesson_change),
        imports.imported,
    }
]
"""What lists of people and timetables read and change; whatever a row refers to comes before it."""

APPENDED: Sequence[Table[Any]] = [delivery.notice]
"""What they only add to, under numbers that nobody refers to: its copy begins empty."""

MAIN, TEMP = "main", "temp"
BEFORE, AFTER = "before_", "after_"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """What became of one table's rows: those that are new, those that are gone, and pairs of before and after."""

    table: Table[Any]
    new: Sequence[Row]
    gone: Sequence[Row] = ()
    changed: Sequence[tuple[Row, Row]] = ()


class Copies:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.exist = self.were_made = False

    async def make(self) -> None:
        self.exist = self.were_made = True
        for table in (*COPIED, *APPENDED):
            copy = _copy(table)
            await self._connection.execute(CreateTable(copy))
            for index in copy.indexes:
                await self._connection.execute(CreateIndex(index))
        for table in COPIED:
            names = [column.name for column in table.c]
            await self._connection.execute(insert(_in(TEMP, table)).from_select(names, _rows_of(MAIN, table)))

    async def drop(self) -> None:
        for table in (*COPIED, *APPENDED):
            await self._connection.execute(DropTable(_copy(table, schema=TEMP), if_exists=True))
        self.exist = False

    async def differences(self) -> Sequence[TableDifference]:
        """What is to be merged, found out before anybody has to wait."""
        changes = [await self._difference(table) for table in COPIED]
        return [*changes, *[TableDifference(table, await self._read(_rows_of(TEMP, table))) for table in APPENDED]]

    async def merge(self, differences: Sequence[TableDifference]) -> None:
        """Under the lock. Raises ConflictError where somebody wrote what the copies were made of."""
        try:
            for found in differences:
                await self._insert(found)
                await self._update(found)
            for found in reversed(differences):
                await self._delete(found)
        except IntegrityError:
            raise ConflictError from None

    async def _difference(self, table: Table[Any]) -> TableDifference:
        was = _by_key(table, await self._read(_rows_of(MAIN, table).except_(_rows_of(TEMP, table))))
        now = _by_key(table, await self._read(_rows_of(TEMP, table).except_(_rows_of(MAIN, table))))
        return TableDifference(
            table,
            new=[row for key, row in now.items() if key not in was],
            gone=[row for key, row in was.items() if key not in now],
            changed=[(row, now[key]) for key, row in was.items() if key in now],
        )

    async def _insert(self, found: TableDifference) -> None:
        """Rows of a table that is only added to are numbered anew."""
        names = [column.name for column in found.table.c if found.table in COPIED or not column.primary_key]
        rows = [{name: value for name, value in _named(found.table, row).items() if name in names} for row in found.new]
        if rows:
            await self._connection.execute(insert(_in(MAIN, found.table)), rows)

    async def _update(self, found: TableDifference) -> None:
        here = _in(MAIN, found.table)
        values: dict[str, BindParameter[Any]] = {
            column.name: bindparam(f"{AFTER}{column.name}") for column in found.table.c
        }
        rows = [
            _named(found.table, after, AFTER) | _named(found.table, before, BEFORE) for before, after in found.changed
        ]
        await self._all(update(here).where(*_as_read(here)).values(values), rows)

    async def _delete(self, found: TableDifference) -> None:
        here = _in(MAIN, found.table)
        await self._all(delete(here).where(*_as_read(here)), [_named(found.table, row, BEFORE) for row in found.gone])

    async def _all(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each row once, or ConflictError."""
        if rows and (await self._connection.execute(statement, rows)).rowcount != len(rows):
            raise ConflictError

    async def _read(self, statement: Executable) -> Sequence[Row]:
        return [tuple(row) for row in await self._connection.execute(statement)]


def _copy(table: Table[Any], *, schema: str | None = None) -> Table[Any]:
    """The same columns and unique keys; what it refers to is looked at when the copies are merged."""
    columns = [
        Column(
            column.name, column.type, primary_key=column.primary_key, nullable=column.nullable, unique=column.unique,
            server_default=column.server_default.arg if column.server_default is not None else None,
        )
        for column in table.c
    ]  # fmt: skip
    keys = [
        UniqueConstraint(*(column.name for column in key.columns))
        for key in table.constraints
        if isinstance(key, UniqueConstraint)
    ]
    indexes = [
        Index(index.name, *(column.name for column in index.columns), unique=True, **_where(index))
        for index in table.indexes
        if index.unique
    ]
    return Table(table.name, MetaData(), *columns, *keys, *indexes, schema=schema, prefixes=["TEMPORARY"])


def _where(index: Index) -> dict[str, Any]:
    return {name: value for name, value in index.dialect_kwargs.items() if name.startswith("sqlite")}


@lru_cache
def _in(schema: str, table: Table[Any]) -> TableClause:
    """The table of one of the two, whose values pass as the database has them."""
    return plain_table(table.name, *(plain_column(each.name) for each in table.c), schema=schema)


def _rows_of(schema: str, table: Table[Any]) -> Select[Any]:
    return select(*_in(schema, table).c)


def _by_key(table: Table[Any], rows: Sequence[Row]) -> Mapping[Row, Row]:
    places = [place for place, column in enumerate(table.c) if column.primary_key]
    return {tuple(row[place] for place in places): row for row in rows}


def _named(table: Table[Any], row: Row, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}{column.name}": value for column, value in zip(table.c, row, strict=True)}


def _as_read(here: TableClause) -> list[ColumnElement[bool]]:
    return [column.is_not_distinct_from(bindparam(f"{BEFORE}{column.name}")) for column in here.c]
