"""The first line of answers about holidays and the ends of terms (Q110)."""

from collections.abc import Sequence
from datetime import date

from bot.questions.dates.terms import NEXT
from bot.questions.kinds import Asked
from bot.screens.dates import screen_date_span, weekday_screen_date
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_text
from core.model.timetable import Holiday, SchoolDay
from core.model.year import ReportingPeriod
from core.rules.results.terms import term_key

_WEEK = 7


def timetable_screen_holiday_line(
    frame: ScreenFrame,
    holidays: Sequence[Holiday],
    periods: Sequence[ReportingPeriod],
    beside: Sequence[SchoolDay] = (),
) -> str:
    """«Зимние каникулы: 30.12–11.01, через 21 день.», «2 четверть закончится вт 29.12…», «9 дней: 26.10–03.11…»."""
    if frame.question is None:
        return ""
    if frame.asked is Asked.TODAY:
        on = frame.question.since or frame.today
        key = "holidays.answer.today" if on == frame.today else "holidays.answer.tomorrow"
        return frame.t(key, on=weekday_screen_date(on, frame.t), year=on.year)
    if frame.asked in {Asked.YEAR_END, Asked.YEAR_START}:
        return _year_line(frame, periods)
    if frame.asked is Asked.ALL_TERMS:
        return _all_terms_line(frame, periods)
    if frame.asked in {Asked.TERM_END, Asked.TERM_START, Asked.TERM_LENGTH}:
        return _term_line(frame, periods)
    found = next_holiday_of_line(frame, holidays)
    return frame.t("holidays.answer.none") if found is None else _of_holiday(frame, found, beside)


def _of_holiday(frame: ScreenFrame, found: Holiday, beside: Sequence[SchoolDay]) -> str:
    """How long they are, when school begins again, or when they are."""
    dates, name = screen_date_span(found.starts_on, found.ends_on, frame.t), screen_text(found.name)
    if frame.asked is Asked.LENGTH:
        return frame.t("holidays.answer.length", (found.ends_on - found.starts_on).days + 1, dates=dates, name=name)
    if frame.asked is Asked.STUDY_DAYS:
        left = sum(day.on > frame.today and any(each.is_held for each in day.lessons) for day in beside)
        return frame.t("holidays.answer.study_days", left, dates=dates, name=name)
    school = next((day.on for day in beside if any(lesson.is_held for lesson in day.lessons)), None)
    if school is not None:
        key = "holidays.answer.last_day" if frame.asked is Asked.LAST_DAY else "holidays.answer.back"
        return frame.t(key, on=weekday_screen_date(school, frame.t), name=name, dates=dates)
    on = frame.question.since if frame.question is not None else None
    if on is not None and frame.asked is None and on == frame.look.until and found.starts_on <= on <= found.ends_on:
        span = "" if found.starts_on == found.ends_on else f", {dates}"
        return frame.t("holidays.answer.day_off", on=weekday_screen_date(on, frame.t), name=name, span=span)
    when = frame.t("holidays.now") if found.starts_on <= frame.today else _in_days(frame, found.starts_on)
    return frame.t("holidays.answer.next", name=name, dates=dates, when=when)


def next_holiday_of_line(frame: ScreenFrame, holidays: Sequence[Holiday]) -> Holiday | None:
    """The holidays that are asked about, or the next ones."""
    ahead = [each for each in _named(frame, holidays) if each.ends_on >= frame.today]
    in_order = sorted(ahead, key=lambda each: each.starts_on)
    return next(iter(in_order[1 if frame.asked is Asked.NEXT else 0 :]), None)


