"""A student's diary that is imported again replaces what it named before; what went is shown (Q17, Q23)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.actions.imports import journal as journal_import
from core.actions.imports import people as people_import
from core.model.imports.reports import DiaryLesson, JournalReport, ReportKind
from core.model.people import SYSTEM
from core.model.schoolwork.homework import AssignedHomework
from core.model.timetable import DayLesson, LessonState
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from core.rules.timetable.days import timetable_day
from tests.support.schools.files import ANNA, PYOTR, file, people, student

NOW, MONDAY = datetime(2026, 11, 9, 12, tzinfo=UTC), date(2026, 11, 9)
WEEK = (MONDAY, date(2026, 11, 15))
ALGEBRA = DiaryLesson(MONDAY, 1, time(8, 30), time(9, 15), "21", "Алгебра", ("№ 214",), "Дроби")
PHYSICS = DiaryLesson(MONDAY, 2, time(9, 25), time(10, 10), "14", "Физика", ("§ 5", "№ 7"), None)
ENGLISH = replace(PHYSICS, subject="Английский язык", homework=("Слова",), room="31")


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """Two students of one class without a timetable: its lessons are those of their diaries."""
    async with open_uow(reading=True) as uow:
        rows = [people(student(), student(ANNA))]
        assert (await people_import.import_people(uow, SYSTEM, rows, now=NOW, policy=Policy())).ok
    return open_uow


async def imported(open_uow: UnitOfWorkFactory, **diaries: list[DiaryLesson]) -> int:
    """Imports diaries of a week, `pyotr` and `anna`, as one set; how many lessons and homework differ."""
    names = {"pyotr": PYOTR, "anna": ANNA}
    reports = [
        JournalReport(ReportKind.DIARY, names[name], "8Б", WEEK, (), lessons=tuple(lessons))
        for name, lessons in diaries.items()
    ]
    async with open_uow(reading=True) as uow:
        files = [file(report) for report in reports]
        result = await journal_import.import_journal(uow, SYSTEM, files, now=NOW, policy=Policy())
    assert result.ok
    return sum(each.counts.total for each in result.files)


async def homework(open_uow: UnitOfWorkFactory, name: str = PYOTR) -> list[AssignedHomework]:
    async with open_uow(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(name)])
        return [*await uow.schoolwork.homework(person.id, Everything(), since=WEEK[0], until=WEEK[1])]


async def tasks(open_uow: UnitOfWorkFactory, name: str = PYOTR) -> list[tuple[str, str | None, bool]]:
    """Text, former text and whether it is withdrawn."""
    return [
        (each.homework.text, each.was, each.homework.withdrawn_at is not None)
        for each in await homework(open_uow, name)
    ]


async def lessons(open_uow: UnitOfWorkFactory, name: str = PYOTR, on: date = MONDAY) -> list[DayLesson]:
    async with open_uow(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(name)])
        plan = await uow.timetable.of_student(person.id, Everything(), since=on, until=on)
    return [*timetable_day(plan, on).lessons]


async def shown(open_uow: UnitOfWorkFactory, name: str = PYOTR) -> list[tuple[int, str, str | None, LessonState]]:
    found = await lessons(open_uow, name)
    return [(each.number, each.subject, each.was_subject, each.state) for each in found]


async def test_the_same_diary_again_changes_nothing(school: UnitOfWorkFactory, dump: Callable[[], list[str]]) -> None:
    """Not a row differs."""
    await imported(school, pyotr=[ALGEBRA, PHYSICS], anna=[ALGEBRA, ENGLISH])
    before = dump()
    assert await imported(school, pyotr=[ALGEBRA, PHYSICS], anna=[ALGEBRA, ENGLISH]) == 0
    assert dump() == before


async def test_homework_in_other_words_is_shown_old_and_new(school: UnitOfWorkFactory) -> None:
    """It stays one homework, and nothing is owed twice; a second edit shows the words before it."""
    await imported(school, pyotr=[ALGEBRA])
    for words, before in (("№ 215", "№ 214"), ("№ 216", "№ 215")):
        assert await imported(school, pyotr=[replace(ALGEBRA, homework=(words,))]) == 1
        assert await tasks(school) == [(words, before, False)]
    async with school(reading=True) as uow:
        group = await uow.year.ensure_group(
            (await uow.year.groups(Everything()))[0].kind, "8Б", normal_class_name("8Б")
        )
        due = await uow.schoolwork.homework_for_students(MONDAY, group_id=group)
    assert {each.homework.text for _, each in due} == {"№ 216"}


async def test_an_edit_of_a_whole_class_is_one_edit(school: UnitOfWorkFactory) -> None:
    """Two diaries of one set that name the new words change one homework."""
    await imported(school, pyotr=[ALGEBRA], anna=[ALGEBRA])
    edited = [replace(ALGEBRA, homework=("№ 215",))]
    assert await imported(school, pyotr=edited, anna=edited) == 1
    assert await tasks(school) == await tasks(school, ANNA) == [("№ 215", "№ 214", False)]


async def test_homework_that_went_is_withdrawn_and_may_come_back(school: UnitOfWorkFactory) -> None:
    """One of two tasks goes, the other stays; named again, it is in force again."""
    await imported(school, pyotr=[PHYSICS])
    assert await imported(school, pyotr=[replace(PHYSICS, homework=("№ 7",))]) == 1
    assert await tasks(school) == [("§ 5", None, True), ("№ 7", None, False)]
    assert await imported(school, pyotr=[PHYSICS]) == 1
    assert await tasks(school) == [("§ 5", None, False), ("№ 7", None, False)]


async def test_a_replaced_lesson_is_shown_old_and_new(school: UnitOfWorkFactory) -> None:
    """Another subject at its number is a substitution, and the old one's homework is withdrawn."""
    await imported(school, pyotr=[ALGEBRA, PHYSICS])
    await imported(school, pyotr=[ALGEBRA, ENGLISH])
    assert await shown(school) == [
        (1, "Алгебра", None, LessonState.PLANNED),
        (2, "Английский язык", "Физика", LessonState.SUBSTITUTED),
    ]
    assert {text for text, _, is_withdrawn in await tasks(school) if is_withdrawn} == {"§ 5", "№ 7"}
    assert (await lessons(school))[1].room == "31"


