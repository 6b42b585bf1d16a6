"""Acquaintance with results, its sheets, and extracts of which the class teacher was told."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acquaintance",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name="fk_acquaintance_obligation_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="fk_acquaintance_recorded_by"),
        sa.PrimaryKeyConstraint("obligation_id", "status", name="pk_acquaintance"),
    )
    op.create_table(
        "acquaintance_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_acquaintance_sheet_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_acquaintance_sheet"),
        sa.UniqueConstraint("number", name="uq_acquaintance_sheet_number"),
    )
    op.create_table(
        "sheet_line",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["acquaintance_sheet.id"], name="fk_sheet_line_sheet_id"),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name="fk_sheet_line_obligation_id"),
        sa.PrimaryKeyConstraint("sheet_id", "line", "obligation_id", name="pk_sheet_line"),
    )
    op.add_column("extract", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE extract SET announced_at = queued_at")


def downgrade() -> None:
    op.drop_column("extract", "announced_at")
    op.drop_table("sheet_line")
    op.drop_table("acquaintance_sheet")
    op.drop_table("acquaintance")
