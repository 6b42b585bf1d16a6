"""Hours of the curriculum plan, and types of lessons."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def planned_hours() -> None:
    op.create_table(
        "planned_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=True),
        sa.Column("lesson_type", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_planned_hours_year_id"),
        sa.ForeignKeyConstraint(["class_id"], ["teaching_group.id"], name="fk_planned_hours_class_id"),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_planned_hours_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_planned_hours_subject_id"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_hours"),
    )
    op.create_index("ix_planned_hours_class_id_year_id", "planned_hours", ["class_id", "year_id"], unique=False)


def lesson_type() -> None:
    op.create_table(
        "lesson_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lesson_type", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("teacher_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["teaching_group.id"], name="fk_lesson_type_class_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_lesson_type_subject_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name="fk_lesson_type_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_type"),
        sa.UniqueConstraint(
            "class_id", "on", "number", "subject_id", name="uq_lesson_type_class_id_on_number_subject_id"
        ),
    )


def upgrade() -> None:
    planned_hours()
    lesson_type()


def downgrade() -> None:
    op.drop_table("lesson_type")
    op.drop_table("planned_hours")
