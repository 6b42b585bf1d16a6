"""Recommendations of teachers, and who has read them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """For whom a recommendation is meant (Q24)."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A teacher's advice on a subject or in general (`subject_id` None)."""

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
    """A recommendation as one reader sees it: `read_at` None is unread by this reader."""

    recommendation: Recommendation
    subject: str | None
    author: str
    read_at: datetime | None
