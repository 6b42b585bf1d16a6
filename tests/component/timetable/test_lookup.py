"""The timetable as families, staff and teachers look it up, on both databases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

import pytest

from core.actions.timetable import lookup as timetable_lookup
from core.model.people import Actor, Role
from core.model.schoolwork.homework import Homework
from core.model.timetable import (
    Bell,
    ChangeKind,
    DayLesson,
    Holiday,
    Lesson,
    LessonState,
    NewLessonChange,
    NewTemplateLesson,
    SchoolDay,
    Teaching,
)
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from tests.support.schools.builders import NOW, Builder, a_family

SEPTEMBER = date(2026, 9, 1)
TODAY = NOW.date()
MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, SUNDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 6))
SUBJECTS = {"алгебра": "Алгебра", "физика": "Физика", "английский язык": "Английский язык"}


@dataclass(frozen=True, slots=True)
class School:
    """8Б with algebra on Mondays, one family in it, and a teacher."""

    open_uow: UnitOfWorkFactory
    student: int
    mother: Actor
    teacher: int
    group: int
    algebra: int
    physics: int
    english: int

    async def days(self, since: date, until: date | None = None, actor: Actor | None = None) -> Sequence[SchoolDay]:
        """What the mother sees, or whoever asks about her child."""
        async with self.open_uow(reading=True) as uow:
            return await timetable_lookup.look_up_student_timetable(
                uow, actor or self.mother, student_id=self.student, since=since, until=until or since, on=TODAY
            )

    async def lessons(self, on: date) -> Sequence[DayLesson]:
        """Of one of the days."""
        (day,) = await self.days(on)
        return day.lessons

    async def change(self, kind: ChangeKind, *, subject: int | None = None, number: int = 2, **new: object) -> int:
        """A change of a lesson on Monday; the second is algebra."""
        change = NewLessonChange(self.group, subject or self.algebra, MONDAY, number, kind, **new)  # type: ignore[arg-type]  # the fields of each kind
        async with self.open_uow() as uow:
            (change_id,) = await uow.timetable.add_changes([change], by=self.teacher, at=NOW, broadcast_id=None)
            await uow.commit()
        return change_id


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    """Monday: the first lesson is physics in room 12, the second algebra in room 7."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        teacher = await Builder(uow).guardian("Орлова Нина Петровна")
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        ids = await uow.year.ensure_subjects(SUBJECTS)
        algebra, physics = ids["алгебра"], ids["физика"]
        lessons = [NewTemplateLesson(physics, 0, 1, "12"), NewTemplateLesson(algebra, 0, 2, "7", teacher)]
        await uow.timetable.put_template(group, lessons, starts_on=SEPTEMBER)
        await uow.commit()
    mother = Actor(family.mother, frozenset({Role.GUARDIAN}), "telegram")
    return School(open_uow, family.student, mother, teacher, group, algebra, physics, ids["английский язык"])


async def test_a_day_has_the_lessons_of_its_weekday_by_number(school: School) -> None:
    """Number, subject, room and teacher, and a day without lessons is a day too (Q16)."""
    monday, tuesday = await school.days(MONDAY, TUESDAY)
    assert [(each.number, each.subject, each.room, each.teacher) for each in monday.lessons] == [
        (1, "Физика", "12", None),
        (2, "Алгебра", "7", "Орлова Нина Петровна"),
    ]
    assert tuesday == SchoolDay(TUESDAY, ())


async def test_a_day_has_the_lessons_of_its_weekday_and_its_bells(school: School) -> None:
    """A short day rings otherwise than the class's shift, and the shift otherwise than the school (Q16)."""
    times = {"": time(8, 30), "2 смена": time(14), "сокращённые": time(9), "линейка": time(10)}
    async with school.open_uow() as uow:
        for variant, start in times.items():
            bell = Bell(0, variant, 1, start, start.replace(minute=45))
            assert await uow.timetable.put_bells(variant, [bell]) == 1
            assert await uow.timetable.put_bells(variant, [bell]) == 0
        await uow.commit()
    heard = [(await school.lessons(MONDAY))[0].starts_at]
    for variant, group_id, on in (
        ("2 смена", school.group, None), ("сокращённые", None, MONDAY), ("линейка", school.group, MONDAY)
    ):  # fmt: skip
        async with school.open_uow() as uow:
            chosen = [await uow.timetable.choose_bells(variant, group_id=group_id, on=on) for _ in range(2)]
            await uow.commit()
        assert chosen == [True, False]
        heard.append((await school.lessons(MONDAY))[0].starts_at)
    assert heard == [time(8, 30), time(14), time(9), time(10)]
    async with school.open_uow(reading=True) as uow:
        assert [bell.variant for bell in await uow.timetable.bells()] == sorted(times)
        assert len(await uow.timetable.bell_choices()) == 3


