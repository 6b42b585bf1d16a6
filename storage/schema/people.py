"""Persons, students, guardianship, staff."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from core.model.people import Role
from storage.database.types import DayType, MomentType, WordType
from storage.schema.names import metadata, schema_partial_index


class PersonColumns(TypedColumns):
    """`adult_on`: the 18th birthday, computed from `birth_date` whenever that is set (Q8)."""

    id: Named[int] = Column(primary_key=True)
    name: Named[str]
    name_key: Named[str] = Column(index=True)
    birth_date: Named[date | None] = Column(DayType)
    language: Named[str]
    joined_to: Named[int | None] = Column(ForeignKey("person.id"))
    adult_on: Named[date | None] = Column(DayType)


class FormerNameColumns(TypedColumns):
    """A name that a person bore before, or was entered under a second time: lists that still bear it are in doubt."""

    person_id: Named[int] = Column(ForeignKey("person.id"), primary_key=True)
    name_key: Named[str] = Column(primary_key=True)


class StudentColumns(TypedColumns):
    """A student is a person under the same id."""

    id: Named[int] = Column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    leaves_on: Named[date | None] = Column(DayType)
    own_account: Named[bool]


class GuardianshipColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    guardian_id: Named[int] = Column(ForeignKey("person.id"))
    student_id: Named[int] = Column(ForeignKey("student.id"), index=True)
    relation: Named[str]
    access: Named[bool]
    starts_on: Named[date | None] = Column(DayType)
    ends_on: Named[date | None] = Column(DayType)
    document: Named[str | None]
    document_on: Named[date | None] = Column(DayType)
    ended_at: Named[datetime | None] = Column(MomentType)


class StaffRoleColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    role: Named[Role] = Column(WordType(Role))
    group_id: Named[int | None] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int | None] = Column(ForeignKey("subject.id"))
    starts_on: Named[date | None] = Column(DayType)
    ends_on: Named[date | None] = Column(DayType)


IN_FORCE = "ends_on IS NULL"

person = Table("person", metadata, PersonColumns)
student = Table("student", metadata, StudentColumns)
former_name = Table("former_name", metadata, FormerNameColumns)
guardianship = Table(
    "guardianship",
    metadata,
    GuardianshipColumns,
    Index(None, "guardian_id", "student_id"),
    schema_partial_index("uq_guardianship_open", "guardian_id", "student_id", where=IN_FORCE, unique=True),
)
staff_role = Table(
    "staff_role",
    metadata,
    StaffRoleColumns,
    UniqueConstraint("person_id", "role", "group_id", "subject_id"),
    schema_partial_index(
        "uq_staff_role_bare", "person_id", "role", where="group_id IS NULL AND subject_id IS NULL", unique=True
    ),
    schema_partial_index(
        "uq_staff_role_group", "person_id", "role", "group_id", where="subject_id IS NULL", unique=True
    ),
    schema_partial_index(
        "uq_staff_role_subject", "person_id", "role", "subject_id", where="group_id IS NULL", unique=True
    ),
)
"""No value equals none in a unique key, so each kind of role that names less has a key of its own."""
