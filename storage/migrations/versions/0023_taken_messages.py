"""What takes an edited message; several files of a broadcast; chats that must hear of their confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dialog") as table:
        table.add_column(sa.Column("taken", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("dialog") as table:
        table.alter_column("taken", server_default=None)
    op.execute("ALTER TABLE broadcast RENAME COLUMN file TO files")  # a copy would break the keys that point to it
    op.add_column("contact", sa.Column("announce_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("contact", "announce_at")
    op.execute("ALTER TABLE broadcast RENAME COLUMN files TO file")
    with op.batch_alter_table("dialog") as table:
        table.drop_column("taken")
