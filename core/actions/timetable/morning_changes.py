"""Changes of today's lessons that nobody announced, as where the office entered them: told once, before school (Q17).

What a broadcast said is not said again, and a day without such changes is not spoken of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from core.model.notices import LessonChanged, Notice
from core.model.timetable import DayLesson, NamedLessonChange, Plan, SchoolDay
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.broadcast import deadlines
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.timetable import days

MORNING = time(7)
"""When it is told where the school keeps no quiet hours; else at their end."""

Changed = tuple[NamedLessonChange, LessonChanged, datetime]
"""A change, what is said of it and by when."""


def is_morning(now: datetime, policy: Policy) -> bool:
    """Whether the school's day has begun to ring."""
    begins = MORNING if policy.quiet is None else policy.quiet[1]
    return now.astimezone(policy.zone).time() >= begins


async def announce(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tell the families concerned, once a local date; returns how many notices.

    A lesson that has begun is past telling.
    """
    today = timing.local_date(now, policy)
    if not await uow.leases.claim_run("unannounced", today):
        return 0
    told = 0
    for changed in await _changed(uow, today, now=now, policy=policy):
        told += await _tell(uow, changed, today, now=now)
    await uow.commit()
    return told


async def _changed(uow: UnitOfWork, today: date, *, now: datetime, policy: Policy) -> Sequence[Changed]:
    found: dict[int, Changed] = {}
    for group in await uow.year.groups(Everything()):
        if group.kind is GroupKind.CLASS:
            plan = await uow.timetable.of_group(group.id, Everything(), since=today, until=today)
            found |= {each[0].change.id: each for each in _of_plan(plan, today, now=now, policy=policy)}
    return list(found.values())


def _of_plan(plan: Plan, today: date, *, now: datetime, policy: Policy) -> Iterable[Changed]:
    unannounced = [each for each in plan.changes if _is_unannounced(each, today)]
    if not unannounced:
        return
    shown = days.day(plan, today)
    before = replace(plan, changes=[each for each in plan.changes if each not in unannounced])
    for named in unannounced:
        by = deadlines.due(_slots(named, shown), now=now, policy=policy)
        if by is not None:
            yield named, _notice(named, _lesson(days.day(before, named.change.on), named)), by


def _is_unannounced(named: NamedLessonChange, today: date) -> bool:
    return named.change.broadcast_id is None and today in {named.change.on, named.change.new_on}


def _lesson(day: SchoolDay, named: NamedLessonChange) -> DayLesson | None:
    """The lesson as it stood before."""
    change = named.change
    place = (change.group_id, change.subject_id, change.number)
    return next((each for each in day.lessons if (each.group_id, each.subject_id, each.number) == place), None)


def _slots(named: NamedLessonChange, day: SchoolDay) -> list[deadlines.Slot]:
    """The lessons of the day that the change touches."""
    change = named.change
    rings = {lesson.number: lesson.starts_at for lesson in day.lessons}
    ends = [(change.on, change.number), (change.new_on, change.new_number)]
    return [(day.on, rings.get(number)) for on, number in ends if on == day.on and number is not None]


def _notice(named: NamedLessonChange, lesson: DayLesson | None) -> LessonChanged:
    change = named.change
    return LessonChanged(
        subject=named.subject,
        on=change.on,
        number=change.number,
        change=change.kind,
        new_subject=named.new_subject,
        teacher=lesson.teacher if lesson else None,
        new_teacher=named.new_teacher,
        room=lesson.room if lesson else None,
        new_room=change.new_room,
        new_on=change.new_on,
        new_number=change.new_number,
    )


async def _tell(uow: UnitOfWork, changed: Changed, today: date, *, now: datetime) -> int:
    """The families of the change's group that have not been told of it on another day."""
    named, notice, due = changed
    fact = f"lesson_change:{named.change.id}"
    homes = await uow.people.households({named.change.group_id}, Everything(), on=today)
    known = {each.student_id for each in await uow.outbox.published_as(fact)}
    new: list[tuple[int, Notice, str]] = [
        (home.student_id, notice, fact) for home in homes if home.student_id not in known
    ]
    await uow.outbox.add_many(new, received_at=now, published_at=now, due=due)
    return len(new)
