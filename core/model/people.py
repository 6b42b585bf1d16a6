"""People: persons, students, guardianships, staff roles, and the actor of an action."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """A role of a person at the school; a person may have several, for example a teacher with a child here."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    SECRETARY = "secretary"
    DEPUTY_HEAD = "deputy_head"
    SYSTEM = "system"


STAFF = frozenset({Role.TEACHER, Role.CLASS_TEACHER, Role.SECRETARY, Role.DEPUTY_HEAD})
"""The roles of staff."""

OFFICE = frozenset({Role.SECRETARY, Role.DEPUTY_HEAD})
"""The roles that keep the register of consents and contacts."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom the school knows; `name_key` is the normalised full name by which files are matched."""

    id: int
    name: str
    name_key: str
    birth_date: date | None
    language: str
    joined_to: int | None = None
    """The entry that this second entry of the same person was joined to; it stays as history and is not found."""


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A student as needed to match files; `class_key` is "" without a class, `leaves_on` the last day at the school."""

    student_id: int
    name: str
    name_key: str
    class_name: str
    class_key: str
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True)
class Guardianship:
    """The link between a guardian and a student; `ends_on` is its last day.

    Without `access` it gives no rights: a court barred the guardian, by `document` of the date `document_on`.
    `ended_at` is when the school entered the end, which may be another day than the end itself.
    """

    id: int
    guardian_id: int
    student_id: int
    relation: str
    access: bool
    starts_on: date | None
    ends_on: date | None
    document: str | None = None
    document_on: date | None = None
    ended_at: datetime | None = None

    def has_ended(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.ends_on is not None and self.ends_on < today


@dataclass(frozen=True, slots=True)
class StaffRole:
    """A role of a staff member; `ends_on` is its last day. Class teachers and teachers have a group.

    A teacher without a subject teaches all subjects of the group.
    """

    id: int
    person_id: int
    role: Role
    group_id: int | None
    subject_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def has_ended(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.ends_on is not None and self.ends_on < today


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs an action: a person with roles; `channel` is the messenger through which they ask, if any."""

    person_id: int | None
    roles: frozenset[Role]
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person of a chat whose ownership is proven and confirmed; several persons may share a chat (Q80)."""

    actor: Actor
    name: str
    language: str


SYSTEM = Actor(person_id=None, roles=frozenset({Role.SYSTEM}))


@dataclass(frozen=True, slots=True)
class Household:
    """A student with those of the requested groups that they are in, and the names of the family and the student."""

    student_id: int
    student: str
    group_ids: frozenset[int]
    names: Mapping[int, str]
