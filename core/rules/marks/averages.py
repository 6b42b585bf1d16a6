"""The average of marks and the mark it stands for, exact: no float, no banker's rounding (Q42, Q43)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from core.model.marks.entries import Entry, EntryKind

_UNWEIGHTED = Fraction(1)


def weighted_average(entries: Iterable[Entry]) -> Fraction | None:
    """Σmw/Σw over the scores; зач/незач, осв, absences and debts do not count (Q28, Q43). None without a score.

    Where every weight is 0 or unknown it is the plain mean, as e-journals print it; an unknown weight beside known ones
    counts as 1.
    """
    scores = [entry for entry in entries if entry.kind is EntryKind.SCORE]
    weights = [_UNWEIGHTED if entry.weight is None else Fraction(entry.weight) for entry in scores]
    if not any(entry.weight for entry in scores):
        weights = [_UNWEIGHTED] * len(scores)
    total = sum(weights)
    if not total:
        return None
    return sum((int(entry.value) * weight for entry, weight in zip(scores, weights, strict=True)), Fraction()) / total


def mark_for_average(average: Fraction, thresholds: Sequence[Decimal]) -> int:
    """The mark that an average reaches: `thresholds` of 3, 4 and 5 in this order, inclusive; below the first it is 2.

    With 2.6, 3.6, 4.6 an average of 4.60 is 5 and 4.59 is 4 (Q42).
    """
    return 2 + sum(average >= Fraction(least) for least in thresholds)


def format_average(average: Fraction, *, point: str = ",") -> str:
    """Two digits after the decimal comma (in English a point), halves up: 3.425 is «3,43»."""
    hundredths = floor(average * 100 + Fraction(1, 2))
    return f"{hundredths // 100}{point}{hundredths % 100:02}"


def format_weight(weight: Decimal, *, point: str = ",") -> str:
    """As the journal gives it, without zeros behind: «1,5»."""
    return f"{weight.normalize():f}".replace(".", point)
