"""What the journal's SQL keeps to on both databases: exact entries, a version for each change, no lost update."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import ConflictError
from core.model.imports.history import Source
from core.model.imports.reports import ReportKind
from core.model.marks.entries import Entry, EntryChange, EntryKind, EntryVersion, NewEntry
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWorkFactory
from storage.database.engine import create_database_engine
from storage.database.rows import fetch_rows, select_rows
from storage.schema.marks import entry_version
from storage.schema.results import period_mark_version
from tests.support.schools.builders import NOW, Family, a_family
from tests.support.schools.results import put_final

DAY = NOW.date()


def new(family: Family, subject: int, value: str = "5", *, on: date = DAY, weight: str | None = "10.50") -> NewEntry:
    return NewEntry(
        family.student, subject, on, EntryKind.SCORE, value, "Контрольная", None,
        None if weight is None else Decimal(weight), ReportKind.TABLE,
    )  # fmt: skip


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    return await a_family(open_uow)


@pytest.fixture
async def algebra(open_uow: UnitOfWorkFactory) -> int:
    async with open_uow() as uow:
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        await uow.commit()
    return ids["алгебра"]


async def known(family: Family, *, since: date | None = None, until: date | None = None) -> list[Entry]:
    async with family.open_uow(reading=True) as uow:
        return list(await uow.marks.known([family.student], since=since, until=until))


async def write(family: Family, *entries: NewEntry) -> None:
    async with family.open_uow() as uow:
        import_id = await uow.imports.add_import(sha256="0" * 64, kind="table", at=NOW, by=None)
        await uow.marks.add_entries(entries, import_id=import_id, at=NOW)
        await uow.commit()


async def change(family: Family, *changes: EntryChange) -> None:
    async with family.open_uow() as uow:
        await uow.marks.change_entries(changes, at=NOW, by=family.mother, reason="import", import_id=None)
        await uow.commit()


async def versions(store_url: str) -> list[EntryVersion]:
    engine = create_database_engine(store_url)
    async with engine.connect() as connection:
        found = await fetch_rows(connection, EntryVersion, select_rows(entry_version, EntryVersion).order_by("id"))
    await engine.dispose()
    return found


async def test_an_entry_comes_back_as_it_was_written(family: Family, algebra: int) -> None:
    """Bulk writing goes past the driver's types, and still every value is exact (Q42)."""
    written = new(family, algebra)
    await write(family, written, new(family, algebra, ".", weight=None))
    scored, bare = await known(family)
    assert scored == Entry(
        scored.id, family.student, algebra, DAY, EntryKind.SCORE, "5", "Контрольная", None, Decimal("10.50"), 1,
        ReportKind.TABLE, scored.import_id, NOW, None,
    )  # fmt: skip
    assert str(scored.weight) == "10.50"
    assert bare.weight is None


async def test_known_entries_are_those_of_the_days_asked_for(family: Family, algebra: int) -> None:
    """Both days are included, and the order is the journal's."""
    days = [DAY - timedelta(days=back) for back in (0, 3, 1, 2)]
    await write(family, *(new(family, algebra, on=day) for day in days))
    found = await known(family, since=DAY - timedelta(days=2), until=DAY - timedelta(days=1))
    assert [each.on for each in found] == [DAY - timedelta(days=2), DAY - timedelta(days=1)]
    assert [each.on for each in await known(family)] == sorted(days)


async def test_a_change_leaves_what_was_before(family: Family, algebra: int, store_url: str) -> None:
    """Before, after, who, when and why; a withdrawn entry is out of force and not deleted (Q38)."""
    await write(family, new(family, algebra, "3"), new(family, algebra, "4"))
    first, second = await known(family)
    await change(
        family,
        EntryChange(first, EntryKind.SCORE, "5", first.work_kind, first.topic, first.weight),
        EntryChange(second, EntryKind.SCORE, None, second.work_kind, second.topic, second.weight),
    )
    assert [(each.value, each.version) for each in await known(family)] == [("5", 2)]
    changed, withdrawn = await versions(store_url)
    assert (changed.before, changed.after, changed.version, changed.changed_by) == ("3", "5", 2, family.mother)
    assert (withdrawn.before, withdrawn.after, withdrawn.changed_at) == ("4", None, NOW)


