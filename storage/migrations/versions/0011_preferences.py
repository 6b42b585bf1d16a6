"""The hour at which a person wants digests."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_hour",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_digest_hour_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_digest_hour"),
    )


def downgrade() -> None:
    op.drop_table("digest_hour")
