"""How much may be asked of a class: control works (Q20, Q26) and homework (Q25). Breaking a norm is a caution.

The norms of control works are those of the letters СК-228/03 and 01-169/08-01 of 06.08.2021, the norms of homework
those of СанПиН by year of study.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from core.errors import FirstHalfYearError
from core.model.schoolwork.control_works import Caution, ControlWork, NewControlWork, WorkloadRule
from core.model.schoolwork.homework import AssignedHomework
from core.model.timetable import SchoolDay
from core.model.year import TeachingGroup
from core.rules import year

INTERVAL = timedelta(days=17)
"""Within 2.5 weeks, 17.5 days, of a control work of the subject there is none in the parallel."""

HOURS_A_WORK = 10
"""At least ten hours of a subject for each control work: 10 % at most."""

HOMEWORK_MINUTES = {1: 60, 2: 90, 3: 90, 4: 120, 5: 120, 6: 150, 7: 150, 8: 150, 9: 210, 10: 210, 11: 210}
"""All homework of a day, by year of study."""

USUAL_MINUTES = 30
"""What a homework counts whose words name no time."""

_MINUTES = re.compile(r"(\d{1,3})\s*мин", re.IGNORECASE)


def require_second_half_workload(level: int | None, on: date) -> None:
    """A first grade writes nothing before the New Year: FirstHalfYearError (Q26)."""
    if level == 1 and on.year == year.first_day_of_year(on).year:
        raise FirstHalfYearError(until=date(on.year, 12, 31))


def daily_workload_caution(works: Iterable[tuple[ControlWork, str]], on: date) -> Caution | None:
    """At most one control work a day for each student of the group."""
    found = next((subject for work, subject in works if work.on == on), None)
    return None if found is None else Caution(WorkloadRule.ONE_A_DAY, subject=found, on=on)


def interval_workload_caution(
    works: Iterable[tuple[ControlWork, str]], planned: NewControlWork, groups: Sequence[TeachingGroup]
) -> Caution | None:
    """At most one control work of a subject within 2.5 weeks in a parallel; one that all write on a day is one."""
    names = {group.id: group.name for group in groups}
    near = [
        work
        for work, _ in works
        if work.subject_id == planned.subject_id
        and abs(work.on - planned.on) <= INTERVAL
        and (work.group_id == planned.group_id or work.on != planned.on)
    ]
    nearest = min(near, key=lambda work: abs(work.on - planned.on), default=None)
    if nearest is None:
        return None
    return Caution(WorkloadRule.INTERVAL, group=names.get(nearest.group_id), on=nearest.on)


def share_workload_caution(works: int, hours: int) -> Caution | None:
    """At most 10 % of the subject's hours of the year; where the school has no template, nobody can tell."""
    if not hours or works * HOURS_A_WORK <= hours:
        return None
    return Caution(WorkloadRule.SHARE, count=works, limit=hours // HOURS_A_WORK)


def edge_lesson_workload_caution(day: SchoolDay, subject_id: int, number: int | None) -> Caution | None:
    """Not the first and not the last lesson; without a number it is the only lesson of the subject that day."""
    held = [lesson for lesson in day.lessons if lesson.is_held]
    own = {lesson.number for lesson in held if lesson.subject_id == subject_id}
    at = number if number is not None or len(own) != 1 else own.pop()
    numbers = [lesson.number for lesson in held]
    if at is None or not numbers or at not in {min(numbers), max(numbers)}:
        return None
    return Caution(WorkloadRule.EDGE_LESSON, number=at)


def workload_subject_hours(days: Iterable[SchoolDay], group_id: int, subject_id: int) -> int:
    """Lessons of a subject that a group has on these days."""
    held = (lesson for day in days for lesson in day.lessons if lesson.is_held)
    return sum(1 for lesson in held if (lesson.group_id, lesson.subject_id) == (group_id, subject_id))


def homework_workload_caution(due: Iterable[tuple[int, AssignedHomework]], level: int | None) -> Caution | None:
    """All homework of a day against the norm, for the student of the group who has most of it (Q25)."""
    load: dict[int, int] = {}
    for student_id, each in due:
        load[student_id] = load.get(student_id, 0) + _estimated_minutes(each.homework.text)
    norm = HOMEWORK_MINUTES.get(level or 0)
    most = max(load.values(), default=0)
    if norm is None or most <= norm:
        return None
    return Caution(WorkloadRule.HOMEWORK, count=most, limit=norm)


def _estimated_minutes(text: str) -> int:
    """How long a homework takes: what its words say («20 мин»), else the usual time."""
    named = _MINUTES.search(text)
    return int(named[1]) if named else USUAL_MINUTES
