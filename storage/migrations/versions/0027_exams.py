"""Exams, results with their versions, codes of a ВПР, and lowest passing scores by year."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import protect, release

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PASSING = {
    "русский язык": 24, "математика": 27, "физика": 36, "химия": 36, "биология": 36, "информатика": 40, "история": 32,
    "литература": 32, "география": 37, "обществознание": 42, "английский язык": 22, "немецкий язык": 22,
    "французский язык": 22, "испанский язык": 22, "китайский язык": 22,
}  # fmt: skip
"""Lowest passing test scores of ЕГЭ in 2026, for the school certificate."""


def _outcome() -> list[sa.Column[Any]]:
    """What a student reached, as the result in force and each of its versions hold it."""
    numbers = ("primary", "score", "oral", "written")
    return [
        *(sa.Column(name, sa.Integer(), nullable=True) for name in numbers),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
    ]


def _exam() -> None:
    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("oral_on", sa.Date(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("max_primary", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exam"),
        sa.UniqueConstraint("key", name="uq_exam_key"),
    )


def _results() -> None:
    op.create_table(
        "exam_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        *_outcome(),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name="fk_exam_result_exam_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_exam_result_student_id"),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_exam_result_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_result"),
        sa.UniqueConstraint("exam_id", "student_id", name="uq_exam_result_exam_id_student_id"),
    )
    op.create_index("ix_exam_result_student_id", "exam_result", ["student_id"])
    op.create_table(
        "exam_result_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        *_outcome(),
        sa.ForeignKeyConstraint(["result_id"], ["exam_result.id"], name="fk_exam_result_version_result_id"),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_exam_result_version_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_result_version"),
        sa.UniqueConstraint("result_id", "version", name="uq_exam_result_version_result_id_version"),
    )


def _codes_and_thresholds() -> None:
    op.create_table(
        "exam_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["year_id"], ["school_year.id"], name="fk_exam_code_year_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_exam_code_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_code"),
        sa.UniqueConstraint("year_id", "code", "subject_key", name="uq_exam_code_year_id_code_subject_key"),
    )
    thresholds = op.create_table(
        "exam_threshold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exam_threshold"),
        sa.UniqueConstraint("kind", "subject_key", "year", name="uq_exam_threshold_kind_subject_key_year"),
    )
    rows = [{"kind": "ege", "subject_key": key, "year": 2026, "score": score} for key, score in PASSING.items()]
    op.bulk_insert(thresholds, rows)


def upgrade() -> None:
    _exam()
    _results()
    _codes_and_thresholds()
    protect("exam_result_version")


def downgrade() -> None:
    release("exam_result_version")
    for table in ("exam_threshold", "exam_code", "exam_result_version", "exam_result", "exam"):
        op.drop_table(table)
