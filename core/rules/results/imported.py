"""What an import of final marks tells families of, and whom a row of an earlier year means."""

from collections.abc import Iterable
from datetime import date, timedelta

from core.model.people import RollEntry
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.rules.people.matching import MatchingRoll, Miss
from core.rules.people.names import normal_class_name
from core.rules.results.terms import term_key
from core.rules.year import first_day_of_year, grade_level_of_name

NEWS = timedelta(days=60)
"""How long after the end of its period a final mark that the school did not have is still news."""


def is_imported_result_news(
    term: str, before: PeriodMark | None, periods: Iterable[ReportingPeriod], *, year: date, on: date
) -> bool:
    """True if a family is told of an imported final mark, whose 24 hours begin with the import (R6, Q70).

    Marks of an earlier school year (`year` is its first day) are history. So are those of a period that ended more than
    60 days ago, unless they replace another mark.
    """
    if year != first_day_of_year(on):
        return False
    if before is not None and before.value is not None:
        return True
    ends = [period.ends_on for period in periods if term_key(period.name) == term_key(term)]
    return not ends or on <= max(ends) + NEWS


def find_imported_student(
    roll: MatchingRoll, name: str, school_class: str | None, *, year: date, on: date
) -> RollEntry | Miss:
    """The student whom a file names, with the class of the file's school year (contracts, "Who is who").

    A class of an earlier year is also found as what it has become: «10А» of last year is «11А». A student who left the
    school has no class any more and is found by the name alone.
    """
    found = roll.find(name, school_class)
    if found is not Miss.OTHER_CLASS or school_class is None:
        return found
    if year != first_day_of_year(on) and not isinstance(
        later := roll.find(name, _class_now(school_class, year, on)), Miss
    ):
        return later
    match roll.named(name):
        case [student] if student.leaves_on is not None and student.leaves_on < on:
            return student
        case _:
            return found


def _class_now(school_class: str, year: date, on: date) -> str:
    level = grade_level_of_name(school_class)
    if level is None:
        return school_class
    return f"{level + first_day_of_year(on).year - year.year}{normal_class_name(school_class).lstrip('0123456789')}"
