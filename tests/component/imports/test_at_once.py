"""Several imports at once make one school: whoever comes second waits, and finds everybody known (fault 11)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actions.delivery import fan_out
from core.actions.imports import journal
from core.actions.imports import people as people_import
from core.actions.imports.timetable import tables
from core.model.imports.people_lists import GroupRow
from core.model.imports.reports import ReadFile
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable, TemplateRow
from core.model.people import SYSTEM, Role
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from storage.database.engine import create_database_engine
from storage.schema import metadata
from storage.unit_of_work import unit_of_work_factory
from tests.support.schools.files import file, guardian, people, report, signed, staff, student

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
POLICY = Policy()
TABLES = ("person", "student", "guardianship", "contact", "consent_entry", "teaching_group", "enrolment", "staff_role")
PUPILS = [f"Ученик{'а' * place} Пётр Ильич" for place in range(30)]
LISTS = people(
    *(student(name, "8Б") for name in PUPILS),
    *(guardian(f"Мать {name}", name, email=f"m{n}@example.org", **signed(str(n))) for n, name in enumerate(PUPILS)),
    staff("Лукина Мария Фёдоровна", Role.CLASS_TEACHER, "8Б"),
    staff("Секретарёва Инна Олеговна", Role.SECRETARY),
    GroupRow(2, "Хор", GroupKind.STREAM, "Музыка", None, PUPILS[0], None),
)


@asynccontextmanager
async def engine_of(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_database_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def brought_in(url: str, kind: str) -> int:
    """One importer with a connection of its own; how much it changed."""
    async with engine_of(url) as engine:
        async with unit_of_work_factory(engine)(reading=True) as uow:
            changed = await IMPORTS[kind](uow)
        async with unit_of_work_factory(engine)() as uow:
            await fan_out.fan_out_all_notices(uow, now=NOW, policy=POLICY)
    return changed


async def _people(uow: UnitOfWork) -> int:
    result = await people_import.import_people(uow, SYSTEM, [LISTS], now=NOW, policy=POLICY)
    assert result.ok
    return sum(each.counts.total for each in result.files)


async def _journal(uow: UnitOfWork) -> int:
    reports = [report({"Алгебра": {3: "5", 10: "4"}}, name, "8Б") for name in PUPILS]
    result = await journal.import_journal(uow, SYSTEM, [file(*reports)], now=NOW, policy=POLICY)
    assert result.ok
    return sum(each.counts.total for each in result.files)


async def _timetable(uow: UnitOfWork) -> int:
    rows = tuple(TemplateRow(2, None, "8Б", day, 1, "Алгебра") for day in range(5))
    read = ReadFile("t.csv", "00", schedules=(ScheduleTable(ScheduleKind.TEMPLATE, None, rows),))
    result = await tables.import_timetable_tables(uow, SYSTEM, [read], now=NOW, policy=POLICY)
    assert result.ok
    return sum(each.counts.total for each in result.files)


IMPORTS = {"people": _people, "journal": _journal, "timetable": _timetable}


async def counted(url: str, *tables: str) -> dict[str, int]:
    async with engine_of(url) as engine, engine.connect() as connection:
        return {
            table: (await connection.scalar(select(func.count()).select_from(metadata.tables[table]))) or 0
            for table in tables
        }


async def test_four_imports_of_people_at_once_enter_everybody_once(store_url: str) -> None:
    """One of four writes the school, the others change nothing; nothing is doubled (fault 11)."""
    changed = await asyncio.gather(*(brought_in(store_url, "people") for _ in range(4)))
    assert sorted(changed)[:3] == [0, 0, 0]
    assert await counted(store_url, *TABLES) == {
        "person": 62,
        "student": 30,
        "guardianship": 30,
        "contact": 30,
        "consent_entry": 30,
        "teaching_group": 2,
        "enrolment": 31,
        "staff_role": 2,
    }


@pytest.mark.parametrize(("kind", "table", "rows"), [("journal", "entry", 60), ("timetable", "template_lesson", 5)])
async def test_four_imports_of_marks_or_lessons_at_once_enter_them_once(
    store_url: str, kind: str, table: str, rows: int
) -> None:
    """The journal and the timetable wait for each other like the lists of people."""
    await brought_in(store_url, "people")
    changed = await asyncio.gather(*(brought_in(store_url, kind) for _ in range(4)))
    assert sorted(changed)[:3] == [0, 0, 0]
    assert await counted(store_url, table) == {table: rows}


async def test_importers_of_different_kinds_wait_for_each_other(store_url: str) -> None:
    """People, marks and lessons at once: nobody meets a half-entered class, and the second round changes nothing."""
    await brought_in(store_url, "people")
    await asyncio.gather(*(brought_in(store_url, kind) for kind in IMPORTS))
    assert [await brought_in(store_url, kind) for kind in IMPORTS] == [0, 0, 0]


DOUBLES = {
    "guardianship": "INSERT INTO guardianship (guardian_id, student_id, relation, access)"
    " SELECT guardian_id, student_id, relation, access FROM guardianship WHERE id = 1",
    "contact": "INSERT INTO contact (person_id, channel, address, rank, origin)"
    " SELECT person_id, channel, address, rank, origin FROM contact WHERE id = 1",
    "enrolment": "INSERT INTO enrolment (student_id, group_id) SELECT student_id, group_id FROM enrolment WHERE id = 1",
    "teaching_group": "INSERT INTO teaching_group (kind, name, name_key) SELECT kind, name, name_key"
    " FROM teaching_group WHERE id = 1",
    "staff_role": "INSERT INTO staff_role (person_id, role, group_id) SELECT person_id, role, group_id FROM staff_role",
}


@pytest.mark.parametrize("table", sorted(DOUBLES))
async def test_the_database_itself_takes_nothing_twice(store_url: str, table: str) -> None:
    """Whatever writes past the importers meets a unique key: open links, places, contacts in use, classes, roles."""
    await brought_in(store_url, "people")
    async with engine_of(store_url) as engine:
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            async with engine.begin() as connection:
                await connection.execute(text(DOUBLES[table]))


async def test_what_has_ended_may_begin_again(open_uow: UnitOfWorkFactory) -> None:
    """The keys speak of what is in force: a link that ended does not bar a new one."""
    async with open_uow() as uow:
        assert (await people_import.import_people(uow, SYSTEM, [LISTS], now=NOW, policy=POLICY)).ok
        (link, *_) = await uow.people.guardianships()
        ended = NOW.date() - timedelta(days=1)
        pupil = await uow.people.add("Новая Мать", "новая мать")
        for ends_on in (date(2025, 1, 1), ended, None):
            await uow.people.add_guardianship(pupil, link.student_id, relation="мать", ends_on=ends_on)
        await uow.commit()
