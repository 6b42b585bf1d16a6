"""Persons, students, guardianship, staff."""

from datetime import date

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from core.model.people import Role
from storage.schema.names import metadata
from storage.types import Day, Word


class PersonColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    name: Named[str]
    name_key: Named[str] = Column(index=True)
    birth_date: Named[date | None] = Column(Day)
    language: Named[str]


class StudentColumns(TypedColumns):
    """A student is a person under the same id."""

    id: Named[int] = Column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    leaves_on: Named[date | None] = Column(Day)
    own_account: Named[bool]


class GuardianshipColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    guardian_id: Named[int] = Column(ForeignKey("person.id"))
    student_id: Named[int] = Column(ForeignKey("student.id"), index=True)
    relation: Named[str]
    access: Named[bool]
    starts_on: Named[date | None] = Column(Day)
    ends_on: Named[date | None] = Column(Day)


class StaffRoleColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    person_id: Named[int] = Column(ForeignKey("person.id"))
    role: Named[Role] = Column(Word(Role))
    group_id: Named[int | None] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int | None] = Column(ForeignKey("subject.id"))


person = Table("person", metadata, PersonColumns)
student = Table("student", metadata, StudentColumns)
guardianship = Table("guardianship", metadata, GuardianshipColumns, Index(None, "guardian_id", "student_id"))
staff_role = Table(
    "staff_role", metadata, StaffRoleColumns, UniqueConstraint("person_id", "role", "group_id", "subject_id")
)