async def test_a_substitution_shows_old_and_new(school: School) -> None:
    """The original lesson is shown as substituted, with both teachers and subjects (Q17)."""
    async with school.open_uow() as uow:
        other = await Builder(uow).guardian("Белов Пётр Ильич")
        await uow.commit()
    await school.change(ChangeKind.SUBSTITUTION, new_teacher_id=other, new_subject_id=school.physics)
    lesson = (await school.lessons(MONDAY))[1]
    assert (lesson.state, lesson.subject, lesson.teacher) == (LessonState.SUBSTITUTED, "Физика", "Белов Пётр Ильич")
    assert (lesson.was_subject, lesson.was_teacher) == ("Алгебра", "Орлова Нина Петровна")


async def test_a_moved_lesson_stands_at_both_ends(school: School) -> None:
    """On Monday it says where it went, on Tuesday where it came from, even if only that day is asked for (Q17)."""
    await school.change(ChangeKind.MOVE, new_on=TUESDAY, new_number=0, new_room="21")
    (_, away), (here,) = await school.lessons(MONDAY), await school.lessons(TUESDAY)
    assert (away.state, away.moved, away.room) == (LessonState.MOVED_AWAY, (TUESDAY, 0), "7")
    assert (here.state, here.moved, here.number) == (LessonState.MOVED_HERE, (MONDAY, 2), 0)
    assert (here.room, here.was_room, here.teacher) == ("21", "7", "Орлова Нина Петровна")


async def test_what_was_moved_twice_is_not_left_behind(school: School) -> None:
    """A correction of the first move takes the second one with it, whichever day is looked at (Q17)."""
    await school.change(ChangeKind.MOVE, new_on=TUESDAY, new_number=1)
    second = NewLessonChange(
        school.group, school.algebra, TUESDAY, 1, ChangeKind.MOVE, new_on=WEDNESDAY, new_number=1
    )  # fmt: skip
    async with school.open_uow() as uow:
        await uow.timetable.add_changes([second], by=None, at=NOW + timedelta(hours=1), broadcast_id=None)
        await uow.commit()
    assert [each.moved for each in await school.lessons(WEDNESDAY)] == [(TUESDAY, 1)]
    async with school.open_uow() as uow:
        first = NewLessonChange(school.group, school.algebra, MONDAY, 2, ChangeKind.CANCELLATION)
        await uow.timetable.add_changes([first], by=None, at=NOW + timedelta(hours=2), broadcast_id=None)
        await uow.commit()
    assert [await school.lessons(day) for day in (TUESDAY, WEDNESDAY)] == [(), ()]
    assert (await school.lessons(MONDAY))[1].state is LessonState.CANCELLED


async def test_a_withdrawn_change_was_never_made(school: School) -> None:
    """Taken back by itself or with its broadcast, the lesson is held as planned (Q17)."""
    planned = await school.lessons(MONDAY)
    change = await school.change(ChangeKind.CANCELLATION)
    async with school.open_uow() as uow:
        room = NewLessonChange(school.group, school.physics, MONDAY, 1, ChangeKind.ROOM, new_room="3")
        await uow.timetable.add_changes([room], by=None, at=NOW, broadcast_id=5)
        await uow.commit()
    changed = [each.state for each in await school.lessons(MONDAY)]
    assert changed == [LessonState.ROOM_CHANGED, LessonState.CANCELLED]
    async with school.open_uow() as uow:
        withdrawn = [
            await uow.timetable.withdraw_changes(at=NOW, ids=[change]),
            await uow.timetable.withdraw_changes(at=NOW, broadcast_id=5),
            await uow.timetable.withdraw_changes(at=NOW, broadcast_id=5),
        ]
        await uow.commit()
    assert withdrawn == [1, 1, 0]
    assert await school.lessons(MONDAY) == planned


