"""Makes what a forecast rests on from entries of the journal: marks that count, and the works that are still expected.

The number of works left is the class's pace so far (marks per student and lesson of the subject) times the lessons
left; their kinds are those of the class in this term, in proportion.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor, lcm

from core.model.forecast import MarkedWork, WorkKind
from core.model.marks.entries import Entry, EntryKind
from core.rules.marks.tokens import token_kind

HALF = Fraction(1, 2)
FINEST = 100
"""Weights of works that are only expected are rounded to hundredths, so that sums stay short."""

STEM = 8
"""Letters of the name of a kind of work that are compared: «контроль», «лаборато»."""

MOST_LEFT = 40
"""More expected works than any term has; a wrong timetable makes no endless sum."""


def prepared_visible_scores(entries: Iterable[Entry]) -> list[Entry]:
    """The scores that guardians see now: a change that waits for its publication does not show in a forecast."""
    seen = (replace(each, value=each.seen, kind=token_kind(each.seen)) for each in entries if each.seen is not None)
    return [each for each in seen if each.kind is EntryKind.SCORE]


def prepared_weight_scale(scores: Iterable[Entry]) -> int:
    """The number by which all weights become whole numbers."""
    return lcm(FINEST, *(Fraction(each.weight).denominator for each in scores if each.weight is not None))


def prepared_marked_works(scores: Sequence[Entry], scale: int) -> list[MarkedWork]:
    """The scores of one student, subject and term as works; without any weight all weigh 1 (Q43)."""
    is_weighted = any(each.weight for each in scores)
    weights = [each.weight if is_weighted and each.weight is not None else 1 for each in scores]
    return [
        MarkedWork(WorkKind(each.work_kind or "", int(Fraction(weight) * scale)), int(each.value))
        for each, weight in zip(scores, weights, strict=True)
    ]


def count_prepared_works_left(class_works: int, students: int, lessons: int, lessons_left: int) -> int:
    """Works that a student still gets, by the class's pace; at least one while there are lessons.

    Where the class has no marks yet it is a work every other lesson.
    """
    if not lessons_left:
        return 0
    pace = Fraction(class_works, students * lessons) if students and lessons else HALF
    return min(max(floor(pace * lessons_left + HALF), 1), MOST_LEFT)


def prepared_expected_works(kinds: Mapping[WorkKind, int], count: int, scale: int) -> list[WorkKind]:
    """So many works of these kinds, in proportion to how often they came; the greatest remainders are rounded up."""
    weighing = {kind: n for kind, n in kinds.items() if kind.weight}
    total = sum(weighing.values())
    if not total:
        return [WorkKind("", scale)] * count
    shares = {kind: Fraction(n * count, total) for kind, n in weighing.items()}
    whole = Counter({kind: floor(share) for kind, share in shares.items()})
    in_order = sorted(shares, key=lambda kind: (whole[kind] - shares[kind], -weighing[kind], kind.name, kind.weight))
    whole.update(in_order[: count - whole.total()])
    unit = scale // FINEST
    return [WorkKind(kind.name, max(kind.weight // unit, 1) * unit) for kind in whole.elements()]


def prepared_announced_kind(name: str, kinds: Mapping[WorkKind, int]) -> WorkKind | None:
    """The kind of a planned control work among those that the class has had; None where no kind has such a name.

    Names are compared by their beginnings, «Контрольная работа» and «контрольная» are one; the commonest counts.
    """
    like = [kind for kind in kinds if kind.weight and _stem(kind.name) and _stem(kind.name) == _stem(name)]
    return max(like, key=lambda kind: (kinds[kind], kind.weight, kind.name), default=None)


def _stem(name: str) -> str:
    return name.strip().casefold().replace("ё", "е")[:STEM]


def prepared_works_with_announced(left: Sequence[WorkKind], announced: Sequence[WorkKind]) -> list[WorkKind]:
    """The works that are expected, with those that are announced among them.

    An announced work takes the place of an expected one of its kind, else of the last one; it is added where none is
    left.
    """
    rest = list(left)
    for kind in announced:
        if kind in rest:
            rest.remove(kind)
        elif rest:
            rest.pop()
    return [*announced, *rest]
