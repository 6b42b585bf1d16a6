"""A lesson of the template may be one of odd or of even weeks; those that were there are of every week."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("template_lesson") as table:
        table.add_column(sa.Column("week", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("template_lesson") as table:
        table.drop_column("week")