async def test_a_lesson_in_another_room_is_shown_old_and_new(school: UnitOfWorkFactory) -> None:
    """The topic and the times follow the diary without a mark."""
    await imported(school, pyotr=[ALGEBRA])
    assert await imported(school, pyotr=[replace(ALGEBRA, room="40", topic="Корни", starts=time(8, 40))]) == 2
    (lesson,) = await lessons(school)
    assert (lesson.room, lesson.was_room, lesson.state) == ("40", "21", LessonState.ROOM_CHANGED)
    assert lesson.starts_at == time(8, 40)


async def test_a_lesson_that_went_is_cancelled_and_may_come_back(school: UnitOfWorkFactory) -> None:
    """Nothing stands at its number; named again, it is planned again."""
    await imported(school, pyotr=[ALGEBRA, PHYSICS])
    await imported(school, pyotr=[ALGEBRA])
    assert [(number, state) for number, _, _, state in await shown(school)] == [
        (1, LessonState.PLANNED),
        (2, LessonState.CANCELLED),
    ]
    await imported(school, pyotr=[ALGEBRA, PHYSICS])
    assert [state for *_, state in await shown(school)] == [LessonState.PLANNED, LessonState.PLANNED]


async def test_a_replaced_lesson_that_comes_back_is_as_it_was(school: UnitOfWorkFactory) -> None:
    """The short-lived substitute is not shown."""
    for second in (PHYSICS, ENGLISH, PHYSICS):
        await imported(school, pyotr=[ALGEBRA, second])
    assert [(subject, was) for _, subject, was, _ in await shown(school)] == [("Алгебра", None), ("Физика", None)]


