"""Entries with their versions in SQL: what imports write and families read."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, func, insert, not_, select, update

from core.errors import ConflictError
from core.model.marks.entries import Entry, EntryChange, EntryVersion, NewEntry
from core.model.marks.gradebook import DatedVersion
from core.rules.access import Family, Scope
from core.rules.marks.tokens import token_kind
from storage.access.cached_statements import cached_access_statement
from storage.access.scopes import scope_opens_student, scope_reader_parameter
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, fetch_rows_chunked, row_chunks, row_columns, select_rows
from storage.schema.marks import entry, entry_version
from storage.schema.year import subject

LEFT_TO_DEFAULTS = {"id", "withdrawn_at", "given_by", "awaiting", "shown", "publish_at"}
WRITTEN = tuple(column for column in entry.c if column.name not in LEFT_TO_DEFAULTS)
"""The columns of a new entry of an import. The others have defaults: it is in force and published at once."""

BATCH = 10_000
"""How many entries become parameters at a time; a larger batch is no faster and needs more memory."""

ENTRIES = select_rows(entry, Entry).where(entry.c.withdrawn_at.is_(None))
IN_JOURNAL_ORDER = (entry.c.student_id, entry.c.subject_id, entry.c.on, entry.c.id)

CHANGING = (
    "kind", "value", "work_kind", "topic", "weight", "comment", "set_on", "version", "withdrawn_at", "awaiting",
    "shown", "publish_at",
)  # fmt: skip
VERSIONED = tuple(column.name for column in entry_version.c if column.name != "id")
CHANGE = update(entry).where(entry.c.id == bindparam("changed_id")).values({name: bindparam(name) for name in CHANGING})


class SqlEntries(Repository):
    async def known(self, student_ids: Collection[int], *, since: date | None, until: date | None) -> Sequence[Entry]:
        dated = ENTRIES.order_by(*IN_JOURNAL_ORDER)
        if since is not None:
            dated = dated.where(entry.c.on >= since)
        if until is not None:
            dated = dated.where(entry.c.on <= until)
        return await fetch_rows_chunked(
            self._connection, Entry, sorted(student_ids), lambda ids: dated.where(entry.c.student_id.in_(ids))
        )

    async def last_recorded_at(self) -> datetime | None:
        last = select(func.max(entry.c.recorded_at))
        return (await self._connection.execute(last)).scalar_one()

    async def of_subject(self, subject_id: int) -> Sequence[Entry]:
        taught = ENTRIES.where(entry.c.subject_id == subject_id).order_by(*IN_JOURNAL_ORDER)
        return await fetch_rows(self._connection, Entry, taught)

    async def add_entries(self, entries: Sequence[NewEntry], *, import_id: int | None, at: datetime) -> None:
        """Bypasses SQLAlchemy's handling of each row, which takes longer than SQLite's own work."""
        dialect = self._connection.dialect
        statement = insert(entry).compile(dialect=dialect, column_keys=[column.name for column in WRITTEN])
        binders = [column.type.dialect_impl(dialect).bind_processor(dialect) or _unchanged for column in WRITTEN]
        for batch in row_chunks(entries, BATCH):
            await self._connection.exec_driver_sql(str(statement), list(_rows(batch, binders, import_id, at)))

    async def change_entries(
        self, changes: Sequence[EntryChange], *, at: datetime, by: int | None, reason: str, import_id: int | None
    ) -> None:
        for batch in row_chunks(changes):
            await self._lock([change.entry for change in batch])
            await self._connection.execute(CHANGE, [_changed(change, at) for change in batch])
            made = [
                change.version(at=at, by=by, reason=reason, import_id=import_id)
                for change in batch
                if change.is_version
            ]
            if made:
                rows = [{name: getattr(each, name) for name in VERSIONED} for each in made]
                await self._connection.execute(insert(entry_version), rows)

    async def _lock(self, entries: Sequence[Entry]) -> None:
        """Locks the rows; ConflictError unless all still have the version that the change was made from."""
        ids = [each.id for each in entries]
        rows = await self._connection.execute(
            select(entry.c.id, entry.c.version).where(entry.c.id.in_(ids)).with_for_update()
        )
        if {tuple(row) for row in rows} != {(each.id, each.version) for each in entries}:
            raise ConflictError

    async def entries(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[tuple[Entry, str]]:
        opened, asked = cached_access_statement(_entries, scope)
        rows = await self._connection.execute(
            opened, {"student_id": student_id, "since": since, "until": until, **asked}
        )
        return [
            (_before_change(Entry(*fields)) if waiting else Entry(*fields), name) for waiting, *fields, name in rows
        ]

    async def versions(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[DatedVersion]:
        opened, asked = cached_access_statement(_versions, scope)
        rows = await self._connection.execute(
            opened, {"student_id": student_id, "since": since, "until": until, **asked}
        )
        return [DatedVersion(EntryVersion(*made), on, id_, name) for *made, on, id_, name in rows]


def _entries(scope: Scope) -> Select[Any]:
    waits = _waits(scope)
    seen = {
        "value": case((waits, entry.c.shown), else_=entry.c.value),
        "comment": case((waits, None), else_=entry.c.comment),
        "set_on": case((waits, None), else_=entry.c.set_on),
    }
    return (
        select(waits, *(seen.get(column.name, column) for column in row_columns(entry, Entry)), subject.c.name)
        .join(subject, subject.c.id == entry.c.subject_id)
        .where(case((waits, entry.c.shown.is_not(None)), else_=entry.c.withdrawn_at.is_(None)))
        .where(*_of_student_between(scope))
        .order_by(entry.c.on, subject.c.name, entry.c.id)
    )


def _versions(scope: Scope) -> Select[Any]:
    not_published = and_(_waits(scope), entry_version.c.publish_at.is_not_distinct_from(entry.c.publish_at))
    return (
        select(*row_columns(entry_version, EntryVersion), entry.c.on, subject.c.id, subject.c.name)
        .join(entry, entry.c.id == entry_version.c.entry_id)
        .join(subject, subject.c.id == entry.c.subject_id)
        .where(not_(not_published), *_of_student_between(scope))
        .order_by(entry.c.on, entry_version.c.id)
    )


def _of_student_between(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a look-up: one student, dates, and what the scope opens."""
    return (
        entry.c.student_id == bindparam("student_id"),
        entry.c.on.between(bindparam("since"), bindparam("until")),
        scope_opens_student(scope, entry.c.student_id),
    )


