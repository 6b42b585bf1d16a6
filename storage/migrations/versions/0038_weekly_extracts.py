"""What a weekly extract holds besides the news, and when the clock sent it to the school's printer."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("extract", sa.Column("is_weekly", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("extract", sa.Column("contents", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("extract", sa.Column("batched_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("extract", "batched_at")
    op.drop_column("extract", "contents")
    op.drop_column("extract", "is_weekly")
