"""A school with timetable, homework and marks, about which families ask."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.bench.schools.families import add_bench_families
from bot.bench.schools.invented import GRADES, LETTERS, SUBJECTS, WORK_KINDS
from core.model.marks.entries import EntryKind, NewEntry
from core.model.timetable import NewTemplateLesson
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name

CLASSES = tuple(f"{grade}{letter}" for grade in GRADES for letter in LETTERS[:2])
LESSONS_A_DAY = 6
SCHOOL_DAYS = range(6)
MARKS_A_SUBJECT = 8
HOMEWORK_DAYS = range(-7, 8)


async def add_talking_school(
    open_uow: UnitOfWorkFactory, chats: range, *, now: datetime, channel: str = "telegram"
) -> Mapping[int, int]:
    """Adds the school; returns the student about whom each chat may ask."""
    students = await add_bench_families(open_uow, chats, now=now, classes=CLASSES, channel=channel)
    async with open_uow() as uow:
        named = await uow.year.ensure_subjects({normal_name(name): name for name in SUBJECTS})
        subjects = list(named.values())
        for group in await uow.year.groups(Everything()):
            await _add_lessons(uow, group.id, subjects, now=now)
        await uow.marks.add_entries(list(_marks(students, subjects, now)), import_id=None, at=now)
        await uow.commit()
    return dict(zip(chats, students, strict=True))


async def _add_lessons(uow: UnitOfWork, group_id: int, subjects: Sequence[int], *, now: datetime) -> None:
    lessons = [
        NewTemplateLesson(subjects[(day + number) % len(subjects)], day, number + 1, room=str(100 + number))
        for day in SCHOOL_DAYS
        for number in range(LESSONS_A_DAY)
    ]
    await uow.timetable.put_template(
        group_id, lessons, starts_on=timing.local_date_of_time(now, Policy()) - timedelta(60)
    )
    for days in HOMEWORK_DAYS:
        due_on = timing.local_date_of_time(now, Policy()) + timedelta(days)
        await uow.schoolwork.give_homework(
            group_id, subjects[days % len(subjects)], due_on=due_on, text=f"Упражнение {100 + days}", by=None, at=now
        )


def _marks(students: Sequence[int], subjects: Sequence[int], now: datetime) -> Iterator[NewEntry]:
    for number, student in enumerate(students):
        for index, subject in enumerate(subjects):
            for turn in range(MARKS_A_SUBJECT):
                on = timing.local_date_of_time(now, Policy()) - timedelta(1 + 5 * turn + index % 5)
                kind, _ = WORK_KINDS[turn % len(WORK_KINDS)]
                value = "345"[(number + index + turn) % 3]
                yield NewEntry(student, subject, on, EntryKind.SCORE, value, kind, None, None, None)
