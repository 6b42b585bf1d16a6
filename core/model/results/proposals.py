"""The final mark that the system proposes, with its reason (Q55–Q58)."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.model.results.learning import Pupil


class ProposalReason(StrEnum):
    """Why a proposal is as it is; without a proposal, why there is none."""

    AVERAGE = "average"
    YEAR = "year"
    MISSES = "misses"
    ILLNESS = "illness"
    FEW_MARKS = "few_marks"
    FIRST_GRADE = "first_grade"


DEFERRAL = "deferral"
"""The proposal of a deferral in place of a mark."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed value («2» … «5», «зач», «н/а», «осв», `DEFERRAL`) or None, and the exact average behind it.

    `marks` are the marks that count in the average, `missed` the lessons missed of the `lessons` held so far.
    """

    value: str | None
    reason: ProposalReason
    average: Fraction | None = None
    marks: int = 0
    missed: int = 0
    lessons: int = 0


@dataclass(frozen=True, slots=True)
class ProposedMark:
    """The proposal for one student in one subject, with the names for people."""

    pupil: Pupil
    subject_id: int
    subject: str
    term: str
    proposal: Proposal
