"""The school days of a whole term or year, fast: most weeks of a year are the same week (Q59)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.model.timetable import Plan, SchoolDay, Week
from core.rules.timetable.days import TimetableDaysSpan, timetable_days_on, timetable_holiday_on_day, week_of_day
from core.rules.year import days_between


def many_timetable_days(plan: Plan, *, since: date, until: date) -> list[SchoolDay]:
    """The same lessons as `timetable_days` has for these dates; the times of lessons may be those of another date.

    A day without changes and without lessons of a diary is computed once for its weekday and week, as long as the same
    rows of the template are in force.
    """
    dates = days_between(since, until)
    own = set(_own_dates(plan))
    alone = {day.on: day for day in timetable_days_on(plan, [on for on in dates if on in own])}
    usual = _UsualDays(plan)
    return [alone[on] if on in alone else usual.day(on) for on in dates]


def _own_dates(plan: Plan) -> Iterator[date]:
    """Dates with a change of a lesson, at either end of a move, or with a lesson of a diary."""
    for named in plan.changes:
        if named.change.withdrawn_at is None:
            yield from filter(None, (named.change.on, named.change.new_on))
    yield from (named.lesson.held_on for named in plan.diary)


class _UsualDays:
    """Days of a plan as its template has them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = replace(plan, changes=(), diary=(), holidays=())
        self._holidays = replace(plan, template=(), changes=(), diary=())
        self._turns = _turning_dates(plan)
        self._known: dict[tuple[int, Week, int], SchoolDay] = {}

    def day(self, on: date) -> SchoolDay:
        """The day of a date; a holiday has no lessons."""
        if (holiday := timetable_holiday_on_day(self._holidays, on)) is not None:
            return SchoolDay(on, (), holiday.name)
        key = on.weekday(), week_of_day(on, self._plan.odd_week), bisect_right(self._turns, on)
        if key not in self._known:
            [self._known[key]] = timetable_days_on(self._plan, [on])
        return SchoolDay(on, self._known[key].lessons)


def _turning_dates(plan: Plan) -> Sequence[date]:
    """The dates on which a row of the template, or a place, begins to count or no longer counts."""
    dated: list[TimetableDaysSpan] = [*(named.lesson for named in plan.template), *plan.places]
    starts = {each.starts_on for each in dated if each.starts_on is not None}
    ends = {each.ends_on + timedelta(days=1) for each in dated if each.ends_on is not None}
    return sorted(starts | ends)
