"""The timetable as families, staff and teachers look it up, on both databases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

import pytest

from core.actions import timetable
from core.model.people import Actor, Role
from core.model.timetable import Bell, ChangeKind, DayLesson, Holiday, LessonState, SchoolDay, Teaching
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.ports.schoolday import NewLessonChange, NewTemplateLesson
from tests.builders import NOW, Builder, a_family

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
            return await timetable.days(
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