def _waits(scope: Scope) -> ColumnElement[bool]:
    """Whether a row of `entry` has a change that this reader may not see yet; students see their own at once."""
    if not isinstance(scope, Family):
        return false()
    return and_(entry.c.awaiting, entry.c.student_id != scope_reader_parameter(scope))


def _before_change(stored: Entry) -> Entry:
    """The entry as it was before the change that waits."""
    return replace(
        stored, kind=token_kind(stored.value), withdrawn_at=None, awaiting=False, shown=None, publish_at=None
    )


def _unchanged(value: object) -> object:
    return value


def _rows(
    entries: Sequence[NewEntry], binders: Sequence[Callable[[Any], Any]], import_id: int | None, at: datetime
) -> Iterator[tuple[Any, ...]]:
    """The values of `WRITTEN`. Only columns that need a conversion for the driver go through their binder."""
    bind = {column.name: binder for column, binder in zip(WRITTEN, binders, strict=True)}
    on, weight, recorded_at = bind["on"], bind["weight"], bind["recorded_at"](at)
    for new in entries:
        yield (
            new.student_id,
            new.subject_id,
            on(new.on),
            new.kind.value,
            new.value,
            new.work_kind,
            new.topic,
            weight(new.weight),
            1,
            new.source and new.source.value,
            import_id,
            recorded_at,
            new.comment,
            new.set_on and on(new.set_on),
        )


def _changed(change: EntryChange, at: datetime) -> dict[str, Any]:
    after = change.after(at=at)
    return {"changed_id": after.id, **{name: getattr(after, name) for name in CHANGING}}
