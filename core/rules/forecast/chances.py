"""The chances of each final mark of a period: ability from the marks so far, the rest as an exact convolution (Q41)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd

import numpy as np

from core.model.forecast import HIGHEST, LOWEST, MARKS, ForecastTerm, WorkKind
from core.rules.forecast.learning import (
    POINTS,
    PRIOR,
    Figures,
    ForecastLearning,
    ForecastLearningTable,
    learnt_mark_chances,
)

STEPS = HIGHEST - LOWEST


def forecast_chances(
    terms: Sequence[ForecastTerm], learnt: ForecastLearning, thresholds: Sequence[Fraction]
) -> Figures:
    """A row for each term: the chances of 2, 3, 4 and 5, which sum to 1.

    `thresholds` are the least averages of 3, 4 and 5, inclusive; they are compared in whole numbers. With no works left
    the row is the rule itself. A term needs a mark or a work that is left.
    """
    abilities = _posteriors(terms, learnt)
    result = np.zeros((len(terms), len(MARKS)))
    for rows in _rows_by_plan(terms).values():
        first = terms[rows[0]]
        tails = _tails(first, learnt)
        unit = _unit(first.left)
        last = tails.shape[1] - 1
        needs = np.array([_needed_steps(terms[row], thresholds, unit) for row in rows]).clip(0, last)
        # tails[θ, s] is the chance of at least s steps above the lowest mark
        reached = np.einsum("rp,prt->rt", abilities[rows], tails[:, needs])
        reached = np.where(needs == 0, 1.0, np.where(needs == last, 0.0, reached))
        result[rows] = -np.diff(np.hstack([np.ones((len(rows), 1)), reached, np.zeros((len(rows), 1))]), axis=1)
    return result


def _posteriors(terms: Sequence[ForecastTerm], learnt: ForecastLearning) -> Figures:
    """By term, how likely each ability of `POINTS` is after the marks so far."""
    table = ForecastLearningTable(learnt)
    counts = table.count_marks([(each.subject, each.marked) for each in terms])
    logs = counts @ table.log_chances(learnt.rho)
    weights: Figures = PRIOR * np.exp(logs - logs.max(axis=1, keepdims=True))
    likely: Figures = weights / weights.sum(axis=1, keepdims=True)
    return likely


def _rows_by_plan(terms: Sequence[ForecastTerm]) -> dict[tuple[str, frozenset[tuple[WorkKind, int]]], list[int]]:
    """The terms that have the same works left: their rest is summed once."""
    plans: dict[tuple[str, frozenset[tuple[WorkKind, int]]], list[int]] = defaultdict(list)
    for row, each in enumerate(terms):
        plans[each.subject, frozenset(Counter(each.left).items())].append(row)
    return plans


def _unit(left: Sequence[WorkKind]) -> int:
    return reduce(gcd, (kind.weight for kind in left), 0) or 1


def _tails(term: ForecastTerm, learnt: ForecastLearning) -> Figures:
    """For each ability the chance that the works left bring at least s units above the lowest mark.

    The last column is 0: more than the best marks bring.
    """
    unit = _unit(term.left)
    sums = np.ones((POINTS.size, 1))
    for kind in term.left:
        weight = kind.weight // unit
        of_mark = learnt_mark_chances(learnt.of_kind(term.subject, kind), learnt.rho)
        wider = np.zeros((POINTS.size, sums.shape[1] + STEPS * weight))
        for step in range(STEPS + 1):
            wider[:, step * weight : step * weight + sums.shape[1]] += of_mark[step][:, None] * sums
        sums = wider
    tails = np.cumsum(sums[:, ::-1], axis=1)[:, ::-1]
    return np.hstack([tails / tails[:, :1], np.zeros((POINTS.size, 1))])


def _needed_steps(term: ForecastTerm, thresholds: Sequence[Fraction], unit: int) -> list[int]:
    """How many units above the lowest mark the works left must bring for 3, 4 and 5 (at most 0: is safe)."""
    left = sum(kind.weight for kind in term.left)
    weight = left + sum(work.kind.weight for work in term.marked)
    points = LOWEST * left + sum(work.kind.weight * work.mark for work in term.marked)
    return [
        -((points * least.denominator - least.numerator * weight) // (least.denominator * unit)) for least in thresholds
    ]
