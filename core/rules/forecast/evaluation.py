"""Scores the forecast on past series of marks: at a quarter, half and three quarters of each student's works."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from core.model.forecast import ForecastTerm, MarkedWork
from core.rules.forecast.chances import forecast_chances
from core.rules.forecast.exact import exact_average_of_works, exact_mark_of_average
from core.rules.forecast.learning import NOTHING_LEARNT, ForecastLearning, learn_forecast
from core.rules.forecast.scores import ScoredForecast, Scores, forecast_scores

CHECKPOINTS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
"""Shares of a student's works that are known; rounded half up, at least one work."""

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One mark of a past series, in the order in which they were given; `earlier`: of a closed period."""

    group: str
    period: str
    earlier: bool
    student: str
    work: MarkedWork


Series = Mapping[tuple[str, str, bool, str], Sequence[MarkedWork]]


def evaluate_forecasts(
    rows: Iterable[SeriesRow], thresholds: Sequence[Fraction], *, uses_history: bool = True
) -> Sequence[tuple[Fraction, Scores]]:
    """The scores at each checkpoint; earlier periods teach shares and ρ unless `uses_history` is false."""
    series = _series(rows)
    earlier = [(group, works) for (group, _, is_earlier, _), works in series.items() if is_earlier]
    learnt = learn_forecast(earlier) if uses_history else NOTHING_LEARNT
    tested = [(group, works) for (group, _, is_earlier, _), works in series.items() if not is_earlier]
    return [(share, forecast_scores(_outcomes(tested, share, learnt, thresholds))) for share in CHECKPOINTS]


def _series(rows: Iterable[SeriesRow]) -> Series:
    series: dict[tuple[str, str, bool, str], list[MarkedWork]] = defaultdict(list)
    for row in rows:
        series[row.group, row.period, row.earlier, row.student].append(row.work)
    return series


def _outcomes(
    tested: Sequence[tuple[str, Sequence[MarkedWork]]],
    share: Fraction,
    learnt: ForecastLearning,
    thresholds: Sequence[Fraction],
) -> Sequence[ScoredForecast]:
    """Forecasts of the series that have works left at this share: the rest of the marks is hidden."""
    split = [(group, works, max(1, floor(share * len(works) + HALF))) for group, works in tested]
    open_ = [(group, works, known) for group, works, known in split if known < len(works)]
    terms = [ForecastTerm(group, works[:known], [work.kind for work in works[known:]]) for group, works, known in open_]
    rows = forecast_chances(terms, learnt, thresholds)
    return [
        ScoredForecast(row.tolist(), _mark(works[:known], thresholds), _mark(works, thresholds))
        for row, (_, works, known) in zip(rows, open_, strict=True)
    ]


def _mark(works: Sequence[MarkedWork], thresholds: Sequence[Fraction]) -> int:
    return exact_mark_of_average(exact_average_of_works(works), thresholds)
