"""A school year, from the first of September to the last of August, and the grade of a class in it."""

from datetime import date, timedelta

from core.model.year import TeachingGroup
from core.rules.people.names import grade_level

SEPTEMBER = 9


def first_day(on: date) -> date:
    """Of the school year that a date lies in."""
    return date(on.year if on.month >= SEPTEMBER else on.year - 1, SEPTEMBER, 1)


def last_day(on: date) -> date:
    """Of the school year that a date lies in."""
    return first_day(on).replace(year=first_day(on).year + 1) - timedelta(days=1)


def level_of(group: TeachingGroup) -> int | None:
    return grade_level(group.name) if group.grade_level is None else group.grade_level
