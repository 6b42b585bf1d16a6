"""Broadcasts, and notices with a due time of their own or for staff."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.optional import make_optional, make_required

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ABOUT_NOBODY = ("notice", "obligation", "delivery", "extract")
"""What may be a staff member's own, about no student."""


def broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("file", sa.JSON(), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_broadcast_author_id"),
        sa.ForeignKeyConstraint(["replaces_id"], ["broadcast.id"], name="fk_broadcast_replaces_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )
    op.create_index("ix_broadcast_author_id", "broadcast", ["author_id"], unique=False)
    op.create_index(
        "ix_broadcast_planned",
        "broadcast",
        ["send_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )


def broadcast_group() -> None:
    op.create_table(
        "broadcast_group",
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_broadcast_group_broadcast_id"),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_broadcast_group_group_id"),
        sa.PrimaryKeyConstraint("broadcast_id", "group_id", name="pk_broadcast_group"),
    )


def broadcast_change() -> None:
    op.create_table(
        "broadcast_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("new_subject_id", sa.Integer(), nullable=True),
        sa.Column("new_teacher_id", sa.Integer(), nullable=True),
        sa.Column("new_room", sa.String(), nullable=True),
        sa.Column("new_on", sa.Date(), nullable=True),
        sa.Column("new_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_broadcast_change_broadcast_id"),
        sa.ForeignKeyConstraint(["group_id"], ["teaching_group.id"], name="fk_broadcast_change_group_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name="fk_broadcast_change_subject_id"),
        sa.ForeignKeyConstraint(["new_subject_id"], ["subject.id"], name="fk_broadcast_change_new_subject_id"),
        sa.ForeignKeyConstraint(["new_teacher_id"], ["person.id"], name="fk_broadcast_change_new_teacher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast_change"),
    )
    op.create_index("ix_broadcast_change_broadcast_id", "broadcast_change", ["broadcast_id"], unique=False)


def upgrade() -> None:
    op.add_column("notice", sa.Column("due", sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE notice ADD COLUMN person_id INTEGER CONSTRAINT fk_notice_person_id REFERENCES person (id)")
    for table in ABOUT_NOBODY:
        make_optional(table, "student_id")
    broadcast()
    broadcast_group()
    broadcast_change()


def downgrade() -> None:
    for table in ("broadcast_change", "broadcast_group", "broadcast"):
        op.drop_table(table)
    for table in ABOUT_NOBODY:
        make_required(table, "student_id")
    for column in ("person_id", "due"):
        op.drop_column("notice", column)
