"""Recommendations of teachers, and who has read them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """The readers of a recommendation (Q24)."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A teacher's recommendation on a subject, or in general (`subject_id` None)."""

    id: int
    student_id: int
    subject_id: int | None
    author_id: int
    audience: Audience
    text: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadRecommendation:
    """A recommendation for one reader; `read_at` None: this reader has not read it."""

    recommendation: Recommendation
    subject: str | None
    author: str
    read_at: datetime | None
