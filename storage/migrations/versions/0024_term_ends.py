"""The end of a term: periods of some grades, classes, subjects; deferrals, closings, decisions of the council."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import protect, release

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

EVERYBODY = "grade_from IS NULL AND group_id IS NULL AND subject_id IS NULL"
NARROWER = "grade_from IS NOT NULL OR group_id IS NOT NULL OR subject_id IS NOT NULL"
UNIQUE = (
    ("uq_reporting_period_all", ("year_id", "name"), EVERYBODY),
    ("uq_reporting_period_grades", ("year_id", "name", "grade_from", "grade_to"), "subject_id IS NULL"),
    ("uq_reporting_period_class", ("year_id", "name", "group_id"), "subject_id IS NULL"),
    ("uq_reporting_period_subject", ("year_id", "name", "subject_id"), "grade_from IS NULL AND group_id IS NULL"),
)


def reporting_period() -> None:
    with op.batch_alter_table("reporting_period") as table:
        table.drop_constraint("uq_reporting_period_year_id_name", type_="unique")
        for column in ("grade_from", "grade_to", "group_id", "subject_id"):
            table.add_column(sa.Column(column, sa.Integer(), nullable=True))
        table.create_foreign_key("fk_reporting_period_group_id", "teaching_group", ["group_id"], ["id"])
        table.create_foreign_key("fk_reporting_period_subject_id", "subject", ["subject_id"], ["id"])
        table.create_unique_constraint(
            "uq_reporting_period_grades_subject", ["year_id", "name", "grade_from", "grade_to", "subject_id"]
        )
        table.create_unique_constraint(
            "uq_reporting_period_class_subject", ["year_id", "name", "group_id", "subject_id"]
        )
    for name, columns, where in UNIQUE:
        op.create_index(
            name, "reporting_period", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def deferral() -> None:
    op.create_table(
        "deferral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("ill_from", sa.Date(), nullable=False),
        sa.Column("ill_to", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_as", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_deferral_student_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_deferral_subject_id"),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_deferral_year_id"),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name="fk_deferral_granted_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_deferral_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_deferral"),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_deferral_open", "deferral", ["student_id", "subject_id", "year_id", "term"],
        unique=True, sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip


def term_closing() -> None:
    op.create_table(
        "term_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_term_closing_year_id"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_term_closing_by"),
        sa.PrimaryKeyConstraint("id", name="pk_term_closing"),
    )


def council_decision() -> None:
    op.create_table(
        "council_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("protocol_no", sa.String(), nullable=False),
        sa.Column("protocol_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_council_decision_student_id"),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_council_decision_year_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_council_decision_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_council_decision"),
    )
    op.create_index("ix_council_decision_student_id", "council_decision", ["student_id"], unique=False)


def upgrade() -> None:
    reporting_period()
    op.add_column("period_mark_version", sa.Column("comment", sa.String(), nullable=True))
    op.add_column("period_mark_version", sa.Column("ground", sa.String(), nullable=True))
    deferral()
    term_closing()
    council_decision()
    protect("term_closing")
    protect("council_decision")


def downgrade() -> None:
    release("council_decision")
    release("term_closing")
    for name in ("council_decision", "term_closing", "deferral"):
        op.drop_table(name)
    op.drop_column("period_mark_version", "ground")
    op.drop_column("period_mark_version", "comment")
    op.execute(f"DELETE FROM reporting_period WHERE {NARROWER}")
    for name, _, _ in UNIQUE:
        op.drop_index(name, table_name="reporting_period")
    with op.batch_alter_table("reporting_period") as table:
        table.drop_constraint("uq_reporting_period_class_subject", type_="unique")
        table.drop_constraint("uq_reporting_period_grades_subject", type_="unique")
        table.drop_constraint("fk_reporting_period_subject_id", type_="foreignkey")
        table.drop_constraint("fk_reporting_period_group_id", type_="foreignkey")
        for column in ("subject_id", "group_id", "grade_to", "grade_from"):
            table.drop_column(column)
        table.create_unique_constraint("uq_reporting_period_year_id_name", ["year_id", "name"])
