"""School years, periods, subjects, teaching groups, enrolment."""

from datetime import date

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from core.model.year import GroupKind
from storage.database.types import DayType, WordType
from storage.schema.names import metadata, schema_partial_index


class SchoolYearColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    starts_on: Named[date] = Column(DayType, unique=True)
    ends_on: Named[date] = Column(DayType)


class ReportingPeriodColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    year_id: Named[int] = Column(ForeignKey("school_year.id"))
    name: Named[str]
    starts_on: Named[date] = Column(DayType)
    ends_on: Named[date] = Column(DayType)
    grade_from: Named[int | None]
    grade_to: Named[int | None]
    group_id: Named[int | None] = Column(ForeignKey("teaching_group.id"))
    subject_id: Named[int | None] = Column(ForeignKey("subject.id"))


class SubjectColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    name: Named[str]
    name_key: Named[str] = Column(unique=True)
    joined_to: Named[int | None] = Column(ForeignKey("subject.id"))


class TeachingGroupColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    kind: Named[GroupKind] = Column(WordType(GroupKind))
    name: Named[str]
    name_key: Named[str]
    grade_level: Named[int | None]
    subject_id: Named[int | None] = Column(ForeignKey("subject.id"))
    teacher_id: Named[int | None] = Column(ForeignKey("person.id"), index=True)


class EnrolmentColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    student_id: Named[int] = Column(ForeignKey("student.id"))
    group_id: Named[int] = Column(ForeignKey("teaching_group.id"), index=True)
    starts_on: Named[date | None] = Column(DayType)
    ends_on: Named[date | None] = Column(DayType)


school_year = Table("school_year", metadata, SchoolYearColumns)
reporting_period = Table(
    "reporting_period",
    metadata,
    ReportingPeriodColumns,
    UniqueConstraint(
        *("year_id", "name", "grade_from", "grade_to", "subject_id"), name="uq_reporting_period_grades_subject"
    ),
    UniqueConstraint("year_id", "name", "group_id", "subject_id", name="uq_reporting_period_class_subject"),
    schema_partial_index(
        "uq_reporting_period_all",
        *("year_id", "name"),
        where="grade_from IS NULL AND group_id IS NULL AND subject_id IS NULL",
        unique=True,
    ),
    schema_partial_index(
        "uq_reporting_period_grades",
        *("year_id", "name", "grade_from", "grade_to"),
        where="subject_id IS NULL",
        unique=True,
    ),
    schema_partial_index(
        "uq_reporting_period_class", *("year_id", "name", "group_id"), where="subject_id IS NULL", unique=True
    ),
    schema_partial_index(
        "uq_reporting_period_subject",
        *("year_id", "name", "subject_id"),
        where="grade_from IS NULL AND group_id IS NULL",
        unique=True,
    ),
)
"""Whatever a period holds for, its name is used once: an empty column differs from every other in a unique key."""

subject = Table("subject", metadata, SubjectColumns)
teaching_group = Table(
    "teaching_group",
    metadata,
    TeachingGroupColumns,
    UniqueConstraint("kind", "name_key", "subject_id"),
    schema_partial_index("uq_teaching_group_class", "kind", "name_key", where="subject_id IS NULL", unique=True),
)
enrolment = Table(
    "enrolment",
    metadata,
    EnrolmentColumns,
    Index(None, "student_id", "group_id"),
    schema_partial_index("uq_enrolment_open", "student_id", "group_id", where="ends_on IS NULL", unique=True),
)
