"""The forecast of a final mark: the works it rests on and the chances of each mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

LOWEST, HIGHEST = 2, 5
LATEST_OF_ALL, LOWEST_OF_ALL = 0, 1
"""In place of a mark: the latest or the lowest one that the student has."""

MARKS = (2, 3, 4, 5)
"""The final marks, in the order in which chances are given."""


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of work: the name that the journal gives it, and its weight."""

    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class MarkedWork:
    """A work of a kind with its mark."""

    kind: WorkKind
    mark: int


@dataclass(frozen=True, slots=True)
class AnnouncedWork:
    """A control work that is planned; it is among the works that are still expected."""

    on: date
    kind: WorkKind


@dataclass(frozen=True, slots=True)
class ForecastTerm:
    """One student in one subject and period: the works marked so far, and those that are still expected."""

    subject: str
    marked: Sequence[MarkedWork]
    left: Sequence[WorkKind] = ()
    known: Sequence[Sequence[WorkKind]] = ()
    """The class's works in this subject, and in all: what a kind weighs that the student has not had."""

    @property
    def weight(self) -> int:
        """The weight of the works marked so far; 0: there is no average yet."""
        return sum(work.kind.weight for work in self.marked)


LEAST_MARKS = 3
"""Fewer marks are not enough data: no figure is shown (Q46)."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where one student's mark of a term is heading (Q41).

    `term` holds the marks that count and the works that are still expected; its weights are whole numbers, `scale` of
    them make 1. `chances` are those of 2, 3, 4 and 5; None: not enough data. `average` None: no mark yet.
    `set_mark`: the final mark that is set already. `not_assessed`: today it would be н/а.
    `earlier` are final marks of the year's other terms that are set, `later` the number of terms that follow.
    `announced` are planned control works, which `term.left` holds too.
    """

    student_id: int
    student: str
    class_id: int
    school_class: str
    subject_id: int
    subject: str
    period: str
    since: date
    until: date
    on: date
    term: ForecastTerm
    scale: int
    lessons_left: int
    average: Fraction | None
    chances: Sequence[float] | None
    year_chances: Sequence[float] | None = None
    earlier: Sequence[int] = ()
    later: int = 0
    set_mark: str | None = None
    not_assessed: bool = False
    announced: Sequence[AnnouncedWork] = ()

    @property
    def is_before_half(self) -> bool:
        """Whether less than half of the period is over."""
        return 2 * (self.on - self.since).days < (self.until - self.since).days
