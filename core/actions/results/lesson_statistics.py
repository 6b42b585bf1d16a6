"""Statistics of lessons: held against planned, for those who lead a class or the school (Q59–Q61)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from core.model.people import Actor
from core.model.results.statistics import LessonRecords, LessonStatistics, Wanted
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import access
from core.rules import year as school_years
from core.rules.results.statistics import lesson_statistics as rules

MAY = 5
LAST_OF_MAY = 31


EVERYTHING = Wanted()


async def load_lesson_statistics(
    uow: UnitOfWork, actor: Actor, *, on: date, wanted: Wanted = EVERYTHING
) -> Sequence[LessonStatistics]:
    """Lessons of the classes that the actor leads, until a date. NotAllowedError for everybody else.

    Without a term: all terms that have begun and the year.
    """
    return [
        row
        for records in await _class_records(uow, actor, on=on)
        if wanted.class_id in {None, records.class_plan.school_class.id}
        for row in rules.counted_lesson_statistics(records, wanted.term)
        if rules.is_wanted_lesson_statistic(row, wanted)
    ]


async def _class_records(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[LessonRecords]:
    scope = access.statistics_access_scope(actor, on=on)
    year_id = await uow.year.year(on)
    if year_id is None:
        return []
    periods = await uow.year.periods(on)
    since, until = load_lesson_statistics_year(periods, on)
    hours, types = defaultdict(list), defaultdict(list)
    for planned in await uow.timetable.planned_hours(scope, year_id=year_id):
        hours[planned.class_id].append(planned)
    for lesson in await uow.timetable.lesson_types(scope, since=since, until=until):
        types[lesson.class_id].append(lesson)
    controls = defaultdict(list)
    for control in await uow.schoolwork.control_lessons(scope, since=since, until=until):
        controls[control.group_id].append(control)
    plans = await uow.timetable.of_classes(scope, since=since, until=until)
    return [
        LessonRecords(
            each,
            hours[each.school_class.id],
            types[each.school_class.id],
            [work for place in each.plan.places for work in controls[place.group.id]],
            periods,
            (since, until),
            on,
        )
        for each in plans
    ]


def load_lesson_statistics_year(periods: Sequence[ReportingPeriod], on: date) -> tuple[date, date]:
    """From the first to the last day of the reporting periods; without periods from 1 September to 31 May."""
    first = school_years.first_day_of_year(on)
    return (
        min((each.starts_on for each in periods), default=first),
        max((each.ends_on for each in periods), default=date(first.year + 1, MAY, LAST_OF_MAY)),
    )
