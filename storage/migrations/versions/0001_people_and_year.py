"""Persons, guardianship, staff; school years, subjects, groups, enrolment, lessons, homework."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_name_key", "person", ["name_key"], unique=False)


def student() -> None:
    op.create_table(
        "student",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column("own_account", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["person.id"], name="fk_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_student"),
    )


def guardianship() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("access", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name="fk_guardianship_guardian_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_guardianship_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_guardianship"),
    )
    op.create_index(
        "ix_guardianship_guardian_id_student_id", "guardianship", ["guardian_id", "student_id"], unique=False
    )
    op.create_index("ix_guardianship_student_id", "guardianship", ["student_id"], unique=False)


def subject() -> None:
    op.create_table(
        "subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subject"),
        sa.UniqueConstraint("name_key", name="uq_subject_name_key"),
    )


def school_year() -> None:
    op.create_table(
        "school_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_school_year"),
        sa.UniqueConstraint("starts_on", name="uq_school_year_starts_on"),
    )


def reporting_period() -> None:
    op.create_table(
        "reporting_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_reporting_period_year_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reporting_period"),
        sa.UniqueConstraint("year_id", "name", name="uq_reporting_period_year_id_name"),
    )


def teaching_group() -> None:
    op.create_table(
        "teaching_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("grade_level", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("teacher_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_teaching_group_subject_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name="fk_teaching_group_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_teaching_group"),
        sa.UniqueConstraint("kind", "name_key", "subject_id", name="uq_teaching_group_kind_name_key_subject_id"),
    )
    op.create_index("ix_teaching_group_teacher_id", "teaching_group", ["teacher_id"], unique=False)


def staff_role() -> None:
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_staff_role_group_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_staff_role_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_role"),
        sa.UniqueConstraint("person_id", "role", "group_id", name="uq_staff_role_person_id_role_group_id"),
    )


def enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_enrolment_group_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_enrolment_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
    )
    op.create_index("ix_enrolment_group_id", "enrolment", ["group_id"], unique=False)
    op.create_index("ix_enrolment_student_id_group_id", "enrolment", ["student_id", "group_id"], unique=False)


def lesson() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_lesson_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_lesson_subject_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    op.create_index("ix_lesson_group_id_held_on", "lesson", ["group_id", "held_on"], unique=False)


def homework() -> None:
    op.create_table(
        "homework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_homework_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_homework_subject_id"),
        sa.PrimaryKeyConstraint("id", name="pk_homework"),
    )
    op.create_index("ix_homework_group_id_due_on", "homework", ["group_id", "due_on"], unique=False)


def upgrade() -> None:
    person()
    student()
    guardianship()
    subject()
    school_year()
    reporting_period()
    teaching_group()
    staff_role()
    enrolment()
    lesson()
    homework()


def downgrade() -> None:
    for table in (
        "homework",
        "lesson",
        "enrolment",
        "staff_role",
        "teaching_group",
        "reporting_period",
        "school_year",
        "subject",
        "guardianship",
        "student",
        "person",
    ):
        op.drop_table(table)
