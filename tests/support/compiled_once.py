"""SQL statements are compiled once in a test process, not once for each engine: that was a quarter of the suite's time.

SQLAlchemy keeps compiled statements by the dialect object of the engine, and each test opens engines of its own.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

Key = tuple[Any, ...]


class CompiledStatements(dict[Key, Any]):
    """Compiled statements by the kind of the dialect and the rest of SQLAlchemy's key."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(_of_kind(key), compiled)


def _of_kind(key: Key) -> Key:
    dialect, *rest = key
    return type(dialect), *rest


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Every connection of the process takes its statements from one place."""
    statements = CompiledStatements()

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)

    event.listen(Engine, "engine_connect", share)
    yield
    event.remove(Engine, "engine_connect", share)
