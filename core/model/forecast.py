"""The forecast of a final mark: the works it rests on and the chances of each mark."""

from collections.abc import Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 2, 5
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
class OpenTerm:
    """One student in one subject and period: the works marked so far, and those that are still expected."""

    subject: str
    marked: Sequence[MarkedWork]
    left: Sequence[WorkKind] = ()
