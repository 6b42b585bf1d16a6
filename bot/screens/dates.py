"""Dates as families read them: weekday and numbers, since a month's name would need a grammatical case."""

from datetime import date, timedelta

from core.ports import Translator

WEEK = timedelta(days=7)
SATURDAY, SUNDAY = 5, 6
_NEAR = {-1: "day.yesterday", 0: "day.today", 1: "day.tomorrow"}


def screen_date(on: date) -> str:
    return f"{on:%d.%m}"


def weekday_screen_date(on: date, t: Translator) -> str:
    """«ср 14.10»."""
    return f"{t(f'day.{on.weekday()}')} {on:%d.%m}"


def relative_screen_date(on: date, today: date, t: Translator) -> str:
    """«завтра, ср 14.10»; without the first word for other days than yesterday, today and tomorrow."""
    near = _NEAR.get((on - today).days)
    return f"{t(near)}, {weekday_screen_date(on, t)}" if near else weekday_screen_date(on, t)


def screen_date_span(since: date, until: date, t: Translator) -> str:
    """«05.10–11.10»; a single day with its weekday."""
    return weekday_screen_date(since, t) if since == until else f"{screen_date(since)}–{screen_date(until)}"


def is_screen_weekend(since: date, until: date) -> bool:
    """Whether the dates are a Saturday and the Sunday behind it."""
    return (since.weekday(), until.weekday()) == (SATURDAY, SUNDAY) and until - since < WEEK
