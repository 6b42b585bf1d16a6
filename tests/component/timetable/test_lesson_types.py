"""A teacher names the type of a lesson: in the chat, for whom it is open, and what the statistics make of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from core.actions.results.lesson_statistics import load_lesson_statistics
from core.actions.timetable.lesson_types import load_lesson_types, set_lesson_type
from core.errors import NotFoundError
from core.model.marks.gradebook import LessonDay
from core.model.people import SYSTEM, Actor, Role
from core.model.results.statistics import Wanted
from core.model.timetable import ChangeKind, LessonType, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()
SINCE = date(2026, 9, 1)
CHAT = 611


@dataclass(frozen=True, slots=True)
class TypedClass:
    """8Б with algebra as lessons 2 and 3 of today, a half of it with English as lesson 4, and two teachers."""

    open_uow: UnitOfWorkFactory
    teacher: Actor
    colleague: Actor
    algebra: LessonDay
    english: LessonDay
    school_class: int

    async def set_type(self, lesson: LessonDay, lesson_type: str, *, by: Actor | None = None) -> None:
        async with self.open_uow() as uow:
            await set_lesson_type(uow, by or self.teacher, lesson, lesson_type=lesson_type, now=NOW, on=TODAY)

    async def types(self, lesson: LessonDay, *, of: Actor | None = None) -> dict[int, str]:
        async with self.open_uow(reading=True) as uow:
            return dict(await load_lesson_types(uow, of or self.teacher, lesson, on=TODAY))

    async def kept(self) -> list[LessonType]:
        async with self.open_uow(reading=True) as uow:
            return list(await uow.timetable.lesson_types(Everything(), since=TODAY, until=TODAY))


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TypedClass:
    return await _build_school(open_uow)


async def _build_school(open_uow: UnitOfWorkFactory) -> TypedClass:
    async with open_uow() as uow:
        build = Builder(uow)
        await uow.year.ensure_year(TODAY)
        student = await build.student("Белова Анна Кирилловна")
        school_class = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра", "английский": "Английский"})
        algebra, english = subjects["алгебра"], subjects["английский"]
        half = await uow.year.ensure_group(GroupKind.STUDY_GROUP, "Англ 1", "англ 1", subject_id=english)
        await uow.year.enrol(student, half)
        people = [await build.guardian(name) for name in ("Громова Инна Павловна", "Осипова Дина Олеговна")]
        await uow.people.add_staff_role(people[0], Role.TEACHER, group_id=school_class, subject_id=algebra)
        await uow.people.add_staff_role(people[1], Role.TEACHER, group_id=half, subject_id=english)
        await build.contact(people[0], "telegram", str(CHAT))
        day = TODAY.weekday()
        lessons = [NewTemplateLesson(algebra, day, number, "12", people[0]) for number in (2, 3)]
        await uow.timetable.put_template(school_class, lessons, starts_on=SINCE)
        await uow.timetable.put_template(half, [NewTemplateLesson(english, day, 4, "14", people[1])], starts_on=SINCE)
        await uow.commit()
    teacher, colleague = (Actor(person, frozenset({Role.TEACHER}), "telegram") for person in people)
    lesson = LessonDay(school_class, algebra, TODAY)
    return TypedClass(open_uow, teacher, colleague, lesson, LessonDay(half, english, TODAY), school_class)


def _phone(open_uow: UnitOfWorkFactory) -> Phone:
    line = Line(
        DoorSchool(
            open_uow=open_uow, catalogues=CATALOGUES, clock=lambda: NOW, policy=Policy(), closes={}, signing_key=KEY,
            language="ru", marks="bot", mark_delay=timedelta(minutes=30), channels=InstalledChannelDirectory(),
        )
    )  # fmt: skip
    return Phone(line, CHAT)


async def test_a_teacher_names_the_type_in_two_taps(open_sqlite: UnitOfWorkFactory) -> None:
    """«Тип урока», then the type; it stands on the lesson's screen, and another choice changes it (Q60)."""
    await _build_school(open_sqlite)
    phone = _phone(open_sqlite)
    await phone.says("/journal")
    assert "Тип урока: " not in await phone.presses("8Б · Алгебра")
    assert "Выберите тип" in await phone.presses("Тип урока")
    assert "Тип урока: лабораторная\n" in await phone.presses("лабораторная")
    await phone.presses("Тип урока")
    await phone.presses("• лабораторная")
    await phone.presses("Тип урока")
    assert "Тип урока: экскурсия\n" in await phone.presses("экскурсия")