async def test_a_holiday_has_no_lessons_and_no_changes(school: School) -> None:
    """Whatever the template and the changes say; first grades have a week more (Q18, Q22)."""
    await school.change(ChangeKind.ROOM, new_room="3")
    week = [
        Holiday(0, 0, "Дополнительные каникулы", MONDAY, WEDNESDAY, 1, 1),
        Holiday(0, 0, "Каникулы 8 классов", MONDAY, MONDAY, 8, 9),
        Holiday(0, 0, "Зимние каникулы", date(2026, 12, 31), date(2027, 1, 10), None, None),
    ]
    async with school.open_uow() as uow:
        year = await uow.year.ensure_year(TODAY)
        assert [await uow.timetable.put_holidays(year, week) for _ in range(2)] == [3, 0]
        await uow.commit()
    assert await school.days(MONDAY) == [SchoolDay(MONDAY, (), "Каникулы 8 классов")]
    async with school.open_uow(reading=True) as uow:
        found = await timetable_lookup.look_up_student_holidays(
            uow, school.mother, student_id=school.student, since=SEPTEMBER, until=date(2027, 5, 31), on=TODAY
        )
    assert [each.name for each in found] == ["Каникулы 8 классов", "Зимние каникулы"]


async def test_a_new_template_ends_the_old_one_the_day_before(school: School) -> None:
    """Looking back shows what held then; the same template again changes nothing (Q18)."""
    rows = [NewTemplateLesson(school.physics, 0, 1, "12"), NewTemplateLesson(school.algebra, 0, 3, "7", school.teacher)]
    async with school.open_uow() as uow:
        written = [await uow.timetable.put_template(school.group, rows, starts_on=MONDAY) for _ in range(2)]
        await uow.commit()
    assert written == [2, 0]
    before, after = await school.days(MONDAY - timedelta(days=7)), await school.days(MONDAY)
    assert [[each.number for each in day.lessons] for (day,) in (before, after)] == [[1, 2], [1, 3]]


async def test_a_template_that_never_began_is_replaced(school: School) -> None:
    """One that was to begin later gives way to one that begins before it."""
    async with school.open_uow() as uow:
        for starts_on, number in ((WEDNESDAY, 5), (MONDAY, 6)):
            rows = [NewTemplateLesson(school.physics, 0, number)]
            await uow.timetable.put_template(school.group, rows, starts_on=starts_on)
        await uow.commit()
    weeks = [await school.lessons(MONDAY + timedelta(days=days)) for days in (0, 7)]
    assert [[each.number for each in lessons] for lessons in weeks] == [[6], [6]]


async def test_a_student_sees_the_own_subgroup_in_place_of_the_class(school: School) -> None:
    """The lesson of the class is the subgroup's, and the other subgroup's is not shown (Q16, Q21)."""
    async with school.open_uow() as uow:
        row = NewTemplateLesson(school.english, 0, 4)
        await uow.timetable.put_template(school.group, [row], starts_on=MONDAY)
        other = await Builder(uow).student("Орлов Иван Ильич")
        for name, student, room in (("англ 1", school.student, "331"), ("англ 2", other, "436")):
            group = await uow.year.ensure_group(GroupKind.STUDY_GROUP, name, name, subject_id=school.english)
            await uow.year.enrol(student, group)
            row = NewTemplateLesson(school.english, 0, 4, room)
            await uow.timetable.put_template(group, [row], starts_on=SEPTEMBER)
        await uow.commit()
    assert [(each.group, each.room) for each in await school.lessons(MONDAY)] == [("англ 1", "331")]
    async with school.open_uow(reading=True) as uow:
        head = Actor(school.teacher, frozenset({Role.DEPUTY_HEAD}))
        (day,) = await timetable_lookup.look_up_group_timetable(
            uow, head, group_id=school.group, since=MONDAY, until=MONDAY, on=TODAY
        )  # fmt: skip
    assert [(each.group, each.room) for each in day.lessons] == [("англ 1", "331"), ("англ 2", "436")]


async def test_whoever_changed_class_sees_the_class_of_the_date(school: School) -> None:
    """Until Monday the old class, from Tuesday the new one (Q40)."""
    async with school.open_uow() as uow:
        other = await uow.year.ensure_group(GroupKind.CLASS, "8А", "8а")
        rows = [NewTemplateLesson(school.physics, weekday, 6) for weekday in (0, 1)]
        await uow.timetable.put_template(other, rows, starts_on=SEPTEMBER)
        await uow.year.enrol(school.student, other, starts_on=TUESDAY)
        await uow.commit()
    days = await school.days(MONDAY, TUESDAY)
    assert [[each.number for each in day.lessons] for day in days] == [[1, 2], [6]]


