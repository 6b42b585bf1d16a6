"""The weekly template, bells, holidays and lesson changes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def template_lesson() -> None:
    op.create_table(
        "template_lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_template_lesson_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_template_lesson_subject_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name="fk_template_lesson_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_template_lesson"),
    )
    op.create_index("ix_template_lesson_group_id", "template_lesson", ["group_id"], unique=False)
    op.create_index("ix_template_lesson_teacher_id", "template_lesson", ["teacher_id"], unique=False)


def bell() -> None:
    op.create_table(
        "bell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bell"),
        sa.UniqueConstraint("variant", "number", name="uq_bell_variant_number"),
    )


def bell_choice() -> None:
    op.create_table(
        "bell_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("variant", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_bell_choice_group_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bell_choice"),
        sa.UniqueConstraint("group_id", "on", name="uq_bell_choice_group_id_on"),
    )


def lesson_change() -> None:
    op.create_table(
        "lesson_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("new_subject_id", sa.Integer(), nullable=True),
        sa.Column("new_teacher_id", sa.Integer(), nullable=True),
        sa.Column("new_room", sa.String(), nullable=True),
        sa.Column("new_on", sa.Date(), nullable=True),
        sa.Column("new_number", sa.Integer(), nullable=True),
        sa.Column("broadcast_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_lesson_change_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_lesson_change_subject_id"),
        sa.ForeignKeyConstraint(["new_subject_id"], ["subject.id"], name="fk_lesson_change_new_subject_id"),
        sa.ForeignKeyConstraint(["new_teacher_id"], ["person.id"], name="fk_lesson_change_new_teacher_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_lesson_change_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_change"),
    )
    op.create_index("ix_lesson_change_group_id_on", "lesson_change", ["group_id", "on"], unique=False)
    op.create_index("ix_lesson_change_group_id_new_on", "lesson_change", ["group_id", "new_on"], unique=False)
    op.create_index("ix_lesson_change_new_teacher_id", "lesson_change", ["new_teacher_id"], unique=False)
    op.create_index("ix_lesson_change_broadcast_id", "lesson_change", ["broadcast_id"], unique=False)


def holiday() -> None:
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("grade_from", sa.Integer(), nullable=True),
        sa.Column("grade_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_holiday_year_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holiday"),
    )
    op.create_index("ix_holiday_year_id", "holiday", ["year_id"], unique=False)


def upgrade() -> None:
    template_lesson()
    bell()
    bell_choice()
    lesson_change()
    holiday()


def downgrade() -> None:
    for table in ("holiday", "lesson_change", "bell_choice", "bell", "template_lesson"):
        op.drop_table(table)
