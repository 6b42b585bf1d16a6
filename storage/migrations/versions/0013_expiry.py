"""From when an obligation is told no more."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("obligation", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_obligation_expires", "obligation", ["expires_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_obligation_expires", table_name="obligation")
    op.drop_column("obligation", "expires_at")
