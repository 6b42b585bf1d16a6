"""Stages what an import is going to write: rows wait in temporary tables, and one statement a table moves them.

Staging needs no write lock; only the move does. The temporary tables end with their connection, so a killed import
leaves nothing behind.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable

from core.errors import ConflictError
from core.model.delivery.obligations import PublishedNotice
from core.model.imports.history import DiaryStatement, Import, Source
from core.model.marks.entries import Entry, EntryVersion
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.schoolwork.homework import Homework, HomeworkVersion
from core.model.timetable import Lesson
from core.model.year import SchoolYear, Subject
from storage.database.rows import row_chunks
from storage.database.sqlite import STAGED
from storage.database.types import SQLITE, WordType
from storage.schema.delivery import notice
from storage.schema.imports import diary_statement, imported, source
from storage.schema.marks import entry, entry_version
from storage.schema.results import period_mark, period_mark_version
from storage.schema.schoolwork import homework, homework_version
from storage.schema.timetable import lesson
from storage.schema.year import school_year, subject

TABLES: Mapping[type[Any], Table[Any]] = {
    SchoolYear: school_year,
    Subject: subject,
    Import: imported,
    Source: source,
    Entry: entry,
    EntryVersion: entry_version,
    PeriodMark: period_mark,
    PeriodMarkVersion: period_mark_version,
    Lesson: lesson,
    Homework: homework,
    HomeworkVersion: homework_version,
    DiaryStatement: diary_statement,
    PublishedNotice: notice,
}
"""The tables of the nouns that may be staged, in such an order that a row comes after the rows it refers to."""

WATCHED = tuple(table for noun, table in TABLES.items() if noun is not PublishedNotice)
"""Tables that an import reads. It does not read notices, to which others add rows all the time."""

NEWEST = select(*(select(func.max(table.c.id)).scalar_subquery() for table in WATCHED))

BATCH = 10_000
"""How many rows become parameters at a time; a larger batch is no faster and needs more memory."""

BEFORE = "before_"


@dataclass(slots=True)
class _Waiting:
    """A temporary table with rows of one noun; `numbered`: the rows have their ids already."""

    noun: type[Any]
    table: Table[Any]
    numbered: bool = True
    count: int = 0

    @property
    def target(self) -> Table[Any]:
        """Where the rows belong."""
        return TABLES[self.noun]


class SqlImportStaging:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._new: dict[type[Any], _Waiting] = {}
        self._changed: dict[type[Any], _Waiting] = {}
        self._last: dict[type[Any], int] = {}
        self.is_used = False

    async def seen(self) -> Sequence[int | None]:
        return tuple((await self._connection.execute(NEWEST)).one())

    async def reserve(self, noun: type[Any], count: int) -> Sequence[int]:
        """SQLite has no sequences: ids after the greatest one are free as long as `seen` has not changed."""
        table = TABLES[noun]
        if self._connection.dialect.name != SQLITE:
            following = select(func.nextval(func.pg_get_serial_sequence(f'"{table.name}"', "id")))
            return list(await self._connection.scalars(following.select_from(func.generate_series(1, count))))
        if noun not in self._last:
            self._last[noun] = await self._connection.scalar(select(func.max(table.c.id))) or 0
        first = self._last[noun] + 1
        self._last[noun] += count
        return range(first, first + count)

    async def add(self, rows: Sequence[Any]) -> None:
        for noun, of_noun in _by_noun(rows):
            if noun not in self._new:
                self._new[noun] = await self._create(noun, numbered=bool(of_noun[0].id))
            await self._put(self._new[noun], _rows(of_noun, _binders(noun, self._connection.dialect)))

    async def change(self, pairs: Sequence[tuple[Any, Any]]) -> None:
        for noun, befores in _by_noun([before for before, _ in pairs]):
            if noun not in self._changed:
                self._changed[noun] = await self._create(noun, before=True)
            binders = _binders(noun, self._connection.dialect)
            images = zip(
                _rows([after for _, after in pairs if type(after) is noun], binders),
                _rows(befores, binders),
                strict=True,
            )
            await self._put(self._changed[noun], (after + before for after, before in images))

    async def write(self) -> None:
        for noun in TABLES:
            if noun in self._new:
                await self._write_new(self._new[noun])
        for changed in self._changed.values():
            await self._write_changed(changed)
        self.forget()

    def forget(self) -> None:
        """Forgets the staged rows. Their tables are dropped when the next ones are made, or end with the connection."""
        for kept in (self._new, self._changed, self._last):
            kept.clear()

    async def _create(self, noun: type[Any], *, numbered: bool = True, before: bool = False) -> _Waiting:
        """`before`: a second column for each value as it was read, which tells whether somebody changed it."""
        of = TABLES[noun]
        columns = [Column(name, of.c[name].type) for name in _names(noun)]
        columns += [Column(f"{BEFORE}{name}", of.c[name].type) for name in _names(noun) if before]
        name = f"{STAGED}{'changed' if before else 'new'}_{of.name}"
        table = Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])
        await self._connection.execute(DropTable(table, if_exists=True))
        await self._connection.execute(CreateTable(table))
        self.is_used = True
        return _Waiting(noun, table, numbered)

    async def _put(self, waiting: _Waiting, rows: Iterable[tuple[Any, ...]]) -> None:
        """Bypasses SQLAlchemy's handling of each row, which takes longer than SQLite's own work."""
        statement = str(insert(waiting.table).compile(dialect=self._connection.dialect))
        for batch in row_chunks(rows, BATCH):
            await self._connection.exec_driver_sql(statement, batch)
            waiting.count += len(batch)

    async def _write_new(self, waiting: _Waiting) -> None:
        names = [name for name in _names(waiting.noun) if waiting.numbered or name != "id"]
        rows = select(*(waiting.table.c[name] for name in names))
        await self._connection.execute(insert(waiting.target).from_select(names, rows))

    async def _write_changed(self, waiting: _Waiting) -> None:
        """ConflictError where a row is not as it was read. Key columns are not set, so no index is written anew."""
        target, staged = waiting.target, waiting.table
        as_read = [
            target.c[name].is_not_distinct_from(staged.c[f"{BEFORE}{name}"])
            for name in _names(waiting.noun)
            if name != "id"
        ]
        new = {name: staged.c[name] for name in _names(waiting.noun) if name not in _key_columns(target)}
        changed = await self._connection.execute(update(target).where(target.c.id == staged.c.id, *as_read).values(new))
        if changed.rowcount != waiting.count:
            raise ConflictError


def _by_noun(rows: Sequence[Any]) -> Iterator[tuple[type[Any], list[Any]]]:
    for noun in dict.fromkeys(map(type, rows)):
        yield noun, [row for row in rows if type(row) is noun]


def _key_columns(table: Table[Any]) -> set[str]:
    """The columns of unique keys and of indexes over all rows: setting one of them would write the index anew."""
    unique = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    whole = [each for each in table.indexes if not each.dialect_kwargs]
    return {column.name for key in (*unique, *whole) for column in key.columns}


def _names(noun: type[Any]) -> list[str]:
    """The columns of a noun bear the names of its fields."""
    return [field.name for field in fields(noun)]


Binders = tuple[Callable[[Any], tuple[Any, ...]], Sequence[tuple[int, Callable[[Any], Any]]]]


def _binders(noun: type[Any], dialect: Dialect) -> Binders:
    """How a noun becomes parameters: its fields, and by position the functions that convert a value for the driver."""
    names = _names(noun)
    types = [TABLES[noun].c[name].type for name in names]
    processors = [
        _word if isinstance(type_, WordType) else type_.dialect_impl(dialect).bind_processor(dialect) for type_ in types
    ]
    return attrgetter(*names), [(place, binder) for place, binder in enumerate(processors) if binder is not None]


def _word(value: StrEnum | None) -> str | None:
    return None if value is None else value._value_


def _rows(nouns: Iterable[Any], binders: Binders) -> Iterator[tuple[Any, ...]]:
    fields_of, to_bind = binders
    for noun in nouns:
        row = list(fields_of(noun))
        for place, bind in to_bind:
            row[place] = bind(row[place])
        yield tuple(row)
