"""The chances of each final mark (Q41, Q42)."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.forecast import MARKS, ForecastTerm, MarkedWork, WorkKind
from core.rules.forecast.chances import forecast_chances
from core.rules.forecast.exact import exact_average_of_works, exact_mark_of_average
from core.rules.forecast.learning import DEFAULT_RHO, DEFAULT_SHARES, NOTHING_LEARNT, ForecastLearning, learn_forecast
from tests.support.forecast.series import dice_of

KINDS = st.builds(WorkKind, st.sampled_from(["ответ", "контрольная"]), st.sampled_from([1, 2, 3, 10, 15, 20]))
WORKS = st.builds(MarkedWork, KINDS, st.sampled_from(MARKS))
LEFT = st.lists(KINDS, max_size=5)
LIMITS = st.lists(st.decimals("2.01", 5, places=2), min_size=3, max_size=3, unique=True).map(
    lambda limits: [Fraction(each) for each in sorted(limits)]
)
RHO = st.sampled_from([0.15, DEFAULT_RHO, 0.75])
NORMAL = [Fraction("2.6"), Fraction("3.6"), Fraction("4.6")]


def one(works: Sequence[MarkedWork], left: Sequence[WorkKind], limits: Sequence[Fraction], rho: float) -> list[float]:
    term = ForecastTerm("алгебра", works, left)
    chances_: list[float] = forecast_chances([term], ForecastLearning(rho=rho), limits)[0].tolist()
    return chances_


@given(st.lists(WORKS, min_size=1, max_size=9), LEFT, LIMITS, RHO)
@settings(max_examples=60, deadline=None)
def test_chances_are_chances(works: list[MarkedWork], left: list[WorkKind], limits: list[Fraction], rho: float) -> None:
    """Whatever the marks and the school's thresholds: no chance is negative and they sum to 1 (Q41, Q42)."""
    row = one(works, left, limits, rho)
    assert min(row) >= -1e-12
    assert abs(sum(row) - 1) < 1e-9


@given(st.lists(WORKS, min_size=1, max_size=9), LIMITS)
@settings(max_examples=60, deadline=None)
def test_with_no_works_left_the_forecast_is_the_rule(works: list[MarkedWork], limits: list[Fraction]) -> None:
    """The mark of the exact average has the whole chance, on the threshold too (Q42)."""
    row = one(works, [], limits, DEFAULT_RHO)
    assert row[MARKS.index(exact_mark_of_average(exact_average_of_works(works), limits))] == 1


@given(st.lists(WORKS, min_size=1, max_size=9), LEFT, KINDS, LIMITS, RHO)
@settings(max_examples=60, deadline=None)
def test_a_five_never_lowers_a_forecast(
    works: list[MarkedWork], left: list[WorkKind], kind: WorkKind, limits: list[Fraction], rho: float
) -> None:
    """One more «5», whether it was expected or comes beyond that, lowers neither P(5) nor the expected mark."""
    five = [*works, MarkedWork(kind, 5)]
    for after, before in ((one(five, left, limits, rho), one(works, left, limits, rho)),
                          (one(five, left, limits, rho), one(works, [*left, kind], limits, rho))):  # fmt: skip
        assert after[-1] >= before[-1] - 1e-9
        assert np.dot(after, MARKS) >= np.dot(before, MARKS) - 1e-9


def test_a_forecast_does_not_depend_on_its_neighbours() -> None:
    """A school computed at once gives each student what they would get alone."""
    dice = dice_of(3)
    kinds = [WorkKind("ответ", 10), WorkKind("контрольная", 20)]
    terms = [
        ForecastTerm("химия", [MarkedWork(dice.choice(kinds), dice.choice(MARKS)) for _ in range(4)],
               [dice.choice(kinds) for _ in range(dice.randint(0, 3))])
        for _ in range(40)
    ]  # fmt: skip
    together = forecast_chances(terms, NOTHING_LEARNT, NORMAL)
    alone = np.vstack([forecast_chances([term], NOTHING_LEARNT, NORMAL) for term in terms])
    assert np.allclose(together, alone)


def test_closed_periods_teach_what_is_hard() -> None:
    """A kind of work that went badly in closed periods lowers the forecast; few marks hardly move the shares."""
    hard, easy = WorkKind("контрольная", 20), WorkKind("ответ", 10)
    closed = [("химия", [MarkedWork(hard, mark), MarkedWork(easy, 5)]) for mark in (2, 3, 2, 3, 2) * 8]
    learnt = learn_forecast(closed)
    marked = [MarkedWork(easy, 4), MarkedWork(easy, 4)]
    (with_hard,) = forecast_chances([ForecastTerm("химия", marked, [hard, hard])], learnt, NORMAL)
    (with_easy,) = forecast_chances([ForecastTerm("химия", marked, [easy, easy])], learnt, NORMAL)
    assert with_hard @ np.array(MARKS) < with_easy @ np.array(MARKS)
    few = learn_forecast(closed[:1]).of_kind("химия", hard)
    assert max(abs(a - b) for a, b in zip(few, DEFAULT_SHARES, strict=True)) < 0.3
    assert learn_forecast([]).of_kind("химия", hard) == DEFAULT_SHARES