async def test_another_week_and_what_a_teacher_gave_are_left_alone(school: UnitOfWorkFactory) -> None:
    """A diary speaks of its own days and its own words only."""
    await imported(school, pyotr=[ALGEBRA])
    later = replace(ALGEBRA, date=MONDAY + timedelta(days=7), homework=("№ 300",))
    next_week = JournalReport(ReportKind.DIARY, PYOTR, "8Б", None, (), lessons=(later,))
    async with school() as uow:
        (given,) = await uow.year.homework([1], since=MONDAY, until=MONDAY)
        await uow.schoolwork.give_homework(1, given.subject_id, due_on=MONDAY, text="Доклад", by=None, at=NOW)
        await uow.commit()
    async with school(reading=True) as uow:
        assert (await journal_import.import_journal(uow, SYSTEM, [file(next_week)], now=NOW, policy=Policy())).ok
    assert await imported(school, pyotr=[replace(ALGEBRA, homework=())]) == 1
    assert await tasks(school) == [("№ 214", None, True), ("Доклад", None, False)]


async def test_each_half_of_a_class_sees_its_own_diary(school: UnitOfWorkFactory) -> None:
    """What the other half learns and is given is not shown; what both diaries name is shown to both (Q15)."""
    await imported(school, pyotr=[ALGEBRA, PHYSICS], anna=[ALGEBRA, ENGLISH])
    assert [subject for _, subject, _, _ in await shown(school)] == ["Алгебра", "Физика"]
    assert [subject for _, subject, _, _ in await shown(school, ANNA)] == ["Алгебра", "Английский язык"]
    assert {text for text, *_ in await tasks(school)} == {"№ 214", "§ 5", "№ 7"}
    assert {text for text, *_ in await tasks(school, ANNA)} == {"№ 214", "Слова"}
    assert await owed(school) == {PYOTR: {"№ 214", "§ 5", "№ 7"}, ANNA: {"№ 214", "Слова"}}


async def test_an_edit_of_one_diary_counts_for_its_student(school: UnitOfWorkFactory) -> None:
    """The other one's diary is as it was imported, and nothing stands twice for either."""
    await imported(school, pyotr=[ALGEBRA], anna=[ALGEBRA])
    await imported(school, pyotr=[replace(ALGEBRA, homework=("№ 215",), room="40")])
    assert await tasks(school) == [("№ 214", None, True), ("№ 215", None, False)]
    assert await tasks(school, ANNA) == [("№ 214", None, False)]
    assert await owed(school) == {PYOTR: {"№ 215"}, ANNA: {"№ 214"}}
    assert [(each.room, each.was_room) for each in await lessons(school)] == [("40", "21")]
    assert [(each.room, each.was_room) for each in await lessons(school, ANNA)] == [("21", None)]


async def test_a_student_without_a_diary_sees_those_of_the_class(school: UnitOfWorkFactory) -> None:
    """Also on days on which the own diary names nothing; what a teacher gave is for all."""
    tuesday = MONDAY + timedelta(days=1)
    await imported(school, pyotr=[ALGEBRA, replace(PHYSICS, date=tuesday)])
    assert [subject for _, subject, _, _ in await shown(school, ANNA)] == ["Алгебра"]
    await imported(school, anna=[replace(ENGLISH, date=tuesday)])
    assert {text for text, *_ in await tasks(school, ANNA)} == {"№ 214", "Слова"}
    assert [each.subject for each in await lessons(school, ANNA, tuesday)] == ["Английский язык"]


async def owed(open_uow: UnitOfWorkFactory) -> dict[str, set[str]]:
    """What reminders of Monday's homework name, by student."""
    found: dict[str, set[str]] = {}
    async with open_uow(reading=True) as uow:
        for student_id, each in await uow.schoolwork.homework_for_students(MONDAY):
            name = (await uow.people.person(student_id, Everything())).name
            found.setdefault(name, set()).add(each.homework.text)
    return found
