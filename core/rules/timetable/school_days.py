"""Whether a date is a day of school: by the timetable, or without one by the calendar (Q22, Q107)."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.model.timetable import Holiday, Plan
from core.model.year import ReportingPeriod
from core.rules.timetable.days import is_in_force_on_day, timetable_days

SATURDAY = 5
SUMMER = frozenset({6, 7, 8})


def is_school_day(
    plans: Sequence[Plan], on: date, *, holidays: Sequence[Holiday], periods: Sequence[ReportingPeriod]
) -> bool:
    """True if a class has lessons on the date. `plans` must cover the week around it.

    A week without any lesson says nothing, since the school may keep no timetable here. Then Monday to Friday count,
    outside holidays of the whole school and inside a period; without known periods, outside the summer months.
    """
    monday = on - timedelta(days=on.weekday())
    weeks = [timetable_days(plan, since=monday, until=monday + timedelta(days=6)) for plan in plans]
    lessons = {day.on for week in weeks for day in week if day.lessons}
    if lessons:
        return on in lessons
    if on.weekday() >= SATURDAY or any(_is_for_all(each) and is_in_force_on_day(each, on) for each in holidays):
        return False
    return any(each.starts_on <= on <= each.ends_on for each in periods) if periods else on.month not in SUMMER


def _is_for_all(holiday: Holiday) -> bool:
    return holiday.grade_from is None and holiday.grade_to is None
