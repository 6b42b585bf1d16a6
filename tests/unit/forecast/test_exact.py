"""What is needed for a mark, exactly (Q44, Q45, Q48)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.forecast import has_forecast_bench_difference
from core.model.forecast import MarkedWork, WorkKind
from core.rules.forecast.exact import (
    Reach,
    exact_average_of_works,
    exact_average_range,
    exact_least_mark,
    exact_marks_needed,
    exact_marks_spared,
    exact_reach_of_average,
)
from tests.support.forecast.series import dice_of

TEN, FIFTEEN = WorkKind("ответ", 10), WorkKind("контрольная", 15)
EXAMPLE = [MarkedWork(TEN, 4), MarkedWork(TEN, 5), MarkedWork(FIFTEEN, 2)]
FOUR, FIVE = Fraction("3.6"), Fraction("4.6")


def test_the_example_of_the_requirements() -> None:
    """4(10), 5(10), 2(15) average 3.43: one «5» of weight 10 for a «4», eleven for a «5» (Q43, Q44)."""
    assert round(float(exact_average_of_works(EXAMPLE)), 2) == 3.43
    assert exact_marks_needed(EXAMPLE, FOUR, mark=5, weight=10) == 1
    assert exact_marks_needed(EXAMPLE, FIVE, mark=5, weight=10) == 11


def test_a_mark_below_the_threshold_never_reaches_it() -> None:
    """Marks of v ≤ T cannot reach T (Q44), unless the average is there already."""
    assert exact_marks_needed(EXAMPLE, FIVE, mark=4, weight=10) is None
    assert exact_marks_needed([MarkedWork(TEN, 5)], FIVE, mark=4, weight=10) == 0
    assert exact_marks_needed([], FOUR, mark=5, weight=10) == 1


def test_what_is_needed_equals_trying_it_out() -> None:
    """2,000 random cases with mixed weights and thresholds; `vestnik bench forecast` has 20,000 (Q44)."""
    dice = dice_of(7)
    assert sum(has_forecast_bench_difference(dice) for _ in range(2_000)) == 0


@given(st.lists(st.tuples(st.sampled_from([TEN, FIFTEEN]), st.integers(2, 5)), min_size=1), st.integers(2, 5))
def test_what_is_spared_equals_trying_it_out(marked: list[tuple[WorkKind, int]], mark: int) -> None:
    """With so many marks the average is still there, with one more it is below; a mark at the threshold spoils none."""
    works = [MarkedWork(*each) for each in marked]
    count = exact_marks_spared(works, FOUR, mark=mark, weight=10)
    if count is None:
        assert mark >= FOUR
    elif exact_average_of_works(works) >= FOUR:
        further = [MarkedWork(TEN, mark)] * count
        assert (
            exact_average_of_works([*works, *further])
            >= FOUR
            > exact_average_of_works([*works, *further, MarkedWork(TEN, mark)])
        )
    else:
        assert count == 0


@pytest.mark.parametrize(
    ("left", "least", "reach"),
    [
        ([TEN] * 10, FIVE, Reach.IMPOSSIBLE),
        ([TEN] * 11, FIVE, Reach.OPEN),
        ([TEN], Fraction("2.4"), Reach.SAFE),
        ([TEN] * 3, Fraction("3.4"), Reach.REACHED),
    ],
)
def test_impossible_and_safe_are_told_apart(left: list[WorkKind], least: Fraction, reach: Reach) -> None:
    """More marks than works left is impossible (Q45); a mark that even «2» everywhere leaves is safe."""
    assert exact_reach_of_average(EXAMPLE, left, least) is reach


def test_the_coming_control_work_has_a_lowest_mark() -> None:
    """The least mark of one work that lifts the average to the threshold; None where no mark does."""
    assert exact_least_mark(EXAMPLE, FOUR, weight=10) == 5
    assert exact_least_mark(EXAMPLE, Fraction(3), weight=15) == 2
    assert exact_least_mark(EXAMPLE, FIVE, weight=15) is None


def test_worst_and_best_case() -> None:
    """All works left as «2», and all as «5» (Q48)."""
    assert exact_average_range(EXAMPLE, [FIFTEEN]) == (Fraction(150, 50), Fraction(195, 50))
