"""Entries with versions, period marks, imports and sources in SQL."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import ConflictError
from core.model.journal import ReportKind
from core.model.marks import Entry, EntryChange, NewEntry, PeriodMark
from core.rules.access import Scope
from storage.rows import add_row, chunks, columns, fetch, selected
from storage.schema.journal import entry, entry_version, imported, period_mark, period_mark_version, source
from storage.schema.year import subject
from storage.scopes import opens_student

WRITTEN = tuple(column for column in entry.c if column.name not in {"id", "withdrawn_at"})
"""What a new entry brings; its id is given and it is in force."""

BATCH = 10_000
"""Entries turned into parameters at a time: enough for full speed, few enough for little memory."""

ENTRIES = selected(entry, Entry).where(entry.c.withdrawn_at.is_(None))
IN_JOURNAL_ORDER = (entry.c.student_id, entry.c.subject_id, entry.c.on, entry.c.id)

CHANGING = ("kind", "value", "work_kind", "topic", "weight", "version", "withdrawn_at")
CHANGE = update(entry).where(entry.c.id == bindparam("changed_id")).values({name: bindparam(name) for name in CHANGING})


class Journal:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def sources(self) -> frozenset[tuple[ReportKind, int]]:
        rows = await self._connection.execute(select(source.c.kind, source.c.student_id))
        return frozenset((kind, student_id) for kind, student_id in rows)

    async def add_sources(self, pairs: Collection[tuple[ReportKind, int]], *, import_id: int) -> None:
        new = [{"kind": kind, "student_id": student, "first_import_id": import_id} for kind, student in sorted(pairs)]
        if new:
            await self._connection.execute(insert(source), new)

    async def known(self, student_ids: Collection[int], *, since: date | None, until: date | None) -> Sequence[Entry]:
        found: list[Entry] = []
        for ids in chunks(sorted(student_ids)):
            of_students = ENTRIES.where(entry.c.student_id.in_(ids)).order_by(*IN_JOURNAL_ORDER)
            if since is not None:
                of_students = of_students.where(entry.c.on >= since)
            if until is not None:
                of_students = of_students.where(entry.c.on <= until)
            found += await fetch(self._connection, Entry, of_students)
        return found

    async def add_entries(self, entries: Sequence[NewEntry], *, import_id: int | None, at: datetime) -> None:
        """Past SQLAlchemy's handling of each row, which takes longer than SQLite's own work."""
        dialect = self._connection.dialect
        statement = insert(entry).compile(dialect=dialect, column_keys=[column.name for column in WRITTEN])
        binders = [column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is for column in WRITTEN]
        for batch in chunks(entries, BATCH):
            await self._connection.exec_driver_sql(str(statement), list(_rows(batch, binders, import_id, at)))

    async def change_entries(
        self, changes: Sequence[EntryChange], *, at: datetime, by: int | None, reason: str, import_id: int | None
    ) -> None:
        for batch in chunks(changes):
            await self._lock([change.entry for change in batch])
            await self._connection.execute(CHANGE, [_changed(change, at) for change in batch])
            versions = [
                _version(change, at) | {"changed_by": by, "reason": reason, "import_id": import_id}
                for change in batch
                if change.value != change.entry.value
            ]
            if versions:
                await self._connection.execute(insert(entry_version), versions)

    async def _lock(self, entries: Sequence[Entry]) -> None:
        """ConflictError unless all are still in the version that the change was made from."""
        ids = [each.id for each in entries]
        rows = await self._connection.execute(
            select(entry.c.id, entry.c.version).where(entry.c.id.in_(ids)).with_for_update()
        )
        if {tuple(row) for row in rows} != {(each.id, each.version) for each in entries}:
            raise ConflictError

    async def period_marks(self, student_ids: Collection[int], *, year_ids: Collection[int]) -> Sequence[PeriodMark]:
        found: list[PeriodMark] = []
        for ids in chunks(sorted(student_ids)):
            of_students = selected(period_mark, PeriodMark).where(
                period_mark.c.student_id.in_(ids), period_mark.c.year_id.in_(year_ids)
            )
            found += await fetch(self._connection, PeriodMark, of_students.order_by(period_mark.c.id))
        return found

    async def put_period_mark(self, mark: PeriodMark, *, before: PeriodMark | None, by: int | None) -> int:
        new = {column.name: getattr(mark, column.name) for column in period_mark.c if column.name != "id"}
        if before is None:
            mark_id = await add_row(self._connection, period_mark, new)
        else:
            mark_id = await self._follow(before, new)
        if before is None or mark.version > before.version:
            history = {"period_mark_id": mark_id, "before": before.value if before else None, "after": mark.value}
            taken = {name: new[name] for name in ("version", "received_at", "published", "import_id")}
            await self._connection.execute(insert(period_mark_version), history | taken | {"changed_by": by})
        return mark_id

    async def _follow(self, before: PeriodMark, new: Mapping[str, Any]) -> int:
        same = (period_mark.c.id == before.id) & (period_mark.c.version == before.version)
        result = await self._connection.execute(update(period_mark).where(same).values(**new))
        if result.rowcount != 1:
            raise ConflictError
        return before.id

    async def published_results(self) -> Mapping[str, int]:
        published = (
            select(period_mark_version.c.period_mark_id, func.count())
            .where(period_mark_version.c.published)
            .group_by(period_mark_version.c.period_mark_id)
        )
        return {f"period_mark:{mark_id}": count for mark_id, count in await self._connection.execute(published)}

    async def add_import(self, *, sha256: str, kind: str, at: datetime, by: int | None) -> int:
        new = {"sha256": sha256, "kind": kind, "imported_at": at, "imported_by": by}
        return await add_row(self._connection, imported, new | {"recorded": 0, "changed": 0, "withdrawn": 0})

    async def finish_import(self, import_id: int, *, recorded: int, changed: int, withdrawn: int) -> None:
        counts = {"recorded": recorded, "changed": changed, "withdrawn": withdrawn}
        await self._connection.execute(update(imported).where(imported.c.id == import_id).values(**counts))

    async def entries(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[tuple[Entry, str]]:
        opened = (
            select(*columns(entry, Entry), subject.c.name)
            .join(subject, subject.c.id == entry.c.subject_id)
            .where(entry.c.student_id == student_id, opens_student(scope, entry.c.student_id))
            .where(entry.c.withdrawn_at.is_(None), entry.c.on.between(since, until))
            .order_by(entry.c.on, subject.c.name, entry.c.id)
        )
        return [(Entry(*fields), name) for *fields, name in await self._connection.execute(opened)]

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]:
        opened = (
            select(*columns(period_mark, PeriodMark), subject.c.name)
            .join(subject, subject.c.id == period_mark.c.subject_id)
            .where(period_mark.c.student_id == student_id, opens_student(scope, period_mark.c.student_id))
            .where(period_mark.c.year_id == year_id)
            .order_by(subject.c.name, period_mark.c.id)
        )
        return [(PeriodMark(*fields), name) for *fields, name in await self._connection.execute(opened)]


def _as_it_is(value: object) -> object:
    return value


def _rows(
    entries: Sequence[NewEntry], binders: Sequence[Callable[[Any], Any]], import_id: int | None, at: datetime
) -> Iterator[tuple[Any, ...]]:
    """The values of `WRITTEN`; only those of a kind that differs from row to row go through their binder."""
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
        )


def _changed(change: EntryChange, at: datetime) -> dict[str, Any]:
    versions = change.value != change.entry.value
    return {
        "changed_id": change.entry.id,
        "kind": change.kind,
        "value": change.entry.value if change.value is None else change.value,
        "work_kind": change.work_kind,
        "topic": change.topic,
        "weight": change.weight,
        "version": change.entry.version + versions,
        "withdrawn_at": at if change.value is None else None,
    }


def _version(change: EntryChange, at: datetime) -> dict[str, Any]:
    return {
        "entry_id": change.entry.id,
        "version": change.entry.version + 1,
        "before": change.entry.value,
        "after": change.value,
        "changed_at": at,
    }
