"""Dates as families read them: the day of the week beside the date, no month that would need a case."""

from datetime import date, timedelta

from core.ports import Translator

WEEK = timedelta(days=7)
SATURDAY, SUNDAY = 5, 6
_NEAR = {-1: "day.yesterday", 0: "day.today", 1: "day.tomorrow"}


def short_date(on: date) -> str:
    return f"{on:%d.%m}"


def weekday_date(on: date, t: Translator) -> str:
    """«ср 14.10»."""
    return f"{t(f'day.{on.weekday()}')} {on:%d.%m}"


def relative_date(on: date, today: date, t: Translator) -> str:
    """«завтра, ср 14.10», or without a word for days farther off."""
    near = _NEAR.get((on - today).days)
    return f"{t(near)}, {weekday_date(on, t)}" if near else weekday_date(on, t)


def date_span(since: date, until: date, t: Translator) -> str:
    """«05.10–11.10», one day by its name."""
    return weekday_date(since, t) if since == until else f"{short_date(since)}–{short_date(until)}"
