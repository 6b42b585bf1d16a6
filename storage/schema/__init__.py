"""The tables, one module a subject. A column has the name of the field of `core/model` that it stores."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy import Connection

from storage.database.engine import WRITE_LOCK, create_database_engine
from storage.database.failures import convert_database_failures
from storage.database.revision import require_migratable_revision
from storage.schema.names import metadata

__all__ = ["metadata", "migrate_schema"]

for _module in iter_modules(__path__):  # each defines tables; `metadata` must know all of them
    import_module(f"{__name__}.{_module.name}")

MIGRATIONS = Path(__file__).parent.parent / "migrations"


async def migrate_schema(url: str) -> None:
    """Migrates the database of a URL to this version, in one transaction; a current one is not changed.

    Raises WrongDatabaseError for one that is newer, damaged or foreign; StorageError by its kind, as units of work do.
    """
    engine = create_database_engine(url)
    try:
        await require_migratable_revision(engine)
        with convert_database_failures():
            async with engine.execution_options(**{WRITE_LOCK: True}).begin() as connection:
                await connection.run_sync(upgrade_schema)
    finally:
        await engine.dispose()


def upgrade_schema(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations up to a revision on an open connection."""
    from alembic import command  # noqa: PLC0415  # 0.3 s, and every command of the command line reads the tables
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
