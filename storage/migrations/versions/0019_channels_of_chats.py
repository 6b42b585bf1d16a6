"""Dialogs and updates belong to a channel: two messengers may use the same numbers.

All that were kept before came from Telegram.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEYS = {"dialog": "chat", "arrival": "update_id"}


def upgrade() -> None:
    for name, number in KEYS.items():
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="telegram"))
            table.drop_constraint(f"pk_{name}", type_="primary")
            table.create_primary_key(f"pk_{name}", ["channel", number])
        with op.batch_alter_table(name) as table:
            table.alter_column("channel", server_default=None)
    with op.batch_alter_table("arrival") as table:
        table.alter_column("update_id", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    with op.batch_alter_table("arrival") as table:
        table.alter_column("update_id", existing_type=sa.BigInteger(), type_=sa.Integer())
    for name, number in KEYS.items():
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"pk_{name}", type_="primary")
            table.drop_column("channel")
            table.create_primary_key(f"pk_{name}", [number])
