"""The year's mark from its terms: those that are set, the forecast of this one, and those to come (Q48).

Later terms by a robust Bayesian regression toward persistence (facts, Forecast): the next average is the last one, with
Student-t weights (ν = 4) and a ridge that holds the slope at 1 and the shift at 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, sqrt
from statistics import NormalDist

from core.model.forecast import HIGHEST, LOWEST, MARKS

FREEDOM = 4
RIDGE = 8.0
"""How many terms the belief in persistence counts for."""

USUAL_SPREAD = 0.38
ROUNDS = 8
MIDDLE = 3.7
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Persistence:
    """The next average is `MIDDLE + shift + slope · (last − MIDDLE)`, give or take `spread`."""

    shift: float = 0.0
    slope: float = 1.0
    spread: float = USUAL_SPREAD


NOTHING_KNOWN = Persistence()


def learn_persistence_of_years(pairs: Sequence[tuple[float, float]]) -> Persistence:
    """From averages of one term and the next; without any the usual persistence."""
    shift, slope, spread = 0.0, 1.0, USUAL_SPREAD
    for _ in range(ROUNDS):
        n = sx = sxx = sy = sxy = squares = 0.0
        for last, following in pairs:
            x, y = last - MIDDLE, following - last
            error = y - shift - (slope - 1) * x
            weight = (FREEDOM + 1) / (FREEDOM + (error / spread) ** 2)
            n, sx, sxx, sy, sxy = (
                n + weight,
                sx + weight * x,
                sxx + weight * x * x,
                sy + weight * y,
                sxy + weight * x * y,
            )
            squares += weight * error * error
        n, sxx = n + RIDGE, sxx + RIDGE
        both = n * sxx - sx * sx
        shift, slope = (sy * sxx - sx * sxy) / both, 1 + (n * sxy - sx * sy) / both
        spread = sqrt((squares + RIDGE * USUAL_SPREAD**2) / (len(pairs) + RIDGE))
    return Persistence(shift, slope, spread)


def forecast_year_mark(marks: Sequence[int]) -> int:
    """The mean of the terms, half up (Q56)."""
    return floor(Fraction(sum(marks), len(marks)) + HALF)


def forecast_year_sum(mark: int, terms: int) -> int:
    """The least sum of the marks of so many terms that makes the mark of the year."""
    return ceil(terms * (mark - HALF))


def forecast_year_range(known: Sequence[int], left: int) -> tuple[int, int]:
    """The worst and the best mark of the year, with `left` terms not set yet."""
    return forecast_year_mark([*known, *[LOWEST] * left]), forecast_year_mark([*known, *[HIGHEST] * left])


def forecast_year_chances(
    known: Sequence[int],
    current: Sequence[float],
    later: int,
    thresholds: Sequence[Fraction],
    persistence: Persistence = NOTHING_KNOWN,
) -> Sequence[float]:
    """The chances of 2, 3, 4 and 5 for the year, from those of this term; `later` terms follow it."""
    steps = [_next_chances(mark, thresholds, persistence) for mark in MARKS]
    # (sum of marks so far, mark of the last term) → chance
    states = {(sum(known) + mark, mark): chance for mark, chance in zip(MARKS, current, strict=True)}
    for _ in range(later):
        following: dict[tuple[int, int], float] = {}
        for (total, last), chance in states.items():
            for mark, step in zip(MARKS, steps[last - LOWEST], strict=True):
                following[total + mark, mark] = following.get((total + mark, mark), 0.0) + chance * step
        states = following
    terms = len(known) + 1 + later
    result = [0.0] * len(MARKS)
    for (total, _), chance in states.items():
        result[floor(Fraction(total, terms) + HALF) - LOWEST] += chance
    return result


def _next_chances(last: int, thresholds: Sequence[Fraction], persistence: Persistence) -> Sequence[float]:
    middle = MIDDLE + persistence.shift + persistence.slope * (last - MIDDLE)
    at_least = [1.0, *(1 - NormalDist(middle, persistence.spread).cdf(float(each)) for each in thresholds), 0.0]
    return [above - beyond for above, beyond in pairwise(at_least)]
