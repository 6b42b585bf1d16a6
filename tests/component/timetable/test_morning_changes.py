"""A lesson that changed without anybody saying so is told in the morning: once, old and new, before it begins."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.actions.timetable import morning_changes
from core.model.broadcast import Draft
from core.model.delivery.obligations import PublishedNotice
from core.model.notices.family import LessonChanged
from core.model.timetable import Bell, ChangeKind, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.schools.builders import NOW, Builder, a_family

MOSCOW = ZoneInfo("Europe/Moscow")
POLICY = Policy()
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the school's wall clock."""
    return datetime.combine(on, time(hour, minute), tzinfo=MOSCOW).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class School:
    """8Б has algebra on Mondays, the second lesson, at 9:30; one student and a new teacher."""

    open_uow: UnitOfWorkFactory
    student: int
    group: int
    algebra: int
    teacher: int
    substitute: int

    async def changes(self, kind: ChangeKind, *, broadcast_id: int | None = None, **new: object) -> int:
        """Algebra of Monday is changed."""
        change = NewLessonChange(self.group, self.algebra, MONDAY, 2, kind, **new)  # type: ignore[arg-type]  # the fields of each kind
        async with self.open_uow() as uow:
            (change_id,) = await uow.timetable.add_changes([change], by=None, at=NOW, broadcast_id=broadcast_id)
            await uow.commit()
        return change_id

    async def broadcast(self) -> int:
        """One that the class teacher sent."""
        async with self.open_uow() as uow:
            broadcast_id = await uow.broadcasts.add(
                Draft(frozenset({self.group}), text="Замена"), author_id=self.teacher, at=NOW
            )
            await uow.commit()
        return broadcast_id

    async def morning(self, now: datetime) -> int:
        """The job wakes; how many notices were made."""
        async with self.open_uow() as uow:
            return await morning_changes.announce_morning_changes(uow, now=now, policy=POLICY)

    async def told(self, change_id: int) -> list[PublishedNotice]:
        """What was published of a change."""
        async with self.open_uow(reading=True) as uow:
            return list(await uow.outbox.published_as(f"lesson_change:{change_id}"))


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    """A class with one family."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        teacher, substitute = [await build.guardian(name) for name in ("Орлова Нина Петровна", "Ким Ён")]
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        lessons = [NewTemplateLesson(ids["алгебра"], 0, 2, "7", teacher)]
        await uow.timetable.put_template(group, lessons, starts_on=date(2026, 9, 1))
        await uow.timetable.put_bells("", [Bell(0, "", 2, time(9, 30), time(10, 15))])
        await uow.commit()
    return School(open_uow, family.student, group, ids["алгебра"], teacher, substitute)


async def test_a_change_that_the_office_entered_is_told_in_the_morning(school: School) -> None:
    """Old and new teacher are named, and the message must be there an hour before the lesson (Q17)."""
    change = await school.changes(ChangeKind.SUBSTITUTION, new_teacher_id=school.substitute)
    assert await school.morning(at(MONDAY, 7)) == 1
    (told,) = await school.told(change)
    assert told.student_id == school.student
    assert told.due == at(MONDAY, 8, 30)
    assert told.notice == LessonChanged(
        "Алгебра",
        MONDAY,
        2,
        ChangeKind.SUBSTITUTION,
        teacher="Орлова Нина Петровна",
        new_teacher="Ким Ён",
        room="7",
    )


async def test_what_a_broadcast_said_is_not_said_again(school: School) -> None:
    """The class teacher has told it, so the morning is quiet (Q97)."""
    await school.changes(ChangeKind.CANCELLATION, broadcast_id=await school.broadcast())
    assert await school.morning(at(MONDAY, 7)) == 0


async def test_a_second_wake_up_tells_nothing(school: School) -> None:
    """The job is claimed once a local date, whoever wakes (Q88)."""
    await school.changes(ChangeKind.CANCELLATION)
    assert [await school.morning(at(MONDAY, 7, minute)) for minute in (0, 5)] == [1, 0]


async def test_a_move_is_told_on_the_day_that_it_leaves_and_not_again(school: School) -> None:
    """On the day it moved to, the family knows already."""
    change = await school.changes(ChangeKind.MOVE, new_on=TUESDAY, new_number=5)
    assert await school.morning(at(MONDAY, 7)) == 1
    assert await school.morning(at(TUESDAY, 7)) == 0
    assert len(await school.told(change)) == 1


async def test_a_lesson_that_has_begun_is_past_telling(school: School) -> None:
    """A program started at noon does not tell of the morning."""
    await school.changes(ChangeKind.CANCELLATION)
    assert await school.morning(at(MONDAY, 9, 30)) == 0


async def test_an_unchanged_day_is_not_spoken_of(school: School) -> None:
    """The morning timetable comes only when it changed."""
    await school.changes(ChangeKind.CANCELLATION)
    assert await school.morning(at(MONDAY - timedelta(days=3), 7)) == 0
    assert await school.morning(at(TUESDAY, 7)) == 0


def test_the_morning_begins_with_the_end_of_the_quiet_hours() -> None:
    """Nobody is woken; a school without quiet hours says it at seven."""
    assert [morning_changes.is_morning_for_changes(at(MONDAY, hour), POLICY) for hour in (6, 7)] == [False, True]
    assert morning_changes.is_morning_for_changes(at(MONDAY, 7), Policy(quiet=None))