async def test_whoever_left_the_school_has_no_lessons_after_the_last_day(school: School) -> None:
    """The class's list may still name the student (Q40)."""
    async with school.open_uow() as uow:
        await uow.people.add_student(school.student, leaves_on=MONDAY)
        await uow.commit()
    last, next_week = await school.lessons(MONDAY), await school.lessons(MONDAY + timedelta(days=7))
    assert (len(last), len(next_week)) == (2, 0)
    assert [len(day.lessons) for day in await school.days(MONDAY, MONDAY + timedelta(days=7))] == [2] + [0] * 7


async def test_a_class_without_template_shows_its_diary(school: School) -> None:
    """The diary's lessons with their own times, and homework is left out; a change counts there too (Q16)."""
    async with school.open_uow() as uow:
        await uow.timetable.put_template(school.group, [], starts_on=SEPTEMBER)
        await uow.staged.add(
            [
                Lesson(0, school.group, school.algebra, MONDAY, 2, time(9, 25), time(10, 5), "7", "Дроби"),
                Lesson(0, school.group, school.physics, MONDAY, None, time(8, 30), time(9, 10), None, None),
                Homework(0, school.group, school.algebra, MONDAY, "№ 5", None, NOW, None),
            ]
        )
        await uow.staged.write()
        await uow.commit()
    await school.change(ChangeKind.ROOM, new_room="3")
    first, second = await school.lessons(MONDAY)
    assert (first.number, first.subject, first.starts_at) == (1, "Физика", time(8, 30))
    assert (second.room, second.was_room, second.ends_at) == ("3", "7", time(10, 5))


async def test_a_teacher_sees_what_is_taught_taken_over_and_given_away(school: School) -> None:
    """Own lessons of all groups with the class's name, substitutions among them (Q16, Q17)."""
    async with school.open_uow() as uow:
        other = await Builder(uow).guardian("Белов Пётр Ильич")
        await uow.commit()
    await school.change(ChangeKind.SUBSTITUTION, new_teacher_id=other)
    async with school.open_uow(reading=True) as uow:
        seen = {
            teacher: await timetable_lookup.look_up_teacher_timetable(
                uow, Actor(teacher, frozenset({Role.TEACHER})), since=MONDAY, until=TUESDAY, on=TODAY
            )
            for teacher in (school.teacher, other)
        }
        parent = await timetable_lookup.look_up_teacher_timetable(
            uow, school.mother, since=MONDAY, until=MONDAY, on=TODAY
        )
    for monday, tuesday in seen.values():
        assert [(each.group, each.number, each.was_teacher_id) for each in monday.lessons] == [
            ("8Б", 2, school.teacher)
        ]
        assert tuesday.lessons == ()
    assert parent == [SchoolDay(MONDAY, ())]


async def test_a_subgroup_rings_and_rests_with_its_class(school: School) -> None:
    """Its teacher and whoever looks at it alone see the shift, the holidays and the changes of its class (Q16, Q22)."""
    async with school.open_uow() as uow:
        group = await uow.year.ensure_group(GroupKind.STUDY_GROUP, "англ 1", "англ 1", teacher_id=school.teacher)
        await uow.year.enrol(school.student, group)
        rows = [NewTemplateLesson(school.english, weekday, 4) for weekday in (0, 1)]
        await uow.timetable.put_template(group, rows, starts_on=SEPTEMBER)
        await uow.timetable.put_bells("2 смена", [Bell(0, "2 смена", 4, time(17), time(17, 40))])
        await uow.timetable.choose_bells("2 смена", group_id=school.group)
        year = await uow.year.ensure_year(TODAY)
        await uow.timetable.put_holidays(year, [Holiday(0, 0, "Каникулы", TUESDAY, TUESDAY, 8, 8)])
        await uow.commit()
    await school.change(ChangeKind.CANCELLATION, subject=school.english, number=4)
    teacher = Actor(school.teacher, frozenset({Role.TEACHER}))
    async with school.open_uow(reading=True) as uow:
        alone = await timetable_lookup.look_up_group_timetable(
            uow, teacher, group_id=group, since=MONDAY, until=TUESDAY, on=TODAY
        )
        own = await timetable_lookup.look_up_teacher_timetable(uow, teacher, since=MONDAY, until=TUESDAY, on=TODAY)
    (lesson,) = alone[0].lessons
    assert (lesson.starts_at, lesson.state, lesson.group) == (time(17), LessonState.CANCELLED, "англ 1")
    assert [each.starts_at for each in own[0].lessons if each.number == 4] == [time(17)]
    assert alone[1] == SchoolDay(TUESDAY, (), "Каникулы")


