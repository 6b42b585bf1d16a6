"""What to tell of a forecast: the likeliest mark, what a supposed mark would change, what is worth telling."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from core.model.forecast import (
    HIGHEST,
    LATEST_OF_ALL,
    LOWEST,
    LOWEST_OF_ALL,
    MARKS,
    Forecast,
    ForecastTerm,
    MarkedWork,
    WorkKind,
)

STEP = 5
"""Percentages are rounded to this."""

MOST_BEFORE_HALF = 95
EDGE = Fraction(1, 10)
"""An average this near to a threshold is on its edge."""

UNSURE = 0.7
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class AdviceSupposition:
    """A mark that a family supposes, for a usual work or for the heaviest kind; `more` are further ones after it.

    `is_always`: every work that is still expected brings it.
    """

    mark: int
    is_heavy: bool = False
    more: Sequence[int] = ()
    is_always: bool = False
    works: Sequence[str] = ()
    """The beginnings of the names of kinds of works that they are for, one for all or one for each mark."""

    instead: int | None = None
    """The mark whose place it takes, `LATEST_OF_ALL` or `LOWEST_OF_ALL`; of the same value: that mark goes."""

    @property
    def marks(self) -> Sequence[int]:
        """All of them, in their order."""
        return (self.mark, *self.more)


def usual_kind_for_advice(term: ForecastTerm) -> WorkKind | None:
    """The kind of work that comes most often; of equal ones the lighter. None without any work."""
    kinds = Counter(term.left or [work.kind for work in term.marked])
    return min((kind for kind in kinds if kind.weight), key=lambda kind: (-kinds[kind], kind.weight), default=None)


def heaviest_kind_for_advice(term: ForecastTerm) -> WorkKind | None:
    """The kind with the greatest weight among the works so far and those expected; None where all weigh alike."""
    kinds = {*term.left, *(work.kind for work in term.marked)}
    heaviest = max(kinds, key=lambda kind: (kind.weight, kind.name), default=None)
    usual = usual_kind_for_advice(term)
    return heaviest if heaviest and usual and heaviest.weight > usual.weight else None


def possible_works_for_advice(forecast: Forecast) -> list[WorkKind]:
    """The works that could still be marked: each lesson left may bring a mark, not only the expected ones (Q45)."""
    left, kind = list(forecast.term.left), usual_kind_for_advice(forecast.term)
    return left + [kind] * max(forecast.lessons_left - len(left), 0) if kind is not None else left


def resolve_supposition_for_advice(term: ForecastTerm, supposed: AdviceSupposition) -> AdviceSupposition:
    """The same with the latest or the lowest mark of the term where that one is meant."""
    if supposed.instead not in {LATEST_OF_ALL, LOWEST_OF_ALL} or not term.marked:
        return supposed
    marks = [work.mark for work in _works_called(term, supposed)]
    old = min(marks) if supposed.instead == LOWEST_OF_ALL else marks[-1]
    return replace(supposed, mark=old if supposed.mark == supposed.instead else supposed.mark, instead=old)


def suppose_marks_for_advice(term: ForecastTerm, supposed: AdviceSupposition) -> ForecastTerm:
    """The term with these marks, each of which takes the place of a work that was expected."""
    kinds = supposed_kinds_for_advice(term, supposed)
    if not kinds:
        return term
    supposed = resolve_supposition_for_advice(term, supposed)
    if supposed.instead is not None:
        return _replaced(term, supposed)
    if supposed.is_always:
        return replace(term, marked=[*term.marked, *(MarkedWork(each, supposed.mark) for each in term.left)], left=[])
    left = list(term.left)
    for kind in kinds:
        if kind in left:
            left.remove(kind)
        elif left:
            left.pop()
    new = [MarkedWork(kind, mark) for kind, mark in zip(kinds, supposed.marks, strict=True)]
    return replace(term, marked=[*term.marked, *new], left=left)


def _works_called(term: ForecastTerm, supposed: AdviceSupposition) -> Sequence[MarkedWork]:
    """The works so far of the kind that is named; all where none is, or no work is called so."""
    named = [work for work in term.marked if supposed.works and _is_called(work.kind.name, supposed.works[0])]
    return named or term.marked


def _replaced(term: ForecastTerm, supposed: AdviceSupposition) -> ForecastTerm:
    """The term with the latest such mark replaced, or taken away; as it is without one."""
    meant = [work for work in _works_called(term, supposed) if work.mark == supposed.instead]
    place = max((place for place, work in enumerate(term.marked) if work in meant), default=None)
    if place is None:
        return term
    new = [MarkedWork(term.marked[place].kind, supposed.mark)] if supposed.mark != supposed.instead else []
    return replace(term, marked=[*term.marked[:place], *new, *term.marked[place + 1 :]])


def supposed_kinds_for_advice(term: ForecastTerm, supposed: AdviceSupposition) -> Sequence[WorkKind]:
    """The kind of work of each mark that is supposed; () without any work."""
    marks = len(supposed.marks)
    works = supposed.works if len(supposed.works) == marks else [*supposed.works[:1], ""][:1] * marks
    kinds = [_supposed_kind(term, work, is_heavy=supposed.is_heavy) for work in works]
    return [kind for kind in kinds if kind is not None]


def _supposed_kind(term: ForecastTerm, work: str, *, is_heavy: bool) -> WorkKind | None:
    """The kind of that name, else the heaviest where it is meant and differs, else the usual one.

    An unknown kind weighs as the usual one does, but is not called so.
    """
    named = _named_kind(term, work) if work else None
    other = (heaviest_kind_for_advice(term) if is_heavy else None) or usual_kind_for_advice(term)
    return named or (other and replace(other, name="") if work and not is_heavy else other)


def _named_kind(term: ForecastTerm, work: str) -> WorkKind | None:
    """The commonest kind with a word that begins so: among the student's own, those expected, the class's others."""
    for kinds in ([each.kind for each in term.marked], term.left, *term.known):
        like = Counter(kind for kind in kinds if kind.weight and _is_called(kind.name, work))
        if like:
            return max(like, key=lambda kind: (like[kind], kind.weight, kind.name))
    return None


def _is_called(name: str, work: str) -> bool:
    plain = name.casefold().replace("ё", "е")
    return any(word.startswith(work) for word in re.findall(r"\w+", plain))


def likeliest_mark_for_advice(forecast: Forecast) -> int | None:
    """The mark with the greatest chance; of equal ones the lower. None: not enough data."""
    if forecast.chances is None:
        return None
    return max(MARKS, key=lambda mark: (chance_for_advice(forecast, mark), -mark))


def coming_mark_for_advice(forecast: Forecast) -> int | None:
    """The mark that is set, else the likeliest; None: neither."""
    if forecast.set_mark is not None:
        return int(forecast.set_mark) if forecast.set_mark.isdecimal() else None
    return likeliest_mark_for_advice(forecast)


def is_advice_unclear(forecast: Forecast, thresholds: list[Fraction]) -> bool:
    """Whether the mark is still open: no mark is likely enough, or the average is on an edge."""
    mark = likeliest_mark_for_advice(forecast)
    if forecast.set_mark is not None or mark is None:
        return False
    return chance_for_advice(forecast, mark) < UNSURE or is_advice_on_edge(forecast, thresholds)


def chance_for_advice(forecast: Forecast, mark: int) -> float:
    """The chance of a mark; 0 without a forecast."""
    return forecast.chances[mark - LOWEST] if forecast.chances else 0.0


def percent_for_advice(chance: float, *, is_before_half: bool) -> int:
    """A percentage as people see it: rounded to 5, before half of the period at most 95."""
    percent = STEP * floor(Fraction(chance) * 100 / STEP + HALF)
    return min(percent, MOST_BEFORE_HALF) if is_before_half else percent


def is_advice_on_edge(forecast: Forecast, thresholds: list[Fraction]) -> bool:
    """Whether the average is within `EDGE` of a threshold."""
    return forecast.average is not None and any(abs(forecast.average - least) <= EDGE for least in thresholds)


def is_advice_worth_telling(forecast: Forecast, thresholds: list[Fraction], *, is_last_call: bool) -> bool:
    """Whether a family should hear of it: a «2», н/а, an edge, no clear mark; near the end whatever is still open."""
    if forecast.set_mark is not None:
        return False
    if forecast.not_assessed:
        return True
    mark = likeliest_mark_for_advice(forecast)
    if mark is None:
        return False
    is_open = chance_for_advice(forecast, mark) < UNSURE
    if is_last_call:
        return mark < HIGHEST or is_open
    return mark == LOWEST or is_open or is_advice_on_edge(forecast, thresholds)
