"""A school year: from the first of September to the last of August."""

from datetime import date, timedelta

SEPTEMBER = 9


def first_day(on: date) -> date:
    """Of the school year that a date lies in."""
    return date(on.year if on.month >= SEPTEMBER else on.year - 1, SEPTEMBER, 1)


def last_day(on: date) -> date:
    """Of the school year that a date lies in."""
    return first_day(on).replace(year=first_day(on).year + 1) - timedelta(days=1)
