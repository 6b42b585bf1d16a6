"""Finds the dates of a question that only the school's calendar knows, for one child (Q113)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.handlers.doors import DoorVisit
from bot.questions.dates.terms import NEXT, PRESENT, PREVIOUS, WHOLE_YEAR
from bot.questions.model import CalendarDays, Intent, Question
from core.actions import year as year_actions
from core.actions.timetable import lookup as timetable_lookup
from core.model.timetable import Holiday
from core.model.year import ReportingPeriod
from core.rules import year
from core.rules.results.terms import term_key

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_SUNDAY = 6
AFTER = timedelta(days=21)
"""How far the first school day after holidays is looked for."""

_AHEAD = {Intent.HOMEWORK, Intent.CONTROL_WORKS, Intent.TIMETABLE}


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """The dates; without them `missing` is the key of the sentence that says what the calendar lacks."""

    since: date | None = None
    until: date | None = None
    missing: str = ""


async def find_calendar_span_at_door(visit: DoorVisit, question: Question, child_id: int) -> CalendarSpan | None:
    """The dates of the named term or school days; None where the question names none."""
    if question.calendar_days is not None:
        return await _of_calendar_days(visit, question, question.calendar_days, child_id)
    if question.term is not None and question.since is None and question.intent is not Intent.HOLIDAYS:
        return await _of_term(visit, question.term, child_id)
    return None


async def load_door_span_periods(visit: DoorVisit, child_id: int) -> Sequence[ReportingPeriod]:
    """The child's own periods of this school year in their order (Q36)."""
    return await year_actions.load_year_periods(visit.uow, visit.reader, student_id=child_id, on=visit.today)


def present_door_span_period(periods: Sequence[ReportingPeriod], on: date) -> ReportingPeriod | None:
    """The present period, in the holidays the one that has just ended."""
    present = [each for each in periods if each.starts_on <= on <= each.ends_on]
    if present:
        return min(present, key=lambda each: each.ends_on - each.starts_on)
    return max((each for each in periods if each.ends_on < on), key=lambda each: each.ends_on, default=None)


def _named_period(periods: Sequence[ReportingPeriod], term: str, on: date) -> ReportingPeriod | None:
    """The period that a question names (`bot.questions.dates.terms`)."""
    if term == PRESENT:
        return present_door_span_period(periods, on)
    if term == PREVIOUS:
        return max((each for each in periods if each.ends_on < on), key=lambda each: each.ends_on, default=None)
    if term == NEXT:
        return min((each for each in periods if each.starts_on > on), key=lambda each: each.starts_on, default=None)
    return next((each for each in periods if term_key(each.name) == term), None)


async def _of_term(visit: DoorVisit, term: str, child_id: int) -> CalendarSpan:
    if term == WHOLE_YEAR:
        return CalendarSpan(year.first_day_of_year(visit.today), year.last_day_of_year(visit.today))
    period = _named_period(await load_door_span_periods(visit, child_id), term, visit.today)
    if period is None:
        return CalendarSpan(missing="answer.no_previous_term" if term == PREVIOUS else "answer.no_term")
    return CalendarSpan(period.starts_on, period.ends_on)


async def _of_calendar_days(visit: DoorVisit, question: Question, days: CalendarDays, child_id: int) -> CalendarSpan:
    if days is CalendarDays.UNTIL_TERM_ENDS:
        period = present_door_span_period(await load_door_span_periods(visit, child_id), visit.today)
        if period is None:
            return CalendarSpan(missing="answer.no_term")
        since = visit.today if question.intent in _AHEAD else period.starts_on
        return CalendarSpan(min(since, period.ends_on), period.ends_on)
    holiday = await _next_holiday(visit, child_id)
    if holiday is None:
        return CalendarSpan(missing="answer.no_holidays")
    if days is CalendarDays.UNTIL_HOLIDAYS:
        last = max(holiday.starts_on - DAY, visit.today)
        since = visit.today if question.intent in _AHEAD else year.first_day_of_year(visit.today)
        return CalendarSpan(since, last)
    if days is CalendarDays.IN_HOLIDAYS:
        beyond = WEEK if question.intent is Intent.HOMEWORK else timedelta(0)  # it is due when school begins again
        return CalendarSpan(holiday.starts_on, holiday.ends_on + beyond)
    return await _behind_holiday(visit, question, holiday, child_id, days)


async def _behind_holiday(
    visit: DoorVisit, question: Question, holiday: Holiday, child_id: int, days: CalendarDays
) -> CalendarSpan:
    """The first day of school behind the holidays, the weekday that is named, or the rest of that week."""
    first = await _first_school_day(visit, holiday.ends_on + DAY, child_id)
    if question.since is not None and question.since == question.until:
        first += DAY * ((question.since.weekday() - first.weekday()) % 7)
    if question.intent is Intent.CONTROL_WORKS and question.since is None:
        return CalendarSpan(first, first + AFTER)
    if days is CalendarDays.WEEK_AFTER_HOLIDAYS:
        return CalendarSpan(first, first + DAY * (_SUNDAY - first.weekday()))
    return CalendarSpan(first, first)


async def _next_holiday(visit: DoorVisit, child_id: int) -> Holiday | None:
    """The holidays that run or come next; days off of the weekend's length are none."""
    found = await timetable_lookup.look_up_student_holidays(
        visit.uow, visit.reader, student_id=child_id, since=visit.today, until=year.last_day_of_year(visit.today),
        on=visit.today,
    )  # fmt: skip
    longer = [each for each in found if each.ends_on - each.starts_on >= DAY * 2] or list(found)
    return min((each for each in longer if each.ends_on >= visit.today), key=lambda each: each.starts_on, default=None)


async def _first_school_day(visit: DoorVisit, since: date, child_id: int) -> date:
    """The first day with lessons; the day itself where the timetable knows none."""
    days = await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=child_id, since=since, until=since + AFTER, on=visit.today
    )
    return next((day.on for day in days if any(lesson.is_held for lesson in day.lessons)), since)
