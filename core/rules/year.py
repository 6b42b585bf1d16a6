"""The school year, and the grade level of groups in it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from core.model.year import GroupKind, TeachingGroup
from core.rules.people.names import normal_class_name

SEPTEMBER = 9
FIRST_GRADE, LAST_GRADE = 1, 11
MOST_FIGURES = 2
"""Digits of a grade level."""


def first_day_of_year(on: date) -> date:
    """The first day of the school year that a date lies in."""
    return date(on.year if on.month >= SEPTEMBER else on.year - 1, SEPTEMBER, 1)


def last_day_of_year(on: date) -> date:
    """The last day of the school year that a date lies in."""
    return first_day_of_year(on).replace(year=first_day_of_year(on).year + 1) - timedelta(days=1)


def grade_level_of_groups(groups: Iterable[TeachingGroup]) -> int | None:
    """The year of study of groups that share students: that of a class, else of any other group that has one."""
    classes_first = sorted(groups, key=lambda group: group.kind is not GroupKind.CLASS)
    return next((level for level in map(_own_grade_level, classes_first) if level is not None), None)


def class_grade_level(groups: Iterable[TeachingGroup]) -> int | None:
    """The year of study of the classes among groups that share students; other groups have none of their own."""
    return grade_level_of_groups(group for group in groups if group.kind is GroupKind.CLASS)


def class_of_groups(groups: Iterable[TeachingGroup]) -> TeachingGroup | None:
    """The class among groups of one student; None without one."""
    return next((group for group in groups if group.kind is GroupKind.CLASS), None)


def grade_level_of_name(class_name: str) -> int | None:
    """The year of study that a class name begins with: «10-А» is 10; «2026» has none."""
    digits = normal_class_name(class_name)
    level = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return int(level) if 0 < len(level) <= MOST_FIGURES else None


def is_first_grade(school_class: str) -> bool:
    """«1А» is one, «11А» is not."""
    return grade_level_of_name(school_class) == 1


def _own_grade_level(group: TeachingGroup) -> int | None:
    return grade_level_of_name(group.name) if group.grade_level is None else group.grade_level


def school_date(at: datetime, zone: tzinfo) -> date:
    """The date of a moment in the school's zone; a moment has no other date (Q135)."""
    return at.astimezone(zone).date()


def first_day_of_week(on: date) -> date:
    """The Monday of the week that a date lies in."""
    return on - timedelta(days=on.weekday())


def days_between(since: date, until: date) -> list[date]:
    """All dates of a span, both ends included."""
    return [since + timedelta(days=count) for count in range((until - since).days + 1)]