async def test_teachers_are_found_by_all_four_ways_of_belonging(school: School) -> None:
    """Class with its class teacher, study group, stream and individual plan, of this student only (Q21)."""
    kinds = (GroupKind.STUDY_GROUP, GroupKind.STREAM, GroupKind.INDIVIDUAL)
    async with school.open_uow() as uow:
        build = Builder(uow)
        stranger = await build.student("Орлов Иван Ильич", "8А")
        for kind in kinds:
            for student, teacher in ((school.student, f"Учитель {kind}"), (stranger, "Учитель Чужой")):
                teacher_id = await build.guardian(teacher)
                name = f"{kind} {student}"
                group = await uow.year.ensure_group(
                    kind, name, name, subject_id=school.english, teacher_id=teacher_id
                )  # fmt: skip
                await uow.year.enrol(student, group)
        await uow.people.add_staff_role(school.teacher, Role.CLASS_TEACHER, group_id=school.group)
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        found = await timetable_lookup.look_up_student_teachers(uow, school.mother, student_id=school.student, on=TODAY)
    assert found == [
        Teaching(GroupKind.CLASS, "8Б", None, "Орлова Нина Петровна"),
        Teaching(GroupKind.CLASS, "8Б", "Алгебра", "Орлова Нина Петровна"),
        *(
            Teaching(kind, f"{kind} {school.student}", "Английский язык", f"Учитель {kind}")
            for kind in sorted(kinds)
        ),
    ]  # fmt: skip


async def test_a_teacher_whom_only_the_staff_list_names_is_one(school: School) -> None:
    """A subject of the class that no timetable has yet has its teacher all the same (Q21)."""
    async with school.open_uow() as uow:
        chemist = await Builder(uow).guardian("Белов Пётр Ильич")
        chemistry = (await uow.year.ensure_subjects({"химия": "Химия"}))["химия"]
        await uow.people.add_staff_role(chemist, Role.TEACHER, group_id=school.group, subject_id=chemistry)
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        found = await timetable_lookup.look_up_student_teachers(uow, school.mother, student_id=school.student, on=TODAY)
    assert Teaching(GroupKind.CLASS, "8Б", "Химия", "Белов Пётр Ильич") in found


async def test_a_foreign_student_has_no_timetable(school: School) -> None:
    """Days without lessons, no holidays, no teachers: the scope is part of the query (Q14)."""
    strangers = [
        Actor(school.teacher, frozenset({Role.GUARDIAN}), "telegram"),
        Actor(school.teacher, frozenset({Role.TEACHER}), "telegram"),
        Actor(None, frozenset()),
    ]
    async with school.open_uow(reading=True) as uow:
        year = {"since": SEPTEMBER, "until": date(2027, 5, 31)}
        for actor in strangers:
            assert await school.days(MONDAY, actor=actor) == [SchoolDay(MONDAY, ())]
            assert (
                await timetable_lookup.look_up_student_holidays(uow, actor, student_id=school.student, on=TODAY, **year)
                == []
            )
            assert (
                await timetable_lookup.look_up_student_teachers(uow, actor, student_id=school.student, on=TODAY) == []
            )


async def test_a_class_is_shown_to_those_who_work_with_it(school: School) -> None:
    """To its class teacher and the deputy head, not to a parent and not to another class's teacher (Q14)."""
    async with school.open_uow() as uow:
        await uow.people.add_staff_role(school.teacher, Role.CLASS_TEACHER, group_id=school.group)
        other = await Builder(uow).guardian("Белов Пётр Ильич")
        await uow.commit()
    readers = {
        Actor(school.teacher, frozenset({Role.CLASS_TEACHER})): 2,
        Actor(other, frozenset({Role.DEPUTY_HEAD})): 2,
        Actor(other, frozenset({Role.TEACHER})): 0,
        school.mother: 0,
    }
    async with school.open_uow(reading=True) as uow:
        for actor, count in readers.items():
            (day,) = await timetable_lookup.look_up_group_timetable(
                uow, actor, group_id=school.group, since=MONDAY, until=MONDAY, on=TODAY
            )  # fmt: skip
            assert len(day.lessons) == count
