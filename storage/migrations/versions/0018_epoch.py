"""Which database a trail belongs to, and how often a copy of it was put back."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("audit_head") as table:
        table.add_column(sa.Column("trail", sa.String(), nullable=False, server_default=secrets.token_hex(8)))
        table.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("audit_head") as table:
        table.alter_column("trail", server_default=None)
        table.alter_column("epoch", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("audit_head") as table:
        table.drop_column("epoch")
        table.drop_column("trail")
