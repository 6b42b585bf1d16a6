"""A class's final marks in one subject of a term, as a teacher sets them (Q55)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.results.proposals import ProposedMark
from core.model.year import TeachingGroup


@dataclass(frozen=True, slots=True)
class FinalTerm:
    """A term of the school year that a person can choose.

    `number` stands for it in a button: 0, 1, 2 for year, exam and final, above them a reporting period's id.
    """

    number: int
    name: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class ClassFinalsRow:
    """A student with the proposal, the mark in force and an open deferral.

    `may_set`: the actor teaches them the subject; `is_led`: the actor leads their class or the school.
    """

    proposed: ProposedMark
    mark: PeriodMark | None
    deferral: Deferral | None
    may_set: bool
    is_led: bool = False

    @property
    def value(self) -> str | None:
        """The mark in force; None where none was set or it was annulled."""
        return None if self.mark is None else self.mark.value

    @property
    def version(self) -> int:
        """The version before the reader's eyes, 0 before the first one."""
        return 0 if self.mark is None else self.mark.version

    @property
    def is_settled(self) -> bool:
        """Whether a mark or a deferral is there, so that the term lacks nothing of this student."""
        return self.value is not None or self.deferral is not None


@dataclass(frozen=True, slots=True)
class FinalsPage:
    """The students of a group in a subject and term; `terms` are those of the group in this subject."""

    group: TeachingGroup
    subject_id: int
    subject: str
    term: FinalTerm
    terms: Sequence[FinalTerm]
    is_closed: bool
    rows: Sequence[ClassFinalsRow]


@dataclass(frozen=True, slots=True)
class OpenedFinal:
    """One student's row of a page, with the history of the mark."""

    page: FinalsPage
    row: ClassFinalsRow
    versions: Sequence[PeriodMarkVersion]
