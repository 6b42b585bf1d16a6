"""The last question of a chat, for one that goes on with it."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dialog") as table:
        table.add_column(sa.Column("asked", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("dialog") as table:
        table.alter_column("asked", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("dialog") as table:
        table.drop_column("asked")
