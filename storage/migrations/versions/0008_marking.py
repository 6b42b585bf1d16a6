"""Marks made in the bot: who, when published, what the family has seen; a teacher's subject."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GIVEN_BY = "ALTER TABLE entry ADD COLUMN given_by INTEGER CONSTRAINT fk_entry_given_by REFERENCES person (id)"
"""Both databases understand it; Alembic's way would copy the table on SQLite."""

PLAIN = ("comment", "shown")


def entry() -> None:
    op.execute(GIVEN_BY)
    for name in PLAIN:
        op.add_column("entry", sa.Column(name, sa.String(), nullable=True))
    op.add_column("entry", sa.Column("set_on", sa.Date(), nullable=True))
    op.add_column("entry", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("entry", sa.Column("awaiting", sa.Boolean(), server_default=sa.false(), nullable=False))
    waits = sa.text("awaiting")
    op.create_index("ix_entry_awaiting", "entry", ["publish_at"], sqlite_where=waits, postgresql_where=waits)


def entry_version() -> None:
    op.add_column("entry_version", sa.Column("seen", sa.String(), nullable=True))
    op.add_column("entry_version", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))


def staff_role() -> None:
    with op.batch_alter_table("staff_role") as batch:
        batch.drop_constraint("uq_staff_role_person_id_role_group_id", type_="unique")
        batch.add_column(sa.Column("subject_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_staff_role_subject_id", "subject", ["subject_id"], ["id"])
        batch.create_unique_constraint(
            "uq_staff_role_person_id_role_group_id_subject_id", ["person_id", "role", "group_id", "subject_id"]
        )


def upgrade() -> None:
    entry()
    entry_version()
    staff_role()


def downgrade() -> None:
    with op.batch_alter_table("staff_role") as batch:
        batch.drop_constraint("uq_staff_role_person_id_role_group_id_subject_id", type_="unique")
        batch.drop_constraint("fk_staff_role_subject_id", type_="foreignkey")
        batch.drop_column("subject_id")
        batch.create_unique_constraint("uq_staff_role_person_id_role_group_id", ["person_id", "role", "group_id"])
    for name in ("seen", "publish_at"):
        op.drop_column("entry_version", name)
    op.drop_index("ix_entry_awaiting", "entry")
    for name in (*PLAIN, "set_on", "publish_at", "awaiting", "given_by"):
        op.drop_column("entry", name)
