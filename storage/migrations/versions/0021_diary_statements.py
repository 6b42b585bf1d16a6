"""Which student's diary names a lesson or a homework; lessons that no diary names any more."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAMED = """
INSERT INTO diary_statement (student_id, {table}_id)
SELECT DISTINCT source.student_id, {table}.id
FROM {table}
JOIN enrolment ON enrolment.group_id = {table}.group_id
JOIN source ON source.student_id = enrolment.student_id AND source.kind = 'diary'
WHERE (enrolment.starts_on IS NULL OR enrolment.starts_on <= {table}.{day})
  AND (enrolment.ends_on IS NULL OR enrolment.ends_on >= {table}.{day}) AND {imported}
"""
"""Rows of earlier imports do not say whose diary named them: each diary of the class may have."""


def upgrade() -> None:
    op.add_column("lesson", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "diary_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("homework_id", sa.Integer(), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_diary_statement_student_id"),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name="fk_diary_statement_lesson_id"),
        sa.ForeignKeyConstraint(["homework_id"], ["homework.id"], name="fk_diary_statement_homework_id"),
        sa.PrimaryKeyConstraint("id", name="pk_diary_statement"),
        sa.UniqueConstraint("lesson_id", "student_id", name="uq_diary_statement_lesson_id_student_id"),
        sa.UniqueConstraint("homework_id", "student_id", name="uq_diary_statement_homework_id_student_id"),
    )
    by_hand = "lesson.number IS NULL AND lesson.starts_at IS NULL"
    lessons = {"table": "lesson", "day": "held_on", "imported": f"NOT ({by_hand})"}
    homework = {"table": "homework", "day": "due_on", "imported": "given_by IS NULL"}
    for named in (lessons, homework):
        op.execute(NAMED.format(**named))


def downgrade() -> None:
    op.drop_table("diary_statement")
    op.execute("DELETE FROM lesson WHERE withdrawn_at IS NOT NULL")
    op.drop_column("lesson", "withdrawn_at")
