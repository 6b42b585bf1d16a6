"""Tables that only grow: the database itself refuses to change or delete their rows (Q6, Q38, Q76)."""

from alembic import op

_SQLITE = """
CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} only grows'); END
"""

_FUNCTION = """
CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

_POSTGRESQL = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION only_grows()
"""


def protect(table: str) -> None:
    """Refuse UPDATE and DELETE, and on PostgreSQL TRUNCATE; the error is one of integrity."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(_SQLITE.format(table=table, change=change))
    else:
        op.execute(_FUNCTION)
        op.execute(_POSTGRESQL.format(table=table))


def release(table: str) -> None:
    """Take the refusal back; SQLite's goes with the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
