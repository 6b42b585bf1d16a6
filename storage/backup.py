"""A copy of the school's database while it works, and whether a copy can be trusted (Q104)."""

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from core.errors import SchoolError, StorageError
from storage import closed_files
from storage.engine import create_engine
from storage.types import SQLITE
from storage.unit_of_work import open_factory


class OtherToolError(SchoolError):
    """A PostgreSQL database is backed up with pg_dump and restored with pg_restore."""


async def back_up(url: str, target: Path) -> None:
    """Write one consistent copy, closed to others; writers are not held up.

    Raises OSError for the copy's place, OtherToolError, StorageError.
    """
    source = make_url(url)
    if source.get_backend_name() != SQLITE or not source.database:
        raise OtherToolError
    await asyncio.to_thread(_copy, Path(source.database), target)


def _copy(source: Path, target: Path) -> None:
    if not closed_files.make_file(target):
        raise FileExistsError
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error:
        target.unlink()
        raise StorageError from None


async def fault_of(backup: Path) -> str | None:
    """What is wrong with a copy: its pages, its references or its audit chain; None: it can be restored.

    The check works on a copy of the copy, since opening a database may write to its file.
    """
    with tempfile.TemporaryDirectory(prefix="vestnik-check-") as folder:
        copy = Path(folder) / "copy.db"
        await asyncio.to_thread(shutil.copy, backup, copy)
        return await asyncio.to_thread(_fault_of_file, copy) or await _fault_of_chain(copy)


def _fault_of_file(copy: Path) -> str | None:
    try:
        with closing(sqlite3.connect(copy)) as database:
            (pages,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = database.execute("PRAGMA foreign_key_check").fetchone()
            tables = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_line'").fetchone()
    except sqlite3.Error:
        return "not_a_database"
    if pages != "ok":
        return "pages"
    if tables is None:
        return "not_a_school"
    return "references" if dangling else None


async def _fault_of_chain(copy: Path) -> str | None:
    engine = create_engine(f"sqlite:///{copy}")
    try:
        async with open_factory(engine)(reading=True) as uow:
            return "audit" if await uow.audit.verify() is not None else None
    finally:
        await engine.dispose()
