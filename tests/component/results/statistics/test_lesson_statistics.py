"""Statistics of lessons over the school's database: every class as its own timetable has it, and for whom."""

from dataclasses import replace
from datetime import date

import pytest

from core.actions.imports.timetable.tables import import_timetable_tables
from core.actions.results.lesson_statistics import load_lesson_statistics
from core.errors import NotAllowedError
from core.model.imports.reports import ReadFile
from core.model.imports.timetable_tables import (
    ChangeRow,
    LessonTypeRow,
    PeriodRow,
    PlanRow,
    ScheduleKind,
    ScheduleRow,
    ScheduleTable,
    TemplateRow,
)
from core.model.people import SYSTEM, Actor, Role
from core.model.results.statistics import Wanted
from core.model.schoolwork.control_works import NewControlWork
from core.model.timetable import ChangeKind
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()
SINCE, UNTIL = date(2026, 9, 1), date(2026, 12, 29)
MONDAY = date(2026, 11, 16)
ROWS: tuple[ScheduleRow, ...] = (
    PeriodRow(2, "1 четверть", SINCE, date(2026, 10, 25)),
    PeriodRow(3, "2 четверть", date(2026, 11, 4), UNTIL),
    TemplateRow(2, None, "8Б", 0, 1, "Алгебра", None, "Лисина О.С."),
    TemplateRow(3, None, "8Б", 0, 2, "Английский", None, None, "Англ 1"),
    TemplateRow(4, None, "8А", 4, 1, "Алгебра", None, "Лисина О.С."),
    PlanRow(2, "8Б", "Алгебра", 8, None, "2 четв."),
    LessonTypeRow(2, date(2026, 11, 9), "8Б", 1, "Алгебра", "laboratory"),
    ChangeRow(2, MONDAY, "8Б", 1, "Алгебра", ChangeKind.CANCELLATION),
)


@pytest.fixture
async def open_school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """8А and 8Б with half a class of English, a teacher, and a control work."""
    async with open_uow() as uow:
        build = Builder(uow)
        await build.student("Соколова Анна Олеговна")
        await build.student("Быков Глеб Ильич", "8А")
        half = await build.student("Юдина Яна Олеговна")
        await uow.people.add_staff_role(await build.guardian("Лисина Ольга Сергеевна"), Role.TEACHER, group_id=None)
        subjects = await uow.year.ensure_subjects({"английский": "Английский"})
        group = await uow.year.ensure_group(
            GroupKind.STUDY_GROUP, "Англ 1", "англ 1", subject_id=subjects["английский"]
        )
        await uow.year.enrol(half, group)
        await uow.commit()
    table = ScheduleTable(ScheduleKind.TEMPLATE, None, ROWS)
    async with open_uow(reading=True) as uow:
        result = await import_timetable_tables(
            uow, SYSTEM, [ReadFile("t.csv", "", schedules=(table,))], now=NOW, policy=Policy(), starts_on=SINCE
        )
        assert result.ok, result.files[0].problems
    async with open_uow() as uow:
        subjects = dict(await uow.year.subject_ids())
        classes = {each.name: each.id for each in await uow.year.groups(Everything())}
        work = NewControlWork(classes["8А"], subjects["алгебра"], date(2026, 11, 6), None, "Контрольная", None)
        await uow.schoolwork.plan_control_work(work, by=None, at=NOW)
        await uow.commit()
    return open_uow


async def test_every_class_is_read_as_its_own_timetable(open_school: UnitOfWorkFactory) -> None:
    """The plans of all classes at once are those of each class alone (Q59)."""
    async with open_school(reading=True) as uow:
        plans = await uow.timetable.of_classes(Everything(), since=SINCE, until=UNTIL)
        assert [each.school_class.name for each in plans] == ["8А", "8Б"]
        for each in plans:
            alone = await uow.timetable.of_group(each.school_class.id, Everything(), since=SINCE, until=UNTIL)
            assert [place.group for place in each.plan.places] == [place.group for place in alone.places]
            assert replace(each.plan, places=(), bell_choices=()) == replace(alone, places=(), bell_choices=())


async def test_the_school_sees_its_lessons_by_term_and_type(open_school: UnitOfWorkFactory) -> None:
    """Planned until today, held, cancelled, and the type of each lesson (Q59, Q60)."""
    async with open_school(reading=True) as uow:
        rows = await load_lesson_statistics(uow, SYSTEM, on=TODAY, wanted=Wanted(term="II четверть"))
        names = {each.id: each.name for each in await uow.year.subjects()}
    found = {
        (row.school_class.name, names[row.subject_id], row.group, row.lesson_type): (
            row.planned,
            row.held,
            row.cancelled,
        )
        for row in rows
    }
    assert found == {
        ("8А", "Алгебра", None, None): (3, 3, 0),
        ("8А", "Алгебра", None, "control"): (0, 1, 0),
        ("8А", "Алгебра", None, "lesson"): (0, 2, 0),
        ("8Б", "Алгебра", None, None): (2, 1, 1),
        ("8Б", "Алгебра", None, "laboratory"): (0, 1, 0),
        ("8Б", "Алгебра", None, "lesson"): (0, 0, 1),
        ("8Б", "Английский", "Англ 1", None): (2, 2, 0),
        ("8Б", "Английский", "Англ 1", "lesson"): (0, 2, 0),
    }


async def test_a_class_teacher_sees_the_own_class_and_others_nothing(open_school: UnitOfWorkFactory) -> None:
    """Whose class it is decides SQL; a parent has no door here (Q14)."""
    async with open_school() as uow:
        classes = {each.name: each.id for each in await uow.year.groups(Everything())}
        leader = await Builder(uow).guardian("Шарова Вера Львовна")
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=classes["8А"])
        [lisina] = await uow.people.named({"лисина ольга сергеевна"})
        rows = await load_lesson_statistics(uow, Actor(leader, frozenset({Role.CLASS_TEACHER})), on=TODAY)
        assert {row.school_class.name for row in rows} == {"8А"}
        with pytest.raises(NotAllowedError):
            await load_lesson_statistics(uow, Actor(leader, frozenset({Role.GUARDIAN})), on=TODAY)
        of_teacher = await load_lesson_statistics(uow, SYSTEM, on=TODAY, wanted=Wanted(teacher_id=lisina.id))
        assert {(row.school_class.name, row.group) for row in of_teacher} == {("8А", None), ("8Б", None)}
