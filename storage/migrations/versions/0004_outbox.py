"""Notices, obligations, deliveries, attempts, receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_notice_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_fact", "notice", ["fact"], unique=False)
    op.create_index(
        "ix_notice_unplanned",
        "notice",
        ["id"],
        unique=False,
        sqlite_where=sa.text("planned_at IS NULL"),
        postgresql_where=sa.text("planned_at IS NULL"),
    )


def obligation() -> None:
    op.create_table(
        "obligation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revisit_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_obligation_notice_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_obligation_person_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_obligation_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_obligation"),
        sa.UniqueConstraint("notice_id", "person_id", name="uq_obligation_notice_id_person_id"),
    )
    op.create_index(
        "ix_obligation_due",
        "obligation",
        ["due"],
        unique=False,
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
    op.create_index(
        "ix_obligation_revisit",
        "obligation",
        ["revisit_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("text_sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_attempt_contact_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attempt_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index(
        "ix_attempt_in_flight",
        "attempt",
        ["id"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_attempt_key", "attempt", ["key"], unique=False)
    op.create_index("ix_attempt_person_id", "attempt", ["person_id"], unique=False)


def delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_delivery_attempt_id"),
        sa.ForeignKeyConstraint(["consent_id"], ["consent_entry.id"], name="fk_delivery_consent_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_delivery_contact_id"),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name="fk_delivery_obligation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_delivery_person_id"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_delivery_student_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
    )


def delivery_indexes() -> None:
    op.create_index("ix_delivery_obligation_id", "delivery", ["obligation_id"], unique=False)
    op.create_index(
        "uq_delivery_obligation_id_bundle",
        "delivery",
        ["obligation_id", "bundle"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_index(
        "ix_delivery_bundle",
        "delivery",
        ["bundle"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["channel", "due", "bundle", "not_before"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND due IS NOT NULL"),
        postgresql_where=sa.text("status = 'pending' AND due IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_not_due",
        "delivery",
        ["channel", "not_before", "bundle"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND due IS NULL"),
        postgresql_where=sa.text("status = 'pending' AND due IS NULL"),
    )
    op.create_index("ix_delivery_person_id", "delivery", ["person_id"], unique=False)


def carried() -> None:
    op.create_table(
        "carried",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_carried_attempt_id"),
        sa.ForeignKeyConstraint(["consent_id"], ["consent_entry.id"], name="fk_carried_consent_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_carried_delivery_id"),
        sa.PrimaryKeyConstraint("attempt_id", "delivery_id", name="pk_carried"),
    )


def receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_receipt_attempt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
    )
    op.create_index("ix_receipt_attempt_id", "receipt", ["attempt_id"], unique=False)


def upgrade() -> None:
    notice()
    obligation()
    attempt()
    delivery()
    delivery_indexes()
    carried()
    receipt()


def downgrade() -> None:
    for table in ("receipt", "carried", "delivery", "attempt", "obligation", "notice"):
        op.drop_table(table)
