"""The append-only audit trail, leases, numbering, the print queue."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import protect, release

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def audit_line() -> None:
    op.create_table(
        "audit_line",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_audit_line_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_line"),
    )


def audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )


def lease() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )


def periodic_run() -> None:
    op.create_table(
        "periodic_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("job", "on", name="pk_periodic_run"),
    )


def counter() -> None:
    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_counter"),
    )


def extract() -> None:
    op.create_table(
        "extract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_extract_person_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_extract_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_extract"),
        sa.UniqueConstraint("key", name="uq_extract_key"),
        sa.UniqueConstraint("number", name="uq_extract_number"),
    )
    op.create_index("ix_extract_status", "extract", ["status"], unique=False)


def upgrade() -> None:
    audit_line()
    audit_head()
    lease()
    periodic_run()
    counter()
    extract()
    protect("audit_line")
    op.execute("INSERT INTO audit_head (id, line_id, chain) VALUES (1, 0, '')")


def downgrade() -> None:
    release("audit_line")
    for table in ("extract", "counter", "periodic_run", "lease", "audit_head", "audit_line"):
        op.drop_table(table)
