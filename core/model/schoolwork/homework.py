"""Homework: what was given, its files and its changes."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Homework:
    """What is due at a group's lesson of a subject on a date; a withdrawn one stays visible as such (Q23).

    `given_by` None: the e-journal brought it.
    """

    id: int
    group_id: int
    subject_id: int
    due_on: date
    text: str
    given_by: int | None
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class HomeworkFile:
    """A file of a homework as the messenger keeps it: `reference` is its own number for it, good for this bot only."""

    id: int
    homework_id: int
    name: str
    media_type: str
    reference: str


@dataclass(frozen=True, slots=True)
class AssignedHomework:
    """A homework as it is shown: subject, who gave it, what it said before (None: never changed), its files."""

    homework: Homework
    subject: str
    teacher: str | None
    was: str | None
    files: tuple[HomeworkFile, ...]
