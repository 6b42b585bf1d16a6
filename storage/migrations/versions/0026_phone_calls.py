"""Persons who were reached by phone."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_call",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_before", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name="fk_phone_call_obligation_id"),
        sa.ForeignKeyConstraint(["caller_id"], ["person.id"], name="fk_phone_call_caller_id"),
        sa.PrimaryKeyConstraint("obligation_id", name="pk_phone_call"),
    )


def downgrade() -> None:
    op.drop_table("phone_call")
