"""Whom of those who share a chat its dialog belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dialog") as dialog:
        dialog.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        dialog.create_foreign_key("fk_dialog_person_id_person", "person", ["person_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("dialog") as dialog:
        dialog.drop_constraint("fk_dialog_person_id_person", type_="foreignkey")
        dialog.drop_column("person_id")
