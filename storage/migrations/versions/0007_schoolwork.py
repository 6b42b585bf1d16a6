"""Files and versions of homework, control works, recommendations."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import protect, release

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def homework_given_by() -> None:
    """Written out, since this is the one form that both databases take for a column that refers to another table."""
    op.execute(
        "ALTER TABLE homework ADD COLUMN given_by INTEGER CONSTRAINT fk_homework_given_by REFERENCES person (id)"
    )


def homework_version() -> None:
    op.create_table(
        "homework_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("homework_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["homework_id"], ["homework.id"], name="fk_homework_version_homework_id"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_homework_version_changed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_homework_version"),
    )
    op.create_index("ix_homework_version_homework_id", "homework_version", ["homework_id"], unique=False)


def homework_file() -> None:
    op.create_table(
        "homework_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("homework_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["homework_id"], ["homework.id"], name="fk_homework_file_homework_id"),
        sa.PrimaryKeyConstraint("id", name="pk_homework_file"),
    )
    op.create_index("ix_homework_file_homework_id", "homework_file", ["homework_id"], unique=False)


def control_work() -> None:
    op.create_table(
        "control_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("work_kind", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_control_work_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_control_work_subject_id"),
        sa.ForeignKeyConstraint(["planned_by"], ["person.id"], name="fk_control_work_planned_by"),
        sa.PrimaryKeyConstraint("id", name="pk_control_work"),
    )
    op.create_index("ix_control_work_on_group_id", "control_work", ["on", "group_id"], unique=False)


def recommendation() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_recommendation_student_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_recommendation_subject_id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_recommendation_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
    )
    op.create_index("ix_recommendation_student_id", "recommendation", ["student_id"], unique=False)


def recommendation_reading() -> None:
    op.create_table(
        "recommendation_reading",
        sa.Column("recommendation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reader_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name="fk_recommendation_reading_recommendation_id"
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name="fk_recommendation_reading_reader_id"),
        sa.PrimaryKeyConstraint("recommendation_id", "reader_id", name="pk_recommendation_reading"),
    )


def upgrade() -> None:
    homework_given_by()
    homework_version()
    homework_file()
    control_work()
    recommendation()
    recommendation_reading()
    protect("homework_version")


def downgrade() -> None:
    release("homework_version")
    for table in ("recommendation_reading", "recommendation", "control_work", "homework_file", "homework_version"):
        op.drop_table(table)
    with op.batch_alter_table("homework") as homework:
        homework.drop_column("given_by")
