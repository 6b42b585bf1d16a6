"""Columns that may be empty from now on, or no longer: SQLite changes that by its schema's text alone.

No row differs for it, so no table is copied: the procedure that SQLite documents for such changes (lang_altertable).
"""

import sqlalchemy as sa
from alembic import op

_REWRITE = sa.text(
    "UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = :table"
)


def make_optional(table: str, column: str) -> None:
    """An integer column takes NULL."""
    _set(table, column, before=f"{column} INTEGER NOT NULL,", after=f"{column} INTEGER,", nullable=True)


def make_required(table: str, column: str) -> None:
    """An integer column takes NULL no more."""
    _set(table, column, before=f"{column} INTEGER,", after=f"{column} INTEGER NOT NULL,", nullable=False)


def _set(table: str, column: str, *, before: str, after: str, nullable: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, nullable=nullable)
        return
    version = op.get_bind().scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    op.execute(_REWRITE.bindparams(before=before, after=after, table=table))
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
