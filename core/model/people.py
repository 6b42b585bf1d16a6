"""Who is who: people, students, guardianship, staff, and the actor who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may be to the school; one person can be several (a teacher with a child here)."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    SECRETARY = "secretary"
    DEPUTY_HEAD = "deputy_head"
    SYSTEM = "system"


STAFF = frozenset({Role.TEACHER, Role.CLASS_TEACHER, Role.SECRETARY, Role.DEPUTY_HEAD})
"""What the school's list of staff may say of a person."""


OFFICE = frozenset({Role.SECRETARY, Role.DEPUTY_HEAD})
"""Who keeps the registers."""


@dataclass(frozen=True, slots=True)
class Person:
    """Anybody the school knows; `name_key` is the normalised full name that files are matched by."""

    id: int
    name: str
    name_key: str
    birth_date: date | None
    language: str
    joined_to: int | None = None
    """Whom a second entry of the same person was joined to; it stays as history and is found no more."""


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A student as the matching of files sees them; `class_key` "" without a class."""

    student_id: int
    name: str
    name_key: str
    class_name: str
    class_key: str


@dataclass(frozen=True, slots=True)
class Guardianship:
    """A dated link between a representative and a student, `ends_on` its last day.

    Without `access` the link entitles to nothing: a court barred the representative, by the `document` of that date.
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
    """A staff member's role, `ends_on` its last day; a class teacher's and a teacher's name the group.

    A teacher's may name the subject; without one they teach the class whatever it learns.
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
    """Who asks: a person with roles, over a channel when they speak through one."""

    person_id: int | None
    roles: frozenset[Role]
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks in a chat that is proven and confirmed to be theirs; several may share one (Q80)."""

    actor: Actor
    name: str
    language: str


SYSTEM = Actor(person_id=None, roles=frozenset({Role.SYSTEM}))


@dataclass(frozen=True, slots=True)
class Household:
    """A student, in which of the groups asked about, and the names of those who may be told: family and student."""

    student_id: int
    student: str
    group_ids: frozenset[int]
    names: Mapping[int, str]
