"""Homework: what was given, its files and its changes."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Homework:
    """Homework due at a group's lesson of a subject on a date; withdrawn homework stays visible as such (Q23).

    `given_by` None: it was imported from the e-journal.
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
class HomeworkVersion:
    """A former text of a homework; `changed_by` None: an import changed it."""

    id: int
    homework_id: int
    before: str
    changed_at: datetime
    changed_by: int | None


@dataclass(frozen=True, slots=True)
class HomeworkFile:
    """A file of a homework, stored by the messenger `channel`; `reference` is its id there, valid for this bot only."""

    id: int
    homework_id: int
    name: str
    media_type: str
    reference: str
    channel: str


@dataclass(frozen=True, slots=True)
class AssignedHomework:
    """A homework with its subject, teacher and files; `was` is its former text (None: never changed)."""

    homework: Homework
    subject: str
    teacher: str | None
    was: str | None
    files: tuple[HomeworkFile, ...]
