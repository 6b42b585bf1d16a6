"""Whom a row of final marks means, which rows are refused, and which marks are news."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions.imports.finals_writer import FinalsCounts, FinalsTally, match_finals_students
from core.model.imports.finals import FinalRow
from core.model.imports.reports import Problem
from core.model.people import RollEntry
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.rules.people.matching import MatchingRoll
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.imported import is_imported_result_news
from tests.support.schools.files import ANNA, PYOTR, VERA
from tests.support.schools.finals import final, finals_file

TODAY = date(2026, 11, 9)
THIS_YEAR, LAST_YEAR = date(2026, 9, 1), date(2025, 9, 1)
QUARTER = ReportingPeriod(1, 1, "I четверть", date(2026, 9, 1), date(2026, 10, 25))
RECEIVED = datetime(2026, 11, 1, tzinfo=UTC)
STORED = PeriodMark(1, 1, 1, 1, "I четверть", None, "4", 1, RECEIVED, published=False, import_id=None)


def enrolled(number: int, name: str, school_class: str = "", leaves_on: date | None = None) -> RollEntry:
    return RollEntry(number, name, normal_name(name), school_class, normal_class_name(school_class), leaves_on)


ROLL = (
    enrolled(1, PYOTR, "8Б"),
    enrolled(2, VERA, "1А"),
    enrolled(3, ANNA, "8Б"),
    enrolled(4, ANNA, "7А"),
    enrolled(5, "Уехавший Ян Ильич", leaves_on=date(2026, 10, 1)),
)


def matched(*rows: FinalRow) -> tuple[list[int], list[Problem]]:
    """The students of the rows, and the problems."""
    tally = FinalsTally(finals_file(*rows), FinalsCounts())
    found = match_finals_students([tally], MatchingRoll(ROLL), today=TODAY)
    return [mark.student.student_id for mark in found], tally.problems


@pytest.mark.parametrize(
    ("row", "student"),
    [
        (final(), 1),
        (final(student="ёлкин  ПЕТР ильич", school_class="8 «б»"), 1),
        (final(school_class=None), 1),
        (final(student=ANNA, school_class="7А"), 4),
        (final(school_class="7Б", school_year=LAST_YEAR), 1),
        (final(school_class="8Б", school_year=LAST_YEAR), 1),
        (final(student="Уехавший Ян Ильич", school_class="8Б"), 5),
    ],
)
def test_a_name_and_a_class_mean_one_student(row: FinalRow, student: int) -> None:
    """The class of last year is the one that has become this year's; whoever left is known by the name (Q40, Q57)."""
    assert matched(row) == ([student], [])


@pytest.mark.parametrize(
    ("row", "reason", "place"),
    [
        (final(student="Новиков Илья Петрович"), "unknown_student", (7, 2)),
        (final(student=ANNA, school_class=None), "ambiguous_student", (7, 2)),
        (final(school_class="7А"), "student_in_other_class", (7, 2)),
        (final(school_class="7Б"), "student_in_other_class", (7, 2)),
        (final(student="Eлкин Пётр Ильич"), "look_alike_student", (7, 2)),
        (final(school_year=date(2027, 9, 1)), "school_year_ahead", (7, 4)),
        (final("4", student=VERA, school_class="1А"), "first_grade", (7, 4)),
        (final("4", student=VERA, school_class=None), "first_grade", (7, 4)),
    ],
)
def test_a_doubtful_row_is_a_problem_at_its_place(row: FinalRow, reason: str, place: tuple[int, int]) -> None:
    """Names are told at the name and without it; a first grade has no marks (Q26, Q37, contracts, "Who is who")."""
    students, (problem,) = matched(row)
    assert students == []
    assert (problem.reason, (problem.row, problem.column)) == (reason, place)
    assert problem.value == (row.mark if reason == "first_grade" else None)


def test_a_name_is_told_once_however_many_marks_it_has() -> None:
    """Each row of the sheet is one line of the report."""
    stranger = "Новиков Илья Петрович"
    rows = [final(student=stranger, column=column) for column in range(3, 9)]
    assert len(matched(*rows, final(student=stranger, row=8, name_row=8))[1]) == 2


@pytest.mark.parametrize(
    ("term", "before", "year", "on", "news"),
    [
        ("1 четверть", None, THIS_YEAR, TODAY, True),
        ("1 четверть", None, THIS_YEAR, QUARTER.ends_on + timedelta(days=60), True),
        ("1 четверть", None, THIS_YEAR, QUARTER.ends_on + timedelta(days=61), False),
        ("1 четверть", STORED, THIS_YEAR, QUARTER.ends_on + timedelta(days=61), True),
        ("year", None, THIS_YEAR, date(2027, 8, 31), True),
        ("year", None, THIS_YEAR, date(2027, 9, 1), False),
        ("1 четверть", STORED, LAST_YEAR, TODAY, False),
    ],
)
def test_marks_of_this_year_are_news_for_sixty_days(
    term: str, before: PeriodMark | None, year: date, on: date, *, news: bool
) -> None:
    """A late mark is history unless it replaces another one; earlier years are history always (Q70, Q74, Q90)."""
    assert is_imported_result_news(term, before, [QUARTER], year=year, on=on) is news
