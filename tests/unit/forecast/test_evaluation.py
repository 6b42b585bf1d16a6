"""Past series score the forecast."""

from fractions import Fraction

import pytest

from core.model.forecast import MARKS, MarkedWork, WorkKind
from core.rules.forecast.evaluation import CHECKPOINTS, SeriesRow, evaluate_forecasts
from core.rules.forecast.scores import ScoredForecast, forecast_scores, ranked_forecast_score
from tests.support.forecast.series import SeriesShape, dice_of, series

LIMITS = [Fraction("2.5"), Fraction("3.5"), Fraction("4.5")]


def rows(shape: SeriesShape, seed: int = 11) -> list[SeriesRow]:
    return [
        SeriesRow(group, period, role == "earlier", student, MarkedWork(WorkKind(work, weight), mark))
        for group, period, role, student, work, weight, mark in series(dice_of(seed), shape)
    ]


@pytest.fixture(scope="module")
def invented() -> list[SeriesRow]:
    return rows(SeriesShape(groups=8))


@pytest.mark.parametrize("uses_history", [True, False])
def test_the_forecast_beats_the_naive_method(invented: list[SeriesRow], *, uses_history: bool) -> None:
    """On an invented school it is better at each checkpoint by the shares that we aim at, and its chances hold."""
    found = evaluate_forecasts(invented, LIMITS, uses_history=uses_history)
    assert [share for share, _ in found] == list(CHECKPOINTS)
    aims = ((0.072, 0.29), (0.050, 0.2), (0.031, 0.14)) if uses_history else ((0.088, 0.2), (0.055, 0.1), (0.033, 0.05))
    for (_, scores), (rps, better) in zip(found, aims, strict=True):
        assert scores.n == 8 * 28
        assert scores.rps is not None
        assert scores.rps_naive is not None
        assert scores.ece is not None
        assert scores.rps <= rps
        assert scores.rps <= (1 - better) * scores.rps_naive
        assert scores.ece <= 0.05


def test_one_earlier_class_helps(invented: list[SeriesRow]) -> None:
    """Shares learnt from a class of 28 make the first checkpoint better than the default shares."""
    with_class, without = (evaluate_forecasts(invented, LIMITS, uses_history=each)[0][1].rps for each in (True, False))
    assert with_class is not None
    assert without is not None
    assert with_class < without


def test_scores_of_a_certain_forecast() -> None:
    """Right costs nothing, one mark off a third in the ranked score, three marks off 1."""
    assert ranked_forecast_score([0, 0, 0, 1], 5) == 0
    assert ranked_forecast_score([0, 0, 1, 0], 5) == pytest.approx(1 / 3)
    assert ranked_forecast_score([1, 0, 0, 0], 5) == 1
    right = forecast_scores([ScoredForecast([0, 0, 1, 0], 3, 4)])
    assert (right.rps, right.ece, right.log_loss, right.accuracy) == (0, 0, 0, 1)
    assert right.rps_naive == pytest.approx(1 / 3)


def test_a_series_without_works_left_is_not_scored() -> None:
    """A student with one work has nothing to forecast; no figure is made up for none (Q46)."""
    single = [
        SeriesRow("7А", "1", earlier=False, student="а", work=MarkedWork(WorkKind("ответ", 1), mark))
        for mark in MARKS[:1]
    ]
    assert [(scores.n, scores.rps) for _, scores in evaluate_forecasts(single, LIMITS)] == [(0, None)] * 3
