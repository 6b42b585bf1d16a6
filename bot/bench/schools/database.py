"""The database of a benchmark's school."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.ports import UnitOfWorkFactory
from storage.database.engine import create_database_engine
from storage.database.revision import NoTablesError, require_current_revision
from storage.schema import migrate_schema
from storage.unit_of_work import unit_of_work_factory


def bench_database_url(file: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


@asynccontextmanager
async def migrated_bench_database(url: str) -> AsyncIterator[UnitOfWorkFactory]:
    """Units of work over a database of the newest version, while the block runs; an empty one gets its tables."""
    engine = create_database_engine(url)
    try:
        try:
            await require_current_revision(engine)
        except NoTablesError:
            await migrate_schema(url)
        yield unit_of_work_factory(engine)
    finally:
        await engine.dispose()