async def test_a_day_without_the_lesson_has_no_type(open_sqlite: UnitOfWorkFactory) -> None:
    """A type that the statistics could not count is refused with the reason."""
    school = await _build_school(open_sqlite)
    async with open_sqlite() as uow:
        away = [
            NewLessonChange(school.school_class, school.algebra.subject_id, TODAY, number, ChangeKind.CANCELLATION)
            for number in (2, 3)
        ]
        await uow.timetable.add_changes(away, by=None, at=NOW, broadcast_id=None)
        await uow.commit()
    assert await school.types(school.algebra) == {}
    phone = _phone(open_sqlite)
    await phone.says("/journal")
    await phone.presses("8Б · Алгебра")
    assert "В расписании этого дня нет такого урока" in await phone.presses("Тип урока")
    with pytest.raises(NotFoundError):
        await school.set_type(school.algebra, "control")


async def test_the_statistics_count_what_a_teacher_has_named(school: TypedClass) -> None:
    """Both lessons of the day have the type; a change of mind moves them (Q60)."""
    for lesson_type in ("laboratory", "project"):
        await school.set_type(school.algebra, lesson_type)
        assert await school.types(school.algebra) == {2: lesson_type, 3: lesson_type}
        async with school.open_uow(reading=True) as uow:
            wanted = Wanted(subject_id=school.algebra.subject_id)
            rows = await load_lesson_statistics(uow, SYSTEM, on=TODAY, wanted=wanted)
        found = {row.lesson_type: row.held for row in rows}
        assert found[lesson_type] == 2
        assert set(found) == {None, "lesson", lesson_type}


async def test_a_subgroups_lesson_is_named_for_its_class(school: TypedClass) -> None:
    """The table of types is kept by class, and an imported topic stays (Q39, Q60)."""
    imported = LessonType(0, school.school_class, school.english.subject_id, TODAY, 4, "lesson", "Travel", None)
    async with school.open_uow() as uow:
        await uow.timetable.put_lesson_types([imported])
        await uow.commit()
    await school.set_type(school.english, "control", by=school.colleague)
    [kept] = await school.kept()
    assert replace(kept, id=0) == replace(imported, lesson_type="control")


async def test_only_whoever_teaches_the_lesson_names_its_type(school: TypedClass) -> None:
    """Another teacher's lesson is not there; a substitute has it on that day. A change is audited (Q14, Q102)."""
    with pytest.raises(NotFoundError):
        await school.set_type(school.algebra, "control", by=school.colleague)
    with pytest.raises(NotFoundError):
        await school.types(school.algebra, of=school.colleague)
    assert not await school.kept()
    async with school.open_uow() as uow:
        substitute = NewLessonChange(
            school.school_class, school.algebra.subject_id, TODAY, 2, ChangeKind.SUBSTITUTION,
            new_teacher_id=school.colleague.person_id,
        )  # fmt: skip
        await uow.timetable.add_changes([substitute], by=None, at=NOW, broadcast_id=None)
        await uow.commit()
    await school.set_type(school.algebra, "control", by=school.colleague)
    assert {each.lesson_type for each in await school.kept()} == {"control"}
    async with school.open_uow(reading=True) as uow:
        lines = await uow.audit.lines(limit=10)
    assert [line.action for line in lines if line.action == "lesson_type"] == ["lesson_type"]
    assert lines[0].facts["group"] == school.school_class
