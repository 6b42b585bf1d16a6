"""Rows of the school's own lists of people, as read from tables; `row` is the row number, for later problems."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.model.people import Role
from core.model.register.consents import Decision
from core.model.year import GroupKind

BY_CODE = "+"
"""In the column of a messenger: the family wants it, and the chat is bound later by a one-time code (Q82)."""


class PeopleKind(StrEnum):
    """The four lists, each recognised by its header."""

    STUDENTS = "students"
    GUARDIANS = "guardians"
    STAFF = "staff"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student of the school; `leaves_on` is the last day."""

    row: int
    student: str
    birth_date: date | None
    school_class: str
    leaves_on: date | None


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardian of one student, with the contacts and the consent of the signed form, if there is one.

    `telegram` and `max` are ids of chats or `BY_CODE`, `email` an address, `phone` E.164; `paper`: the family wants
    paper. The form (number, date, who accepted it) confirms the row's contacts in writing (R7) and is the document of
    the consent (Q1).
    `access` False: a court barred the guardian; None: the row says nothing about it.
    `ends_on` is the last day of the guardianship. `processors`: the channels whose processors the form names; None: the
    row does not say it.
    """

    row: int
    guardian: str
    student: str
    school_class: str | None
    relation: str
    telegram: str | None
    email: str | None
    phone: str | None
    paper: bool
    consent: Decision | None
    form_no: str | None
    form_date: date | None
    confirmed_by: str | None
    access: bool | None = None
    ends_on: date | None = None
    max: str | None = None
    processors: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A staff member in one role; a class teacher's names the class, a teacher's may name class and subject.

    `ends_on` is the role's last day.
    """

    row: int
    person: str
    role: Role
    school_class: str | None
    subject: str | None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One student's place in a teaching group; a group without students has one row with `student` None."""

    row: int
    group: str
    kind: GroupKind
    subject: str | None
    teacher: str | None
    student: str | None
    school_class: str | None


PersonRow = StudentRow | GuardianRow | StaffRow | GroupRow


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """One list of people; all its rows are of the kind's own type."""

    kind: PeopleKind
    sheet: str | None
    rows: tuple[PersonRow, ...]
