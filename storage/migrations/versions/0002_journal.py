"""Imports and their sources, entries, period marks, with append-only versions."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import protect, release

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def import_() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=True),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name="fk_import_imported_by"),
        sa.PrimaryKeyConstraint("id", name="pk_import"),
    )


def source() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("first_import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_import_id"], ["import.id"], name="fk_source_first_import_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_source_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("student_id", "kind", name="uq_source_student_id_kind"),
    )


def entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("work_kind", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("weight", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_entry_import_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_entry_student_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_entry_subject_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
    )
    op.create_index("ix_entry_student_id_subject_id_on", "entry", ["student_id", "subject_id", "on"], unique=False)


def entry_version() -> None:
    op.create_table(
        "entry_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_entry_version_changed_by"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_version_entry_id"),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_entry_version_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry_version"),
        sa.UniqueConstraint("entry_id", "version", name="uq_entry_version_entry_id_version"),
    )


def period_mark() -> None:
    op.create_table(
        "period_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("average", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_period_mark_import_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_period_mark_student_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_period_mark_subject_id"),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_period_mark_year_id"),
        sa.PrimaryKeyConstraint("id", name="pk_period_mark"),
        sa.UniqueConstraint(
            "student_id", "subject_id", "year_id", "term", name="uq_period_mark_student_id_subject_id_year_id_term"
        ),
    )


def period_mark_version() -> None:
    op.create_table(
        "period_mark_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_mark_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_period_mark_version_changed_by"),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_period_mark_version_import_id"),
        sa.ForeignKeyConstraint(["period_mark_id"], ["period_mark.id"], name="fk_period_mark_version_period_mark_id"),
        sa.PrimaryKeyConstraint("id", name="pk_period_mark_version"),
        sa.UniqueConstraint("period_mark_id", "version", name="uq_period_mark_version_period_mark_id_version"),
    )


def upgrade() -> None:
    import_()
    source()
    entry()
    entry_version()
    period_mark()
    period_mark_version()
    protect("entry_version")
    protect("period_mark_version")


def downgrade() -> None:
    release("period_mark_version")
    release("entry_version")
    for table in ("period_mark_version", "period_mark", "entry_version", "entry", "source", "import"):
        op.drop_table(table)
