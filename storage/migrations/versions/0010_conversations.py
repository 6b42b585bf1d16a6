"""The state of chats and waiting updates."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def dialog() -> None:
    op.create_table(
        "dialog",
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["student.id"], name="fk_dialog_child_id"),
        sa.PrimaryKeyConstraint("chat", name="pk_dialog"),
    )


def arrival() -> None:
    op.create_table(
        "arrival",
        sa.Column("update_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name="pk_arrival"),
    )
    op.create_index(
        "ix_arrival_waiting",
        "arrival",
        ["holder"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_arrival_finished_at", "arrival", ["finished_at"], unique=False)


def upgrade() -> None:
    dialog()
    arrival()


def downgrade() -> None:
    for table in ("arrival", "dialog"):
        op.drop_table(table)
