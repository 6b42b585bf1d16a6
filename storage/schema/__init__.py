"""The tables, a module for each noun of `core/model`; columns and dataclass fields bear the same names."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.database.engine import WRITE_LOCK, create_engine
from storage.database.failures import convert_driver_failures
from storage.database.revision import require_migratable_revision
from storage.schema import (
    audit,
    broadcast,
    conversation,
    delivery,
    imports,
    marks,
    numbering,
    paper,
    people,
    register,
    results,
    schoolwork,
    timetable,
    year,
)
from storage.schema.names import metadata

__all__ = [
    "audit",
    "broadcast",
    "conversation",
    "delivery",
    "imports",
    "marks",
    "metadata",
    "migrate",
    "numbering",
    "paper",
    "people",
    "register",
    "results",
    "schoolwork",
    "timetable",
    "year",
]

MIGRATIONS = Path(__file__).parent.parent / "migrations"


async def migrate(url: str) -> None:
    """Bring the database of a URL to the present tables, in one transaction; an up-to-date one stays as it is.

    WrongDatabaseError for one that is newer, damaged or not ours; else StorageError by its kind, as units of work do.
    """
    engine = create_engine(url)
    try:
        await require_migratable_revision(engine)
        with convert_driver_failures():
            async with engine.execution_options(**{WRITE_LOCK: True}).begin() as connection:
                await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the steps up to a revision on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
