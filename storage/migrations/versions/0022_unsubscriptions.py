"""Kinds of notices that a person does not want by one channel."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsubscription",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_unsubscription_person_id"),
        sa.PrimaryKeyConstraint("person_id", "channel", "kind", name="pk_unsubscription"),
    )


def downgrade() -> None:
    op.drop_table("unsubscription")
