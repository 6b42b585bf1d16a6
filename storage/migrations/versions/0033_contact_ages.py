"""When a contact was added: what waits a week for a proof is shown to the class teacher (Q84)."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE contact SET added_at = proven_at")


def downgrade() -> None:
    op.drop_column("contact", "added_at")
