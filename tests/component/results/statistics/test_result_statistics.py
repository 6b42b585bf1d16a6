"""Results over the school's database: whose they are, what is deferred, and who is not counted."""

from dataclasses import dataclass
from datetime import date

import pytest

from core.actions.results.result_statistics import load_result_statistics, load_result_student_lists
from core.errors import NotAllowedError
from core.model.people import SYSTEM, Actor, Role
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark
from core.model.results.statistics import ListKind, ResultStatistics, StatisticsCounts, StatisticsScope, Wanted
from core.model.timetable import NewTemplateLesson
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.results import put_final

TODAY = NOW.date()
TERM, ENDS = "1 четверть", date(2026, 10, 25)
MARKS = {
    "8А": ["5"] * 5 + ["4"] * 8 + ["3"] * 6 + ["н/а"] + ["осв"] * 2,
    "8Б": ["5", "2", ""],
}


@dataclass(frozen=True, slots=True)
class School:
    """Two classes with a teacher of algebra and a class teacher of 8А."""

    open_uow: UnitOfWorkFactory
    students: dict[str, list[int]]
    teacher: int
    leader: Actor
    subject: int
    year: int


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    """Algebra of the first quarter; the last student of 8Б has no mark, another left in September."""
    async with open_uow() as uow:
        build = Builder(uow)
        subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        year = await uow.year.ensure_year(TODAY)
        await uow.year.put_period(year, TERM, starts_on=date(2026, 9, 1), ends_on=ENDS)
        students = {
            name: [await build.student(f"Ученик {name} {at:02}", name) for at in range(len(marks))]
            for name, marks in MARKS.items()
        }
        for name, marks in MARKS.items():
            for student, value in zip(students[name], marks, strict=True):
                if value:
                    await put_final(uow, mark(student, subject, year, value))
        left = await build.student("Ушедший Олег", "8А")
        await put_final(uow, mark(left, subject, year, "2"))
        await uow.people.add_student(left, leaves_on=date(2026, 9, 30))
        classes = {each.name: each.id for each in await uow.year.groups(Everything())}
        teacher, leader = await build.guardian("Лисина Ольга Сергеевна"), await build.guardian("Шарова Вера Львовна")
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=classes["8А"])
        for name in MARKS:
            lesson = NewTemplateLesson(subject, 0, 1, teacher_id=teacher)
            await uow.timetable.put_template(classes[name], [lesson], starts_on=date(2026, 9, 1))
        await uow.commit()
    return School(open_uow, students, teacher, Actor(leader, frozenset({Role.CLASS_TEACHER})), subject, year)


def mark(student: int, subject: int, year: int, value: str) -> PeriodMark:
    """A final mark of the quarter."""
    return PeriodMark(0, student, subject, year, TERM, None, value, 1, NOW, published=False, import_id=None)


def counts(rows: list[ResultStatistics], scope: StatisticsScope, scope_id: int | None = None) -> StatisticsCounts:
    """The row of a scope in algebra; without an id the only one."""
    [found] = [
        each.counts
        for each in rows
        if each.scope is scope and each.subject_id is not None and scope_id in {None, each.scope_id}
    ]
    return found


async def rows_of(uow: UnitOfWork, actor: Actor = SYSTEM) -> list[ResultStatistics]:
    return list(await load_result_statistics(uow, actor, on=TODAY, term="I четв."))


async def test_the_school_sums_up_its_classes(school: School) -> None:
    """Class, parallel, school, teacher and subject; who left in September does not count (Q62, Q63)."""
    async with school.open_uow(reading=True) as uow:
        rows = await rows_of(uow)
    whole = StatisticsCounts(pupils=25, n5=6, n4=8, n3=6, n2=1, na=1, exempt=2, unmarked=1)
    assert [counts(rows, scope) for scope in StatisticsScope if scope is not StatisticsScope.CLASS] == [whole] * 4
    assert counts(rows, StatisticsScope.TEACHER, school.teacher) == whole


async def test_a_deferred_student_stands_on_an_own_line(school: School) -> None:
    """Until the mark is there; then the statistics are another (Q54)."""
    student = school.students["8Б"][-1]
    async with school.open_uow() as uow:
        await uow.deferrals.add(
            Deferral(0, student, school.subject, school.year, TERM, ENDS, ENDS, "С-1", "П-1", TODAY, None, NOW)
        )
        deferred = await rows_of(uow)
        await put_final(uow, mark(student, school.subject, school.year, "4"))
        marked = await rows_of(uow)
    found = [counts(rows, StatisticsScope.SCHOOL) for rows in (deferred, marked)]
    assert [(each.deferred, each.unmarked, each.n) for each in found] == [(1, 0, 22), (0, 0, 23)]


async def test_a_class_teacher_sees_the_own_class_as_the_deputy_head_does(school: School) -> None:
    """The golden class in SQL, and nothing of the other one; a parent has no door here (Q14, Q62)."""
    async with school.open_uow(reading=True) as uow:
        rows, every = await rows_of(uow, school.leader), await rows_of(uow)
        own = counts(rows, StatisticsScope.CLASS)
        assert own == StatisticsCounts(pupils=22, n5=5, n4=8, n3=6, na=1, exempt=2)
        assert own in [each.counts for each in every if each.scope is StatisticsScope.CLASS]
        with pytest.raises(NotAllowedError):
            await rows_of(uow, Actor(school.teacher, frozenset({Role.GUARDIAN})))


async def test_the_lists_name_students_of_the_own_class_only(school: School) -> None:
    """Excellent and failing of 8Б are no business of the class teacher of 8А (Q14, Q64)."""
    async with school.open_uow(reading=True) as uow:
        every = await load_result_student_lists(uow, SYSTEM, on=TODAY, wanted=Wanted(term=TERM))
        own = await load_result_student_lists(uow, school.leader, on=TODAY, wanted=Wanted(term=TERM))
    assert {each.school_class.name for each in every.listed if each.kind is ListKind.FAILING} == {"8Б"}
    assert {each.school_class.name for each in own.listed} == {"8А"}
    assert set(own.names) <= set(school.students["8А"])
