"""How good forecasts were: the ranked probability score and its companions, with exact inputs and plain sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from core.model.forecast import MARKS

BINS = 10
LEAST_CHANCE = 1e-12
"""What a mark that was held impossible counts as in the log loss."""


@dataclass(frozen=True, slots=True)
class ScoredForecast:
    """One forecast, the mark that the average so far would give, and the mark that came."""

    chances: Sequence[float]
    naive: int
    mark: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over `n` forecasts; None where there are none. `rps` is divided by 3 (four marks), 0 is perfect.

    `rps_naive` is that of the naive method: all on the mark of the average so far. `ece`: chances of all four marks in
    ten equal bins, the mean distance of chance and frequency. `log_loss` is in nats.
    """

    n: int
    rps: float | None = None
    rps_naive: float | None = None
    ece: float | None = None
    log_loss: float | None = None
    accuracy: float | None = None


def forecast_scores(outcomes: Sequence[ScoredForecast]) -> Scores:
    """The scores of these forecasts."""
    n = len(outcomes)
    if not n:
        return Scores(0)
    return Scores(
        n,
        sum(ranked_forecast_score(each.chances, each.mark) for each in outcomes) / n,
        sum(ranked_forecast_score([mark == each.naive for mark in MARKS], each.mark) for each in outcomes) / n,
        _calibration_error(outcomes),
        -sum(log(max(each.chances[MARKS.index(each.mark)], LEAST_CHANCE)) for each in outcomes) / n,
        sum(_most_likely(each.chances) == each.mark for each in outcomes) / n,
    )


def _most_likely(chances: Sequence[float]) -> int:
    """The mark with the greatest chance; of equal ones the lower."""
    return MARKS[max(range(len(MARKS)), key=lambda at: chances[at])]


def ranked_forecast_score(chances: Sequence[float], mark: int) -> float:
    """Σ (P(≤ v) − [mark ≤ v])² / 3 over v = 2, 3, 4."""
    below, total = 0.0, 0.0
    for each, chance in zip(MARKS[:-1], chances, strict=False):
        below += chance
        total += (below - (mark <= each)) ** 2
    return total / (len(MARKS) - 1)


def _calibration_error(outcomes: Sequence[ScoredForecast]) -> float:
    """Expected calibration error over the chances of all marks: families see each of them."""
    counts, promised, came = [0] * BINS, [0.0] * BINS, [0] * BINS
    for outcome in outcomes:
        for mark, chance in zip(MARKS, outcome.chances, strict=True):
            at = min(int(chance * BINS), BINS - 1)
            counts[at] += 1
            promised[at] += chance
            came[at] += mark == outcome.mark
    return sum(abs(sum_ - hits) for sum_, hits in zip(promised, came, strict=True)) / sum(counts)
