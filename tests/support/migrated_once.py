"""The migrations of SQLite run once in a test process: what they have made is written down for each new school.

Forty revisions take half a second, the statements of the tables that stand in the end a fiftieth of it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, inspect

from storage import schema
from storage.database.types import SQLITE

OWN_TRAIL = "UPDATE audit_head SET trail = lower(hex(randomblob(8)))"
"""Every school has another one (`0018_epoch`)."""

TRANSACTION = {"BEGIN TRANSACTION;", "COMMIT;"}


class MigratedOnce:
    """Instead of `upgrade_schema`: a new SQLite file gets what the first one got; all others are migrated."""

    def __init__(self, migrate: Callable[..., None]) -> None:
        self._migrate = migrate
        self._statements: list[str] = []

    def __call__(self, connection: Connection, revision: str = "head") -> None:
        is_new = connection.dialect.name == SQLITE and not inspect(connection).get_table_names()
        if not is_new or revision != "head":
            self._migrate(connection, revision)
        elif self._statements:
            for statement in (*self._statements, OWN_TRAIL):
                connection.exec_driver_sql(statement)
        else:
            self._migrate(connection)
            self._statements = database_statements(connection)


def database_statements(connection: Connection) -> list[str]:
    """The statements that make a SQLite database like this one, rows included."""
    driver: Any = connection.connection.driver_connection
    return [each for each in driver._conn.iterdump() if each not in TRANSACTION]  # noqa: SLF001  # aiosqlite's own is slow


@pytest.fixture(scope="session", autouse=True)
def _migrated_once() -> Iterator[None]:
    """Whatever migrates in this process, by whichever command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "upgrade_schema", MigratedOnce(schema.upgrade_schema))
        yield
