"""Tells families in the morning of today's lesson changes that no broadcast announced (Q17).

Such changes come from the office, for example. Each family is told of a change once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from core.actions.timetable.changed_lessons import tell_of_changed_lesson
from core.model.notices.family import LessonChanged
from core.model.timetable import DayLesson, NamedLessonChange, Plan, SchoolDay
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.broadcast import deadlines
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.timetable import days
from core.rules.timetable.notices import changed_lesson_notice

DAY_BEGINS = time(7)
"""When changes are told in a school without quiet hours; in others it is the end of those hours."""

DueChange = tuple[NamedLessonChange, LessonChanged, datetime]
"""A change, its notice, and by when families must know it."""


def morning_changes_start_time(policy: Policy) -> time:
    """The end of the quiet hours; 07:00 in a school without them."""
    return DAY_BEGINS if policy.quiet is None else policy.quiet[1]


def is_morning_for_changes(now: datetime, policy: Policy) -> bool:
    """True from the end of the quiet hours (07:00 without them), by the school's clock."""
    return now.astimezone(policy.zone).time() >= morning_changes_start_time(policy)


async def announce_morning_changes(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Publishes the changes for the families of their groups, once a local date; returns how many notices.

    A change of a lesson that has begun is left out.
    """
    today = timing.local_date_of_time(now, policy)
    if not await uow.leases.claim_run("unannounced", today):
        return 0
    count = 0
    for named, notice, due in await _due_changes(uow, today, now=now, policy=policy):
        change_id, group_id = named.change.id, named.change.group_id
        count += await tell_of_changed_lesson(uow, change_id, group_id, notice, on=today, due=due, now=now)
    await uow.commit()
    return count


async def _due_changes(uow: UnitOfWork, today: date, *, now: datetime, policy: Policy) -> Sequence[DueChange]:
    """Of all classes; a change of a group that several classes share counts once."""
    found: dict[int, DueChange] = {}
    for group in await uow.year.groups(Everything()):
        if group.kind is GroupKind.CLASS:
            plan = await uow.timetable.of_group(group.id, Everything(), since=today, until=today)
            found |= {each[0].change.id: each for each in _of_plan(plan, today, now=now, policy=policy)}
    return list(found.values())


def _of_plan(plan: Plan, today: date, *, now: datetime, policy: Policy) -> Iterable[DueChange]:
    unannounced = [each for each in plan.changes if _is_unannounced(each, today)]
    if not unannounced:
        return
    shown = days.timetable_day(plan, today)
    before = replace(plan, changes=[each for each in plan.changes if each not in unannounced])
    for named in unannounced:
        due = deadlines.broadcast_changes_deadline(_touched_slots(named, shown), now=now, policy=policy)
        if due is not None:
            lesson = _lesson_before(days.timetable_day(before, named.change.on), named)
            notice = changed_lesson_notice(
                named.change,
                lesson,
                subject=named.subject,
                new_subject=named.new_subject,
                new_teacher=named.new_teacher,
            )
            yield named, notice, due


def _is_unannounced(named: NamedLessonChange, today: date) -> bool:
    return named.change.broadcast_id is None and today in {named.change.on, named.change.new_on}


def _lesson_before(day: SchoolDay, named: NamedLessonChange) -> DayLesson | None:
    """The lesson that is changed, as it was before the change."""
    change = named.change
    place = (change.group_id, change.subject_id, change.number)
    return next((each for each in day.lessons if (each.group_id, each.subject_id, each.number) == place), None)


def _touched_slots(named: NamedLessonChange, day: SchoolDay) -> list[deadlines.Slot]:
    """The start of each lesson of this day that the change touches, the old place and the new one."""
    change = named.change
    rings = {lesson.number: lesson.starts_at for lesson in day.lessons}
    ends = [(change.on, change.number), (change.new_on, change.new_number)]
    return [(day.on, rings.get(number)) for on, number in ends if on == day.on and number is not None]
