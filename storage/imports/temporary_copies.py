"""Lets a long import change temporary copies of the school's tables; the differences are merged at the end.

SQLite has one writer, so an import that wrote to the school's tables would keep everybody else waiting. Instead:

1. `make` creates a temporary table with the name of each table that the import changes, and fills it.
2. SQLite looks for an unqualified table name first in the schema `temp`, then in `main`. So every query of the import
   reads and writes the copies, without knowing of them. Here alone the schema is written out.
3. `differences` compares `main` with `temp` without a lock.
4. `merge` writes the differences under the lock, each row only if it is still as it was read.

The copies belong to one connection and end with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
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
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement, DropTable

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
        *(timetable.planned_hours, timetable.lesson_type),
        imports.imported,
    }
]
"""Tables that people lists and timetables read and change; a row comes after the rows it refers to."""

APPENDED: Sequence[Table[Any]] = [delivery.notice]
"""Tables to which they only add rows, to whose ids nothing refers: the copy begins empty."""

MAIN, TEMP = "main", "temp"
BEFORE, AFTER = "before_", "after_"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """How the copy of one table differs: new rows, deleted rows, and changed rows before and after."""

    table: Table[Any]
    new: Sequence[Row]
    gone: Sequence[Row] = ()
    changed: Sequence[tuple[Row, Row]] = ()


class TemporaryTableCopies:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.exist = self.were_made = False

    async def make(self) -> None:
        self.exist = self.were_made = True
        for table in (*COPIED, *APPENDED):
            for sentence in _definition(table):
                await self._connection.exec_driver_sql(sentence)
        for table in COPIED:
            names = [column.name for column in table.c]
            await self._connection.execute(insert(_in_schema(TEMP, table)).from_select(names, _rows_of(MAIN, table)))

    async def drop(self) -> None:
        for table in (*COPIED, *APPENDED):
            await self._connection.execute(_dropping(table))
        self.exist = False

    async def differences(self) -> Sequence[TableDifference]:
        """What `merge` has to write; compared before the lock is taken."""
        changes = [await self._difference(table) for table in COPIED]
        return [*changes, *[TableDifference(table, await self._read(_rows_of(TEMP, table))) for table in APPENDED]]

    async def merge(self, differences: Sequence[TableDifference]) -> None:
        """Runs under the lock. ConflictError where somebody changed rows of which the copies were made."""
        try:
            for difference in differences:
                await self._insert(difference)
                await self._update(difference)
            for difference in reversed(differences):
                await self._delete(difference)
        except IntegrityError:
            raise ConflictError from None

    async def _difference(self, table: Table[Any]) -> TableDifference:
        was = _by_key(table, await self._read(_only_in(MAIN, TEMP, table)))
        now = _by_key(table, await self._read(_only_in(TEMP, MAIN, table)))
        return TableDifference(
            table,
            new=[row for key, row in now.items() if key not in was],
            gone=[row for key, row in was.items() if key not in now],
            changed=[(row, now[key]) for key, row in was.items() if key in now],
        )

    async def _insert(self, difference: TableDifference) -> None:
        """Rows of `APPENDED` tables get new ids."""
        names = [column.name for column in difference.table.c if difference.table in COPIED or not column.primary_key]
        rows = [
            {name: value for name, value in _by_column(difference.table, row).items() if name in names}
            for row in difference.new
        ]
        if rows:
            await self._connection.execute(insert(_in_schema(MAIN, difference.table)), rows)

    async def _update(self, difference: TableDifference) -> None:
        if not difference.changed:
            return
        here = _in_schema(MAIN, difference.table)
        values: dict[str, BindParameter[Any]] = {
            column.name: bindparam(f"{AFTER}{column.name}") for column in difference.table.c
        }
        rows = [
            _by_column(difference.table, after, AFTER) | _by_column(difference.table, before, BEFORE)
            for before, after in difference.changed
        ]
        await self._execute_exactly(update(here).where(*_as_read(here)).values(values), rows)

    async def _delete(self, difference: TableDifference) -> None:
        if not difference.gone:
            return
        here = _in_schema(MAIN, difference.table)
        await self._execute_exactly(
            delete(here).where(*_as_read(here)), [_by_column(difference.table, row, BEFORE) for row in difference.gone]
        )

    async def _execute_exactly(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a statement for each row; ConflictError unless each of them changed exactly one row."""
        if (await self._connection.execute(statement, rows)).rowcount != len(rows):
            raise ConflictError

    async def _read(self, statement: Executable) -> Sequence[Row]:
        return [tuple(row) for row in await self._connection.execute(statement)]


@lru_cache
def _definition(table: Table[Any]) -> Sequence[str]:
    """The sentences that make the copy; written once, since an import makes two dozen copies."""
    copy, dialect = _copy(table), sqlite.dialect()
    sentences: list[DDLElement] = [CreateTable(copy), *map(CreateIndex, copy.indexes)]
    return [str(each.compile(dialect=dialect)) for each in sentences]


@lru_cache
def _dropping(table: Table[Any]) -> DropTable:
    return DropTable(_copy(table, schema=TEMP), if_exists=True)


def _copy(table: Table[Any], *, schema: str | None = None) -> Table[Any]:
    """A temporary table with the same columns and unique keys. Foreign keys are checked when the copies are merged."""
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
def _in_schema(schema: str, table: Table[Any]) -> TableClause:
    """A table of one of the two schemas, without column types, so that values pass unconverted."""
    return plain_table(table.name, *(plain_column(each.name) for each in table.c), schema=schema)


@lru_cache
def _rows_of(schema: str, table: Table[Any]) -> Select[Any]:
    return select(*_in_schema(schema, table).c)


@lru_cache
def _only_in(schema: str, other: str, table: Table[Any]) -> CompoundSelect[Any]:
    return _rows_of(schema, table).except_(_rows_of(other, table))


def _by_key(table: Table[Any], rows: Sequence[Row]) -> Mapping[Row, Row]:
    places = [place for place, column in enumerate(table.c) if column.primary_key]
    return {tuple(row[place] for place in places): row for row in rows}


def _by_column(table: Table[Any], row: Row, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}{column.name}": value for column, value in zip(table.c, row, strict=True)}


def _as_read(here: TableClause) -> list[ColumnElement[bool]]:
    return [column.is_not_distinct_from(bindparam(f"{BEFORE}{column.name}")) for column in here.c]
