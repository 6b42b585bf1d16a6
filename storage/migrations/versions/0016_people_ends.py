"""Roles and guardianships end, guardians can be barred, entries can be joined; what was entered twice becomes one."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNIQUE = (
    ("uq_guardianship_open", "guardianship", ("guardian_id", "student_id"), "ends_on IS NULL"),
    ("uq_staff_role_bare", "staff_role", ("person_id", "role"), "group_id IS NULL AND subject_id IS NULL"),
    ("uq_staff_role_group", "staff_role", ("person_id", "role", "group_id"), "subject_id IS NULL"),
    ("uq_staff_role_subject", "staff_role", ("person_id", "role", "subject_id"), "group_id IS NULL"),
    ("uq_teaching_group_class", "teaching_group", ("kind", "name_key"), "subject_id IS NULL"),
    ("uq_enrolment_open", "enrolment", ("student_id", "group_id"), "ends_on IS NULL"),
    ("uq_contact_in_use", "contact", ("person_id", "channel", "address"), "revoked_at IS NULL"),
)

OF_GROUPS = {
    "bell_choice": ('"on"',),
    "broadcast_change": None,
    "broadcast_group": ("broadcast_id",),
    "control_work": None,
    "enrolment": None,
    "homework": None,
    "lesson": None,
    "lesson_change": None,
    "staff_role": ("person_id", "role", "subject_id"),
    "template_lesson": None,
}
"""The tables that name a group, with what else their unique key holds."""

DOUBLED_CLASSES = """
SELECT doubled.id AS gone, kept.id AS keep FROM teaching_group doubled JOIN (
    SELECT kind, name_key, min(id) AS id FROM teaching_group WHERE subject_id IS NULL GROUP BY kind, name_key
) kept ON kept.kind = doubled.kind AND kept.name_key = doubled.name_key
WHERE doubled.subject_id IS NULL AND doubled.id <> kept.id
"""

EARLIER = "SELECT 1 FROM {table} earlier WHERE {same} AND earlier.id < {table}.id"


def join_classes() -> None:
    """Imports side by side made a class several times, since its missing subject equals no other."""
    for gone, keep in op.get_bind().execute(sa.text(DOUBLED_CLASSES)).all():
        for table, others in OF_GROUPS.items():
            if others is not None:
                twin = " AND ".join(_same("kept", table, column) for column in others)
                _run(
                    f"DELETE FROM {table} WHERE group_id = :gone AND EXISTS"
                    f" (SELECT 1 FROM {table} kept WHERE kept.group_id = :keep AND {twin})",
                    gone=gone,
                    keep=keep,
                )
            _run(f"UPDATE {table} SET group_id = :keep WHERE group_id = :gone", gone=gone, keep=keep)
        _run("DELETE FROM teaching_group WHERE id = :gone", gone=gone)


def join_rows() -> None:
    """The first of equal rows stays; a bar on one of them stays too."""
    _run(
        "UPDATE guardianship SET access = false WHERE ends_on IS NULL AND EXISTS (SELECT 1 FROM guardianship other"
        " WHERE other.guardian_id = guardianship.guardian_id AND other.student_id = guardianship.student_id"
        " AND other.ends_on IS NULL AND NOT other.access)"
    )
    for table, columns, where in (
        ("guardianship", ("guardian_id", "student_id"), "ends_on IS NULL"),
        ("enrolment", ("student_id", "group_id"), "ends_on IS NULL"),
        ("staff_role", ("person_id", "role", "group_id", "subject_id"), "true"),
    ):
        same = " AND ".join(_same("earlier", table, column) for column in columns)
        open_too = "" if where == "true" else f" AND earlier.{where}"
        _run(f"DELETE FROM {table} WHERE {where} AND EXISTS ({EARLIER.format(table=table, same=same)}{open_too})")


def join_contacts() -> None:
    """The proofs of an address that stands twice go to its first row, and the others are taken back."""
    first = (
        "(SELECT min(kept.id) FROM contact kept WHERE kept.person_id = doubled.person_id AND kept.channel ="
        " doubled.channel AND kept.address = doubled.address AND kept.revoked_at IS NULL)"
    )
    doubles = (
        f"SELECT doubled.id, {first} FROM contact doubled WHERE doubled.revoked_at IS NULL AND doubled.id > {first}"
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    now = "strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now')" if is_sqlite else "now()"
    for gone, keep in op.get_bind().execute(sa.text(doubles)).all():
        _run("UPDATE confirmation SET contact_id = :keep WHERE contact_id = :gone", gone=gone, keep=keep)
        proven = "(SELECT gone.proven_at FROM contact gone WHERE gone.id = :gone)"
        _run(f"UPDATE contact SET proven_at = {proven} WHERE id = :keep AND proven_at IS NULL", gone=gone, keep=keep)
        _run(f"UPDATE contact SET revoked_at = {now} WHERE id = :gone", gone=gone)


def upgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN joined_to INTEGER CONSTRAINT fk_person_joined_to REFERENCES person (id)")
    op.execute(
        "ALTER TABLE subject ADD COLUMN joined_to INTEGER CONSTRAINT fk_subject_joined_to REFERENCES subject (id)"
    )
    op.add_column("guardianship", sa.Column("document", sa.String(), nullable=True))
    op.add_column("guardianship", sa.Column("document_on", sa.Date(), nullable=True))
    op.add_column("guardianship", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff_role", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("staff_role", sa.Column("ends_on", sa.Date(), nullable=True))
    op.create_table(
        "former_name",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_former_name_person_id"),
        sa.PrimaryKeyConstraint("person_id", "name_key", name="pk_former_name"),
    )
    join_classes()
    join_rows()
    join_contacts()
    for name, table, columns, where in UNIQUE:
        op.create_index(
            name, table, list(columns), unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name, table, _, _ in UNIQUE:
        op.drop_index(name, table_name=table)
    op.drop_table("former_name")
    for table, column in (
        ("staff_role", "ends_on"),
        ("staff_role", "starts_on"),
        ("guardianship", "ended_at"),
        ("guardianship", "document_on"),
        ("guardianship", "document"),
        ("subject", "joined_to"),
        ("person", "joined_to"),
    ):
        op.drop_column(table, column)


def _same(left: str, right: str, column: str) -> str:
    """Two empty cells are the same."""
    return f"({left}.{column} = {right}.{column} OR ({left}.{column} IS NULL AND {right}.{column} IS NULL))"


def _run(sql: str, **values: int) -> None:
    op.get_bind().execute(sa.text(sql), values)