def _term_line(frame: ScreenFrame, periods: Sequence[ReportingPeriod]) -> str:
    """When the named term begins or ends; without a name the present one, else the next."""
    term = frame.question.term if frame.question else None
    named = [each for each in periods if term and term_key(each.name) == term]
    if term == NEXT:
        named = sorted((each for each in periods if each.starts_on > frame.today), key=lambda each: each.starts_on)
    is_start = frame.asked is Asked.TERM_START
    ahead = [each for each in periods if (each.starts_on if is_start else each.ends_on) >= frame.today]
    found = named or sorted(ahead, key=lambda each: (each.starts_on > frame.today, each.ends_on))
    if not found:
        return frame.t("answer.no_term")
    if frame.asked is Asked.TERM_LENGTH:
        return _term_length(frame, found[0])
    if named and not is_start and found[0].starts_on > frame.today:
        return _term_ahead(frame, found[0])
    on = found[0].starts_on if is_start or found[0].starts_on > frame.today else found[0].ends_on
    key = "holidays.answer.term_starts" if on == found[0].starts_on else "holidays.answer.term_ends"
    return frame.t(key, term=screen_text(found[0].name), on=weekday_screen_date(on, frame.t), when=_in_days(frame, on))


def _term_length(frame: ScreenFrame, term: ReportingPeriod) -> str:
    """«2 четверть: 8 недель, чт 05.11 – ср 30.12.»; a week that has begun counts."""
    weeks = ((term.ends_on - term.starts_on).days + _WEEK) // _WEEK
    since, until = weekday_screen_date(term.starts_on, frame.t), weekday_screen_date(term.ends_on, frame.t)
    return frame.t("holidays.answer.term_length", weeks, term=screen_text(term.name), since=since, until=until)


def _term_ahead(frame: ScreenFrame, term: ReportingPeriod) -> str:
    """Both dates of a term that has not begun: «когда вторая четверть» may ask for either."""
    since, until = weekday_screen_date(term.starts_on, frame.t), weekday_screen_date(term.ends_on, frame.t)
    when = _in_days(frame, term.starts_on)
    return frame.t("holidays.answer.term_ahead", term=screen_text(term.name), since=since, until=until, when=when)


def _all_terms_line(frame: ScreenFrame, periods: Sequence[ReportingPeriod]) -> str:
    """«1 четверть: 01.09–25.10; 2 четверть: 05.11–30.12; …»."""
    terms = [
        f"{screen_text(each.name)}: {screen_date_span(each.starts_on, each.ends_on, frame.t)}"
        for each in sorted(periods, key=lambda period: period.starts_on)
    ]
    return f"{'; '.join(terms)}." if terms else frame.t("answer.no_term")


def _year_line(frame: ScreenFrame, periods: Sequence[ReportingPeriod]) -> str:
    """When the terms of the school year begin or end."""
    if not periods:
        return frame.t("answer.no_term")
    is_start = frame.asked is Asked.YEAR_START
    on = min(each.starts_on for each in periods) if is_start else max(each.ends_on for each in periods)
    key = "holidays.answer.term_starts" if is_start else "holidays.answer.term_ends"
    return frame.t(key, term=frame.t("marks.year"), on=weekday_screen_date(on, frame.t), when=_in_days(frame, on))


def _in_days(frame: ScreenFrame, on: date) -> str:
    days = (on - frame.today).days
    if days < 0:
        return frame.t("holidays.ago", -days)
    return frame.t("holidays.in_days", days) if days else frame.t("day.today")


def _named(frame: ScreenFrame, holidays: Sequence[Holiday]) -> Sequence[Holiday]:
    """Those of the question's dates or season («зимние»), else the real holidays, a single day off only without any."""
    question, since, until = frame.question, frame.look.since, frame.look.until
    if since and until:
        return [each for each in holidays if each.starts_on <= until and each.ends_on >= since]
    seasons = question.seasons if question else ()
    if seasons:
        return [each for each in holidays if any(season in each.name.casefold() for season in seasons)]
    if frame.asked is Asked.DAY_OFF:
        return [each for each in holidays if (each.ends_on - each.starts_on).days <= 1] or holidays
    return [each for each in holidays if (each.ends_on - each.starts_on).days > 1] or holidays
