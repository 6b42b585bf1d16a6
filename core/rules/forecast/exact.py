"""What is needed, exactly: sums of whole numbers and fractions, no chance and no float (Q42–Q45)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from core.model.forecast import HIGHEST, LOWEST, MarkedWork, WorkKind


class Reach(StrEnum):
    """Whether a mark can still come, for the works that are expected until the end of the period."""

    SAFE = "safe"
    REACHED = "reached"
    OPEN = "open"
    IMPOSSIBLE = "impossible"


def exact_average_of_works(works: Iterable[MarkedWork]) -> Fraction:
    """Σmw/Σw. ZeroDivisionError without works."""
    points, weight = _sums_of(works)
    return Fraction(points, weight)


def _sums_of(works: Iterable[MarkedWork]) -> tuple[int, int]:
    """Σmw and Σw."""
    known = list(works)
    return sum(work.mark * work.kind.weight for work in known), sum(work.kind.weight for work in known)


def exact_mark_of_average(average: Fraction, thresholds: Sequence[Fraction]) -> int:
    """The mark that an average reaches; `thresholds` are those of 3, 4 and 5, inclusive."""
    return LOWEST + sum(average >= least for least in thresholds)


def exact_marks_needed(works: Iterable[MarkedWork], least: Fraction, *, mark: int, weight: int) -> int | None:
    """How many marks of this value and weight lift the average to `least`: k = ⌈(T·W − S) / (w·(v − T))⌉ (Q44).

    0 where it is there already; None where such marks never lift it so far.
    """
    points, total = _sums_of(works)
    missing = least * total - points
    if missing <= 0 and total:
        return 0
    if mark <= least:
        return None if mark < least or total else 1
    return max(ceil(missing / (weight * (mark - least))), 1)


def exact_marks_spared(works: Iterable[MarkedWork], least: Fraction, *, mark: int, weight: int) -> int | None:
    """How many marks of this value and weight the average outlasts at `least`: k = ⌊(S − T·W) / (w·(T − v))⌋.

    0 where the first one spoils it, or it is below already; None where such marks never spoil it.
    """
    points, total = _sums_of(works)
    if mark >= least:
        return None
    return max(floor((points - least * total) / (weight * (least - mark))), 0)


def exact_least_mark(works: Iterable[MarkedWork], least: Fraction, *, weight: int, lowest: int = LOWEST) -> int | None:
    """The lowest mark of one coming work with which the average is `least` or more; None: not even a 5."""
    points, total = _sums_of(works)
    needed = Fraction(least * (total + weight) - points, weight)
    return None if needed > HIGHEST else max(ceil(needed), lowest)


def exact_average_range(
    works: Iterable[MarkedWork], left: Iterable[WorkKind], *, lowest: int = LOWEST
) -> tuple[Fraction, Fraction]:
    """The worst and the best average that the works left can make of the marks so far (Q48)."""
    points, total = _sums_of(works)
    open_weight = sum(kind.weight for kind in left)
    whole = total + open_weight
    return Fraction(points + lowest * open_weight, whole), Fraction(points + HIGHEST * open_weight, whole)


def exact_reach_of_average(
    works: Sequence[MarkedWork], left: Sequence[WorkKind], least: Fraction, *, lowest: int = LOWEST
) -> Reach:
    """Whether the average `least` is safe whatever comes, reached as of now, open, or no longer possible (Q45)."""
    worst, best = exact_average_range(works, left, lowest=lowest)
    if best < least:
        return Reach.IMPOSSIBLE
    if worst >= least:
        return Reach.SAFE
    points, total = _sums_of(works)
    return Reach.REACHED if total and points >= least * total else Reach.OPEN