async def test_enrichment_alone_makes_no_version(family: Family, algebra: int, store_url: str) -> None:
    """A richer report adds topic and weight to the same mark (Q38)."""
    await write(family, new(family, algebra, weight=None))
    (bare,) = await known(family)
    await change(family, EntryChange(bare, EntryKind.SCORE, bare.value, "Диктант", "Причастие", Decimal(20)))
    (rich,) = await known(family)
    assert rich == replace(bare, work_kind="Диктант", topic="Причастие", weight=Decimal(20))
    assert await versions(store_url) == []


async def test_a_change_made_from_an_old_version_is_refused(family: Family, algebra: int, store_url: str) -> None:
    """Of two who change the same entry the second is told to read again, and nothing of it is written."""
    await write(family, new(family, algebra, "3"), new(family, algebra, "4"))
    stale = await known(family)
    first = EntryChange(stale[0], EntryKind.SCORE, "5", None, None, None)
    await change(family, first)
    with pytest.raises(ConflictError):
        await change(family, EntryChange(stale[1], EntryKind.SCORE, "2", None, None, None), first)
    assert [each.value for each in await known(family)] == ["5", "4"]
    assert len(await versions(store_url)) == 1


async def enter(family: Family, source: Source) -> None:
    async with family.open_uow() as uow:
        await uow.staged.add([source])
        await uow.staged.write()
        await uow.commit()


async def test_a_source_is_silent_once(family: Family) -> None:
    """The kinds of report already imported for a student are known by pair (Q90)."""
    async with family.open_uow() as uow:
        import_id = await uow.imports.add_import(sha256="0" * 64, kind="table", at=NOW, by=None)
        await uow.imports.finish_import(import_id, recorded=1, changed=0, withdrawn=0)
        await uow.commit()
    known = Source(0, ReportKind.TABLE, family.student, import_id)
    await enter(family, known)
    async with family.open_uow(reading=True) as uow:
        assert await uow.imports.sources() == {(ReportKind.TABLE, family.student)}
    with pytest.raises(ConflictError):
        await enter(family, known)


async def test_an_average_that_moves_is_no_new_result(family: Family, algebra: int, store_url: str) -> None:
    """Only a new value is a version of its own, and only published versions are owed (Q74, Q90)."""
    async with family.open_uow() as uow:
        year_id = await uow.year.ensure_year(DAY)
        mark = PeriodMark(
            0,
            family.student,
            algebra,
            year_id,
            "1 четверть",
            Decimal("3.67"),
            "4",
            1,
            NOW,
            published=False,
            import_id=None,
        )
        silent = await put_final(uow, mark)
        moved = replace(silent, average=Decimal("3.70"))
        await put_final(uow, moved, before=silent)
        higher = replace(moved, value="5", version=2, published=True)
        await put_final(uow, higher, before=moved)
        assert await uow.results.period_marks([family.student], year_ids=[year_id]) == [higher]
        assert await uow.results.published_results() == {f"period_mark:{silent.id}": 1}
        await uow.commit()
    engine = create_database_engine(store_url)
    history = select(period_mark_version.c.before, period_mark_version.c.after, period_mark_version.c.published)
    async with engine.connect() as connection:
        rows = [tuple(row) for row in await connection.execute(history.order_by(period_mark_version.c.id))]
    await engine.dispose()
    assert rows == [(None, "4", False), ("4", "5", True)]


async def test_the_school_year_turns_on_the_first_of_september(family: Family) -> None:
    """August belongs to the year that ends, September to the one that begins."""
    async with family.open_uow() as uow:
        ids = [await uow.year.ensure_year(day) for day in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31))]
    assert ids[0] != ids[1] == ids[2]
