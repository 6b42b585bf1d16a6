"""What a forecast rests on: marks that count, the class's pace, the year."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.forecast import MARKS, WorkKind
from core.model.marks.entries import Entry, EntryKind
from core.rules.forecast.advice import percent_for_advice
from core.rules.forecast.exact import exact_average_of_works
from core.rules.forecast.preparation import (
    MOST_LEFT,
    count_prepared_works_left,
    prepared_announced_kind,
    prepared_expected_works,
    prepared_marked_works,
    prepared_visible_scores,
    prepared_weight_scale,
    prepared_works_with_announced,
)
from core.rules.forecast.years import (
    NOTHING_KNOWN,
    forecast_year_chances,
    forecast_year_mark,
    forecast_year_range,
    learn_persistence_of_years,
)
from core.rules.marks.averages import weighted_average
from core.rules.marks.tokens import token_kind

LIMITS = [Fraction("2.6"), Fraction("3.6"), Fraction("4.6")]
WEIGHTS = st.sampled_from([None, Decimal(0), Decimal("0.1"), Decimal("0.3"), Decimal("1.5"), Decimal(10)])
VALUES = st.sampled_from(["5", "4", "3", "2", "зач", "Б", ".", "ОСВ"])


def entry(value: str, weight: Decimal | None = None) -> Entry:
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    return Entry(
        1, 7, 1, date(2026, 10, 1), token_kind(value), value, "ответ", None, weight, 1, None, None, moment, None
    )


@given(st.lists(st.builds(entry, VALUES, WEIGHTS), max_size=8))
def test_the_average_is_that_of_the_journal(entries: list[Entry]) -> None:
    """Works with whole weights average exactly as the marks do; зач, absences and debts do not count (Q43)."""
    scores = prepared_visible_scores(entries)
    works = prepared_marked_works(scores, prepared_weight_scale(scores))
    expected = weighted_average(entries)
    assert expected is None or exact_average_of_works(works) == expected
    assert len(works) == sum(each.kind is EntryKind.SCORE for each in entries)


def test_a_mark_that_waits_for_publication_does_not_show() -> None:
    """While a change waits the forecast uses what guardians see; a new mark not at all."""
    changed = replace(entry("2"), awaiting=True, shown="4")
    assert [
        each.value for each in prepared_visible_scores([changed, replace(entry("2"), awaiting=True, shown=None)])
    ] == ["4"]


def test_works_left_follow_the_pace_of_the_class() -> None:
    """10 marks of 5 students in 4 lessons are half a mark a lesson; one work is left while there is a lesson."""
    assert count_prepared_works_left(10, 5, 4, 6) == 3
    assert count_prepared_works_left(1, 5, 20, 2) == 1
    assert count_prepared_works_left(10, 5, 4, 0) == 0
    assert count_prepared_works_left(0, 0, 0, 6) == 3
    assert count_prepared_works_left(900, 5, 4, 60) == MOST_LEFT


def test_kinds_left_are_in_proportion() -> None:
    """Two kinds that came 2 : 1 come so again; without any kind all weigh 1."""
    small, large = WorkKind("ответ", 1000), WorkKind("контрольная", 2000)
    left = prepared_expected_works({small: 8, large: 4}, 3, 100)
    assert sorted(kind.name for kind in left) == ["контрольная", "ответ", "ответ"]
    assert prepared_expected_works({}, 2, 100) == [WorkKind("", 100)] * 2


@given(st.lists(st.sampled_from(MARKS), max_size=3), st.sampled_from(MARKS), st.integers(0, 3))
def test_the_year_lies_between_its_worst_and_best_case(known: list[int], current: int, later: int) -> None:
    """Chances sum to 1, none lies beyond worst and best case; with all terms set it is the rule (Q48, Q56)."""
    chances = forecast_year_chances(known, [float(mark == current) for mark in MARKS], later, LIMITS, NOTHING_KNOWN)
    worst, best = forecast_year_range([*known, current], later)
    assert abs(sum(chances) - 1) < 1e-9
    assert all(chance < 1e-9 or worst <= mark <= best for mark, chance in zip(MARKS, chances, strict=True))
    assert later or chances[MARKS.index(forecast_year_mark([*known, current]))] == 1


def test_persistence_is_learnt_robustly() -> None:
    """Without data the next average is the last one; a common fall is learnt, one wild pair is not."""
    assert learn_persistence_of_years([]) == NOTHING_KNOWN
    fall = learn_persistence_of_years([(mark / 10, mark / 10 - 0.3) for mark in range(25, 50)] * 3)
    wild = learn_persistence_of_years([(mark / 10, mark / 10) for mark in range(25, 50)] * 3 + [(5.0, 2.0)])
    assert -0.32 < fall.shift < -0.25
    assert abs(wild.shift) < 0.02


def test_percentages_are_modest() -> None:
    """Rounded to 5, and at most 95 before half of the period."""
    assert [percent_for_advice(each, is_before_half=True) for each in (0.62, 0.63, 0.999)] == [60, 65, 95]
    assert percent_for_advice(0.999, is_before_half=False) == 100


KINDS = {WorkKind("Контрольная работа", 20): 3, WorkKind("контрольная", 15): 5, WorkKind("ответ", 10): 40}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("контрольная", WorkKind("контрольная", 15)),
        ("Контрольная работа № 3", WorkKind("контрольная", 15)),
        ("проект", None),
        ("", None),
    ],
)
def test_an_announced_work_has_the_kind_of_the_class(name: str, kind: WorkKind | None) -> None:
    """Of kinds whose names begin alike the commonest counts; an unknown name is no kind."""
    assert prepared_announced_kind(name, KINDS) == kind


@given(st.lists(st.sampled_from(list(KINDS)), max_size=9), st.lists(st.sampled_from(list(KINDS)), max_size=4))
def test_announced_works_are_never_fewer_than_announced(left: list[WorkKind], announced: list[WorkKind]) -> None:
    """They take the place of expected works: as many as before, unless more are announced than were expected."""
    merged = prepared_works_with_announced(left, announced)
    assert len(merged) == max(len(left), len(announced))
    assert all(merged.count(kind) >= announced.count(kind) for kind in announced)
