"""Keyed hashes of the tokens that links carry instead of a code with a seal (Q82)."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("one_time_code", sa.Column("token_hash", sa.String(), nullable=True))
    op.create_index("ix_one_time_code_token_hash", "one_time_code", ["token_hash"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_one_time_code_token_hash", "one_time_code")
    op.drop_column("one_time_code", "token_hash")
