"""Averages are exact, and only scores are in them (Q43)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.marks.entries import Entry
from core.rules.marks import averages
from core.rules.marks.tokens import token_kind


def entry(value: str, weight: str | None = None) -> Entry:
    return Entry(
        1, 7, 1, date(2026, 11, 20), token_kind(value), value, None, None,
        None if weight is None else Decimal(weight), 1, None, None, datetime(2026, 11, 20, tzinfo=UTC), None,
    )  # fmt: skip


def average(*marks: tuple[str, str | None] | str) -> str | None:
    entries = [entry(*mark) if isinstance(mark, tuple) else entry(mark) for mark in marks]
    found = averages.weighted_average(entries)
    return None if found is None else averages.format_average(found)


def test_the_weighted_average_is_the_sum_of_marks_times_weights() -> None:
    """4(10), 5(10), 2(15) is 3.43 (Q43)."""
    assert average(("4", "10"), ("5", "10"), ("2", "15")) == "3,43"


def test_weights_that_a_float_would_spoil_are_exact() -> None:
    """4, 5, 3 with weights 0.1, 0.1, 0.3 is 3.6 and not a hair below it, so that a threshold is met (Q42)."""
    marks = [entry("4", "0.1"), entry("5", "0.1"), entry("3", "0.3")]
    assert averages.weighted_average(marks) == Fraction(18, 5)


@pytest.mark.parametrize("weight", [None, "0"])
def test_without_weights_it_is_the_plain_mean(weight: str | None) -> None:
    """In real exports every weight may be 0 (Q43)."""
    assert average(("4", weight), ("5", weight), ("2", weight)) == "3,67"


def test_an_unknown_weight_beside_known_ones_counts_as_one() -> None:
    """A mark whose weight nobody said is not lost, and weighs least."""
    assert average(("5", "3"), "1") == "4,00"


def test_a_weight_of_zero_beside_others_does_not_count() -> None:
    """What the school weighs with nothing adds nothing."""
    assert average(("5", "10"), ("2", "0")) == "5,00"


@pytest.mark.parametrize("other", ["зач", "незач", "н/а", "ОСВ", "УП", "Н", "."])
def test_only_scores_count(other: str) -> None:
    """зач/незач, осв, absences and debts are in no average (Q27, Q28, Q43)."""
    assert average("4", (other, "10")) == "4,00"
    assert average(other) is None


def test_nothing_is_no_average() -> None:
    """Without a mark there is no figure that could pose as one."""
    assert average() is None


@pytest.mark.parametrize(("marks", "shown"), [(("3", "4") * 4, "3,50"), (("4", "4", "5"), "4,33"), (("5",), "5,00")])
def test_two_digits_are_shown(marks: tuple[str, ...], shown: str) -> None:
    """With a comma, and with the noughts at its end."""
    assert average(*marks) == shown


def test_half_a_hundredth_is_shown_upwards() -> None:
    """3.425 is 3.43 and 3.4249 is 3.42: no banker's rounding (Q42)."""
    assert averages.format_average(Fraction(3425, 1000)) == "3,43"
    assert averages.format_average(Fraction(34249, 10000), point=".") == "3.42"


@given(st.lists(st.tuples(st.sampled_from("2345"), st.integers(1, 100).map(str)), min_size=1))
def test_an_average_lies_between_the_lowest_and_the_highest_mark(marks: list[tuple[str, str]]) -> None:
    """Whatever the weights are, no average leaves the marks that it is made of."""
    found = averages.weighted_average(entry(*mark) for mark in marks)
    values = [int(value) for value, _ in marks]
    assert found is not None
    assert min(values) <= found <= max(values)


@pytest.mark.parametrize(
    ("average", "mark"),
    [("4.6", 5), ("4.599", 4), ("3.6", 4), ("3.59", 3), ("2.6", 3), ("2.59", 2), ("5", 5), ("1", 2)],
)
def test_a_mark_stands_for_an_average_from_its_threshold_on(average: str, mark: int) -> None:
    """4.60 is a five and 4.59 a four: exact, inclusive, with no banker's rounding (Q42)."""
    assert averages.mark_for_average(Fraction(average), [Decimal("2.6"), Decimal("3.6"), Decimal("4.6")]) == mark


@given(st.fractions(1, 5), st.fractions(1, 5))
def test_a_better_average_never_stands_for_a_worse_mark(one: Fraction, other: Fraction) -> None:
    """Whatever the marks are (Q42)."""
    thresholds = [Decimal("2.5"), Decimal("3.5"), Decimal("4.5")]
    low, high = sorted((one, other))
    assert averages.mark_for_average(low, thresholds) <= averages.mark_for_average(high, thresholds)
