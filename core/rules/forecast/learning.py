"""What closed periods teach: how marks of a kind of work are distributed, and how much they depend on ability.

The method (facts, Forecast): a student's ability θ in a subject and period is standard normal. For a work of kind k
P(mark ≤ v | θ) = Φ((c_kv − √ρ·θ) / √(1 − ρ)) with c_kv = Φ⁻¹(share of marks ≤ v of that kind).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import erf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.model.forecast import LOWEST, MARKS, MarkedWork, WorkKind

Figures = NDArray[np.float64]
Shares = tuple[float, ...]

DEFAULT_SHARES: Shares = (0.06, 0.27, 0.40, 0.27)
"""Shares of 2, 3, 4 and 5 where nothing is known."""

STRENGTH = 8.0
"""How many marks the wider level counts for: kind → subject → school → default."""

DEFAULT_RHO = 0.4
RHO_GRID = tuple(step / 20 for step in range(3, 16))
RHO_DOUBT = 60.0
"""How strongly ρ is held at its default: the log-likelihood lost at a distance of 1 is this number times its square."""

POINTS: Figures = np.linspace(-3.5, 3.5, 29)
"""The abilities on which is summed."""

_DENSITY = np.exp(-(POINTS**2) / 2)
PRIOR: Figures = _DENSITY / _DENSITY.sum()
_normal_cdf = np.frompyfunc(lambda at: (1 + erf(at / sqrt(2))) / 2, 1, 1)


@dataclass(frozen=True, slots=True)
class ForecastLearning:
    """Shares of 2 … 5 by kind and by subject, and ρ. `of_kind` falls back to the subject, the school, the default."""

    by_kind: Mapping[tuple[str, WorkKind], Shares] = field(default_factory=dict)
    by_subject: Mapping[str, Shares] = field(default_factory=dict)
    overall: Shares = DEFAULT_SHARES
    rho: float = DEFAULT_RHO

    def of_kind(self, subject: str, kind: WorkKind) -> Shares:
        """The shares of 2 … 5 of a kind of work."""
        return self.by_kind.get((subject, kind)) or self.by_subject.get(subject) or self.overall


NOTHING_LEARNT = ForecastLearning()


def learn_forecast(
    series: Iterable[tuple[str, Sequence[MarkedWork]]], *, strength: float = STRENGTH
) -> ForecastLearning:
    """Learns from the works of closed periods: one (subject, works of one student in one period) each."""
    known = list(series)
    kinds: dict[tuple[str, WorkKind], Counter[int]] = defaultdict(Counter)
    subjects: dict[str, Counter[int]] = defaultdict(Counter)
    overall: Counter[int] = Counter()
    for subject, works in known:
        for work in works:
            kinds[subject, work.kind][work.mark] += 1
            subjects[subject][work.mark] += 1
            overall[work.mark] += 1
    school = _shrunk(overall, DEFAULT_SHARES, strength)
    by_subject = {name: _shrunk(counts, school, strength) for name, counts in subjects.items()}
    by_kind = {key: _shrunk(counts, by_subject[key[0]], strength) for key, counts in kinds.items()}
    shares = ForecastLearning(by_kind, by_subject, school)
    return ForecastLearning(by_kind, by_subject, school, _likeliest_rho(known, shares))


def _shrunk(counts: Counter[int], wider: Shares, strength: float) -> Shares:
    """Dirichlet: the wider level counts for `strength` marks."""
    total = counts.total() + strength
    return tuple((counts[mark] + strength * share) / total for mark, share in zip(MARKS, wider, strict=True))


def _likeliest_rho(known: Sequence[tuple[str, Sequence[MarkedWork]]], shares: ForecastLearning) -> float:
    """Maximum likelihood on the closed periods, held at the default while they are few."""
    table = ForecastLearningTable(shares)
    counts = table.count_marks(known)
    if not counts.size:
        return DEFAULT_RHO

    def score(rho: float) -> float:
        likelihood = np.exp(counts @ table.log_chances(rho)) @ PRIOR
        return float(np.log(likelihood).sum()) - RHO_DOUBT * (rho - DEFAULT_RHO) ** 2

    return max(RHO_GRID, key=score)


class ForecastLearningTable:
    """The kinds of work that occur, numbered, with the chance of each mark at each ability."""

    def __init__(self, learnt: ForecastLearning) -> None:
        self.learnt = learnt
        self._numbers: dict[tuple[str, WorkKind], int] = {}

    def number(self, subject: str, kind: WorkKind) -> int:
        """The number of a kind, a new one for a new kind."""
        return self._numbers.setdefault((subject, kind), len(self._numbers))

    def count_marks(self, known: Sequence[tuple[str, Sequence[MarkedWork]]]) -> Figures:
        """By student, how often each mark of each kind occurred: a column is 4 · kind + mark − 2."""
        rows, columns = [], []
        for row, (subject, works) in enumerate(known):
            for work in works:
                rows.append(row)
                columns.append(self.number(subject, work.kind) * len(MARKS) + max(work.mark, LOWEST) - LOWEST)
        counts = np.zeros((len(known), len(self._numbers) * len(MARKS)))
        np.add.at(counts, (rows, columns), 1)
        return counts

    def log_chances(self, rho: float) -> Figures:
        """Logarithms of the chances of each mark, a row as in `count_marks`, a column an ability."""
        tables = [learnt_mark_chances(self.learnt.of_kind(*key), rho) for key in self._numbers]
        return np.log(np.concatenate(tables) if tables else np.ones((0, POINTS.size)))


@cache
def learnt_mark_chances(shares: Shares, rho: float) -> Figures:
    """The chance of 2, 3, 4 and 5 (rows) at each ability (columns)."""
    below = np.cumsum(shares)[:-1].clip(1e-6, 1 - 1e-6)
    cuts = np.array([NormalDist().inv_cdf(float(each)) for each in below])
    at_most = _normal_cdf((cuts[:, None] - sqrt(rho) * POINTS) / sqrt(1 - rho)).astype(float)
    edges = np.vstack([np.zeros(POINTS.size), at_most, np.ones(POINTS.size)])
    chances: Figures = np.diff(edges, axis=0).clip(1e-12)
    return chances
