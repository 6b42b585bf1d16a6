"""When each periodic job began, ended and failed; a nightly job is done when it has ended well."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NIGHTLY = "('verify', 'endings', 'deferrals', 'consents', 'erasures', 'contacts', 'of_age', 'anchor')"


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job", "on", name="pk_job_run"),
    )
    op.execute(f"DELETE FROM periodic_run WHERE job IN {NIGHTLY}")


def downgrade() -> None:
    op.drop_table("job_run")
