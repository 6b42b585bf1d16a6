"""What takes the edited version of a message that a step has taken; several files of a broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dialog") as table:
        table.add_column(sa.Column("taken", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("dialog") as table:
        table.alter_column("taken", server_default=None)
    with op.batch_alter_table("broadcast") as table:
        table.alter_column("file", new_column_name="files")


def downgrade() -> None:
    with op.batch_alter_table("broadcast") as table:
        table.alter_column("files", new_column_name="file")
    with op.batch_alter_table("dialog") as table:
        table.drop_column("taken")
