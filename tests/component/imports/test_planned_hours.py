"""The curriculum plan and the types of lessons come in: whole or not at all, and again without doubling."""

from dataclasses import replace
from datetime import date

import pytest

from core.actions.imports.timetable.tables import TimetableResult, import_timetable_tables
from core.model.imports.reports import ReadFile
from core.model.imports.timetable_tables import (
    LessonTypeRow,
    PeriodRow,
    PlanRow,
    ScheduleKind,
    ScheduleRow,
    ScheduleTable,
)
from core.model.people import SYSTEM, Role
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, OwnClasses
from core.rules.delivery.timing import Policy
from tests.support.schools.builders import NOW, Builder

MONDAY = date(2026, 11, 23)
PLAN = PlanRow(2, "8Б", "Физика", 68), PlanRow(3, "8Б", "Физика", 6, None, None, "laboratory")
TYPE = LessonTypeRow(2, MONDAY, "8Б", 2, "Физика", "laboratory", "Рычаг", "Лисина О.С.")


@pytest.fixture
async def open_school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """8Б with a teacher of physics."""
    async with open_uow() as uow:
        build = Builder(uow)
        await build.student("Соколова Анна Олеговна")
        await uow.people.add_staff_role(await build.guardian("Лисина Ольга Сергеевна"), Role.TEACHER, group_id=None)
        await uow.commit()
    return open_uow


async def imported(open_uow: UnitOfWorkFactory, *rows: ScheduleRow) -> TimetableResult:
    """The secretary imports one table."""
    table = ScheduleTable(ScheduleKind.PLAN, None, rows)
    async with open_uow(reading=True) as uow:
        return await import_timetable_tables(
            uow, SYSTEM, [ReadFile("t.csv", "", schedules=(table,))], now=NOW, policy=Policy()
        )


async def faults(open_uow: UnitOfWorkFactory, *rows: ScheduleRow) -> list[tuple[str, int | str | None]]:
    """Reason and column of each problem."""
    return [(each.reason, each.column) for each in (await imported(open_uow, *rows)).files[0].problems]


async def test_a_plan_again_changes_nothing_and_a_new_one_replaces_it(open_school: UnitOfWorkFactory) -> None:
    """The plan of a class is what its last table says (Q59, Q100)."""
    assert (await imported(open_school, *PLAN)).files[0].counts.planned_hours == 2
    assert (await imported(open_school, *PLAN)).files[0].counts.total == 0
    assert (await imported(open_school, replace(PLAN[0], hours=70))).files[0].counts.planned_hours == 3
    async with open_school(reading=True) as uow:
        year_id = await uow.year.year(NOW.date())
        assert year_id is not None
        plan = await uow.timetable.planned_hours(Everything(), year_id=year_id)
        assert [(each.hours, each.lesson_type) for each in plan] == [(70, None)]
        assert await uow.timetable.planned_hours(OwnClasses(1, NOW.date()), year_id=year_id) == []


async def test_a_lesson_keeps_one_type(open_school: UnitOfWorkFactory) -> None:
    """The same lesson with another type is changed, others stay (Q60)."""
    await imported(open_school, *PLAN)
    assert (await imported(open_school, TYPE, replace(TYPE, number=3))).files[0].counts.lesson_types == 2
    assert (await imported(open_school, TYPE)).files[0].counts.total == 0
    await imported(open_school, replace(TYPE, lesson_type="project"))
    async with open_school(reading=True) as uow:
        types = await uow.timetable.lesson_types(Everything(), since=MONDAY, until=MONDAY)
        assert sorted((each.number, each.lesson_type) for each in types) == [(2, "project"), (3, "laboratory")]
        assert await uow.timetable.lesson_types(OwnClasses(1, MONDAY), since=MONDAY, until=MONDAY) == []


async def test_the_unknown_is_named_with_its_place(open_school: UnitOfWorkFactory) -> None:
    """Class, subject, group and teacher are looked up before anything is written (Q101)."""
    assert await faults(open_school, replace(PLAN[0], school_class="9Я")) == [("unknown_class", "class")]
    assert await faults(open_school, replace(PLAN[0], group="Физ 1")) == [("unknown_group", "group")]
    assert await faults(open_school, PLAN[0], replace(PLAN[0], hours=70)) == [("plan_twice", "hours")]
    assert await faults(open_school, TYPE) == [("unknown_subject", "subject")]
    period = PeriodRow(2, "1 четверть", date(2026, 9, 1), date(2026, 10, 25))
    assert await faults(open_school, period, replace(PLAN[0], term="5 четв.")) == [("unknown_term", "term")]
    assert await faults(open_school, period, replace(PLAN[0], term="I четв."), replace(PLAN[1], term="год")) == []
    await imported(open_school, *PLAN)
    unknown = replace(TYPE, school_class="9Я", teacher="Немов Н.Н.")
    assert await faults(open_school, unknown) == [("unknown_class", "class"), ("unknown_teacher", "teacher")]
    assert await faults(open_school, TYPE, replace(TYPE, lesson_type="project")) == [
        ("lesson_type_twice", "lesson_type")
    ]
