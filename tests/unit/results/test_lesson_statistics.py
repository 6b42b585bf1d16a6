"""Lessons against the plan: every figure is counted a second time, from raw lists (Q59–Q61)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.results.statistics import LessonStatistics
from core.model.schoolwork.control_works import ControlLesson
from core.model.timetable import (
    ChangeKind,
    Holiday,
    LessonType,
    NamedLessonChange,
    NamedTemplateLesson,
    Place,
    PlannedHours,
    Week,
)
from core.model.year import ReportingPeriod
from core.rules.results.statistics.lesson_statistics import counted_lesson_statistics
from tests.support.schools.plans import (
    CLASS,
    FIRST,
    HALF,
    holidays,
    lesson_change,
    plan,
    records,
    template_lesson,
    templates,
)  # fmt: skip

MONDAY = date(2026, 9, 7)
WEEKLY = (template_lesson(1, 0, 1), template_lesson(2, 0, 2), template_lesson(1, 3, 1))
QUARTER = ReportingPeriod(1, 1, "1 четверть", FIRST, date(2026, 9, 30))
AUTUMN = ReportingPeriod(2, 1, "2 четверть", date(2026, 10, 1), date(2026, 10, 31))
FIGURES = ("planned", "held", "cancelled", "substituted", "moved")


def figures(
    rows: list[LessonStatistics], subject_id: int, term: str = "year", lesson_type: str | None = None
) -> list[int]:
    """Planned, held, cancelled, substituted, moved of one row; zeros where there is none."""
    found = [row for row in rows if (row.subject_id, row.term, row.lesson_type) == (subject_id, term, lesson_type)]
    return [getattr(found[0], name) for name in FIGURES] if found else [0] * 5


def hours(
    subject_id: int, count: int, *, term: str | None = None, group: int | None = None, of: str | None = None
) -> PlannedHours:
    """A row of the plan."""
    return PlannedHours(0, 1, CLASS.id, group, subject_id, count, term, of)


def naive(
    template: list[NamedTemplateLesson], made: list[NamedLessonChange], free: list[Holiday], today: date
) -> Counter[tuple[int, str]]:
    """Subject and figure: each lesson of the template on each day, with the one change that it has."""
    counts: Counter[tuple[int, str]] = Counter()

    def is_free(on: date) -> bool:
        return any(each.starts_on <= on <= each.ends_on and each.grade_from != 1 for each in free)

    changed = {(each.change.on, each.change.number): each.change for each in made}
    for day in range(61):
        on = FIRST + timedelta(day)
        week = Week.EVEN if (on - date(2026, 8, 31)).days // 7 % 2 else Week.ODD
        for lesson in (each.lesson for each in template):
            in_force = (lesson.starts_on or on) <= on <= (lesson.ends_on or on)
            if lesson.weekday != on.weekday() or lesson.week not in {None, week} or not in_force:
                continue
            change = changed.get((on, lesson.number))
            at = change.new_on if change is not None and change.new_on is not None else on
            if not is_free(on) and on <= today:
                counts[lesson.subject_id, "planned"] += 1
            if is_free(at) or at > today:
                continue
            taught = (change.new_subject_id if change else None) or lesson.subject_id
            fell_out = change is not None and change.kind is ChangeKind.CANCELLATION
            counts[lesson.subject_id, "cancelled"] += fell_out or taught != lesson.subject_id
            counts[taught, "held"] += not fell_out
            counts[taught, "substituted"] += change is not None and change.kind is ChangeKind.SUBSTITUTION
            counts[taught, "moved"] += change is not None and change.kind is ChangeKind.MOVE
    return +counts


@given(templates(), holidays(), st.data())
def test_every_figure_is_that_of_a_second_count(
    template: list[NamedTemplateLesson], free: list[Holiday], data: st.DataObject
) -> None:
    """Held, cancelled, substituted and moved agree with a plain loop over days, whatever today is (Q59, Q61)."""
    today = FIRST + timedelta(data.draw(st.integers(0, 60)))
    made = []
    lessons = [
        (FIRST + timedelta(day), each.lesson)
        for day in range(61)
        for each in template
        if (FIRST + timedelta(day)).weekday() == each.lesson.weekday
    ]
    chosen = data.draw(st.lists(st.sampled_from(lessons), max_size=5, unique_by=lambda each: (each[0], each[1].number)))
    for id_, (on, lesson) in enumerate(chosen, start=3):
        week = Week.EVEN if (on - date(2026, 8, 31)).days // 7 % 2 else Week.ODD
        if lesson.week not in {None, week} or not (lesson.starts_on or on) <= on <= (lesson.ends_on or on):
            continue
        kind = data.draw(st.sampled_from([ChangeKind.MOVE, ChangeKind.SUBSTITUTION, ChangeKind.CANCELLATION]))
        to = (FIRST + timedelta(data.draw(st.integers(0, 60))), id_) if kind is ChangeKind.MOVE else None
        new = data.draw(st.sampled_from([None, 1, 2, 3])) if kind is ChangeKind.SUBSTITUTION else None
        made.append(lesson_change(on, lesson.number, lesson.subject_id, kind, new_subject_id=new, to=to, id_=id_))
    rows = counted_lesson_statistics(records(plan(template, made, free), today=today))
    counted = {
        (row.subject_id, name): getattr(row, name) for row in rows if row.lesson_type is None for name in FIGURES
    }
    assert {key: count for key, count in counted.items() if count} == dict(naive(template, made, free, today))


def test_a_lesson_given_to_another_subject_counts_for_what_was_taught() -> None:
    """Cancelled for algebra, held and substituted for physics; a substitute teacher changes no subject (Q61)."""
    made = [
        lesson_change(MONDAY, 1, 1, ChangeKind.SUBSTITUTION, new_subject_id=2),
        lesson_change(MONDAY, 2, 2, ChangeKind.SUBSTITUTION, new_teacher_id=5),
    ]
    rows = counted_lesson_statistics(records(plan(WEEKLY, made), today=MONDAY))
    assert (figures(rows, 1), figures(rows, 2)) == ([2, 1, 1, 0, 0], [1, 2, 0, 2, 0])


def test_a_lesson_moved_into_another_term_is_held_there() -> None:
    """One hour less in the first term, one more in the second, the year as planned; a day to come is not held (Q61)."""
    made = [lesson_change(date(2026, 9, 28), 1, 1, ChangeKind.MOVE, to=(date(2026, 10, 2), 3))]
    of_class = records(plan(WEEKLY, made), today=date(2026, 10, 2), periods=[QUARTER, AUTUMN])
    rows = counted_lesson_statistics(of_class)
    assert [figures(rows, 1, term)[:2] for term in ("1 четверть", "2 четверть", "year")] == [[8, 7], [1, 2], [9, 9]]
    before = counted_lesson_statistics(replace(of_class, today=date(2026, 10, 1)))
    assert figures(before, 1, "2 четверть") == [1, 1, 0, 0, 0]


def test_a_cancelled_lesson_lags_and_an_added_one_makes_up() -> None:
    """Lag = planned − held; the percentage is exact (Q59)."""
    made = [lesson_change(MONDAY, 1, 1, ChangeKind.CANCELLATION)]
    [row] = [
        each
        for each in counted_lesson_statistics(records(plan(WEEKLY, made), today=MONDAY))
        if each.subject_id == 1 and each.lesson_type is None
    ]
    assert (row.lag, row.percent, row.by_template) == (1, Fraction(50), True)


@pytest.mark.parametrize(("today", "due"), [(2, 0), (3, 1), (7, 3), (8, 3), (10, 4), (27, 9), (28, 10)])
def test_hours_are_due_by_school_days(today: int, due: int) -> None:
    """The class has 8 school days in September: after 2 of them 2.5 of 10 hours are due, half up is 3 (Q59)."""
    of_class = replace(
        records(plan(WEEKLY), today=date(2026, 9, today), periods=[QUARTER, AUTUMN]),
        hours=[hours(1, 10, term="I четв."), hours(1, 5, term="2-я четверть")],
    )
    rows = counted_lesson_statistics(of_class, "1 четверть")
    assert figures(rows, 1, "1 четверть")[0] == due


def hours_rows(today: date, *planned: PlannedHours, **more: object) -> list[LessonStatistics]:
    """The rows of the weekly timetable with a plan."""
    of_class = records(plan(WEEKLY), today=today, periods=[QUARTER, AUTUMN])
    return counted_lesson_statistics(replace(of_class, hours=planned, **more))  # type: ignore[arg-type]  # fields of the test


def test_a_year_without_hours_of_its_own_is_the_sum_of_its_terms() -> None:
    """And a term without hours of its own has its days' share of the year's (Q59)."""
    last = AUTUMN.ends_on
    by_term = hours_rows(last, hours(1, 10, term="1 четверть"), hours(1, 8, term="2 четверть"))
    assert [figures(by_term, 1, term)[0] for term in ("1 четверть", "2 четверть", "year")] == [10, 8, 18]
    yearly = hours_rows(last, hours(1, 17))
    assert [figures(yearly, 1, term)[0] for term in ("1 четверть", "2 четверть", "year")] == [8, 9, 17]


def test_each_type_of_lesson_is_counted() -> None:
    """By the table of types, else by a control work planned there, else a plain lesson (Q60)."""
    types = [LessonType(1, CLASS.id, 1, MONDAY, 1, "laboratory", None, None)]
    controls = [ControlLesson(CLASS.id, 1, date(2026, 9, 10), None), ControlLesson(CLASS.id, 1, MONDAY, 1)]
    planned = hours(1, 17), hours(1, 17, of="laboratory")
    rows = hours_rows(date(2026, 9, 10), *planned, types=types, controls=controls)
    assert {row.lesson_type: row.held for row in rows if row.subject_id == 1 and row.term == "year"} == {
        None: 3, "laboratory": 1, "control": 1, "lesson": 1,
    }  # fmt: skip
    assert figures(rows, 1, "year", "laboratory")[0] == 3


def test_half_groups_share_the_hours_of_their_class() -> None:
    """Each half has the class's plan and its own lessons; hours planned for the half itself come first (Q59)."""
    template = [*WEEKLY[::2], template_lesson(2, 0, 2, group=HALF)]
    of_class = records(plan(template, places=[Place(CLASS), Place(HALF)]), today=MONDAY, periods=[QUARTER])
    shared = counted_lesson_statistics(replace(of_class, hours=[hours(2, 4)]), "1 четверть")
    assert [
        (row.group, row.planned, row.held) for row in shared if row.subject_id == 2 and row.lesson_type is None
    ] == [("Физ 1", 1, 1)]
    own = counted_lesson_statistics(replace(of_class, hours=[hours(2, 4), hours(2, 8, group=HALF.id)]), "1 четверть")
    assert [(row.group, row.planned, row.held) for row in own if row.subject_id == 2 and row.lesson_type is None] == [
        (None, 1, 0), ("Физ 1", 2, 1),
    ]  # fmt: skip


def test_a_subject_may_have_half_years() -> None:
    """A subject of one hour a week is counted by its own terms (Q36)."""
    half_year = ReportingPeriod(3, 1, "1 полугодие", FIRST, AUTUMN.ends_on, subject_id=2)
    rows = counted_lesson_statistics(records(plan(WEEKLY), today=MONDAY, periods=[QUARTER, AUTUMN, half_year]))
    assert {row.term for row in rows if row.subject_id == 2} == {"1 полугодие", "year"}
    assert {row.term for row in rows if row.subject_id == 1} == {"1 четверть", "year"}
