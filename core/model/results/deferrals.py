"""Deferrals of a final mark for illness (Q53)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DeferralEnd(StrEnum):
    """What ended a deferral: a final mark, н/а, or a further deferral (Q53)."""

    MARK = "mark"
    NOT_ASSESSED = "not_assessed"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Deferral:
    """A later date for one student's final mark in one subject and term, on the ground of illness (Q53).

    `ill_from` and `ill_to` are inclusive, `due_on` is the last day for the mark; `document` proves the illness,
    `decision` granted the deferral. While `ended_at` is empty it is in force, also after `due_on`.
    """

    id: int
    student_id: int
    subject_id: int
    year_id: int
    term: str
    ill_from: date
    ill_to: date
    document: str
    decision: str
    due_on: date
    granted_by: int | None
    granted_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = None
    ended_as: DeferralEnd | None = None
