"""The quiet hours that a person chose."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiet_hours",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_quiet_hours_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_quiet_hours"),
    )


def downgrade() -> None:
    op.drop_table("quiet_hours")
