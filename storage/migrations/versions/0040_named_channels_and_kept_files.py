"""Which channels a consent opens, and files as bytes, so that one sent in a messenger reaches families elsewhere.

A consent opens the channels whose processors its document names (152-ФЗ art. 9 p. 4). A document of an earlier release
names the channels of that release, and those that the school has contacts on.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import protect, release

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

RELEASED = frozenset({"email", "sms", "telegram"})
NO_DOCUMENT = "paper"


def upgrade() -> None:
    for table in ("consent_entry", "issued_form"):
        op.add_column(table, sa.Column("channels", sa.JSON(), nullable=True))
    unprotect("consent_entry")
    in_use = op.get_bind().execute(sa.text("SELECT DISTINCT channel FROM contact")).scalars()
    named = sorted({*RELEASED, *in_use} - {NO_DOCUMENT})
    for table in ("consent_entry", "issued_form"):
        op.execute(sa.table(table, sa.column("channels", sa.JSON())).update().values(channels=named))
    protect("consent_entry")
    kept_file()


def kept_file() -> None:
    op.create_table(
        "kept_file",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_kept_file"),
    )
    op.create_index("ix_kept_file_until", "kept_file", ["until"])
    op.create_index("ix_kept_file_try_at", "kept_file", ["try_at"])


def unprotect(table: str) -> None:
    release(table)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{change}")


def downgrade() -> None:
    op.drop_table("kept_file")
    for table in ("issued_form", "consent_entry"):
        op.drop_column(table, "channels")
