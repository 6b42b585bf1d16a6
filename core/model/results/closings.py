"""The closing of terms, and the council's decisions at the end of a year (Q52, Q65)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TermClosing:
    """An entry that closes a term for the whole school, or reopens it with a reason; the last entry counts (Q52)."""

    id: int
    year_id: int
    term: str
    closed: bool
    at: datetime
    by: int | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CouncilDecision:
    """What the teachers' council decided on a student at the end of a year; the last entry counts (Q65)."""

    id: int
    student_id: int
    year_id: int
    text: str
    protocol_no: str
    protocol_on: date
    made_by: int | None
    made_at: datetime
