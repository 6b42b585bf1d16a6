"""Numbered forms that a person is to sign."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("contact_ids", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_issued_form_person_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_issued_form_student_id"),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name="fk_issued_form_issued_by"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="fk_issued_form_settled_by"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_form"),
        sa.UniqueConstraint("number", name="uq_issued_form_number"),
    )
    op.create_index("ix_issued_form_person_id", "issued_form", ["person_id"], unique=False)
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_issued_form_waiting", "issued_form", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("issued_form")
