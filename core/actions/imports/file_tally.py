"""One file of the school's own tables on its way in: its faults, and how much it changes."""

from dataclasses import asdict, dataclass, field
from typing import Generic, TypeVar

from core.model.imports.reports import Problem, ReadFile

IMPORTING = "import"
"""Held by whoever brings files in, before looking who is known: two at once would each enter everybody (fault 11)."""


@dataclass(slots=True)
class TableCounts:
    """Rows that went or came, by what they are."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(asdict(self).values())


C = TypeVar("C", bound=TableCounts)


@dataclass(slots=True)
class Tally(Generic[C]):
    """One file's changes and faults; those that its reading found are there from the start."""

    file: ReadFile
    counts: C
    problems: list[Problem] = field(init=False)
    doubts: list[Problem] = field(default_factory=list)
    """What a person should look at although the file was taken."""

    def __post_init__(self) -> None:
        self.problems = list(self.file.problems)
