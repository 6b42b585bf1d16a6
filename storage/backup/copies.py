"""Copies the database while the school works, checks such a copy, and restores it (Q104, Q124)."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import URL, make_url

from core.errors import SchoolError, StorageError
from storage import closed_files
from storage.backup import postgres_tools
from storage.database.engine import create_database_engine, database_file_of_engine
from storage.database.revision import NewerDatabaseError, WrongDatabaseError
from storage.schema import migrate_schema
from storage.unit_of_work import unit_of_work_factory

SQLITE_HEADER = b"SQLite format 3\0"

Prepared = TypeVar("Prepared")
Prepare = Callable[[str], Awaitable[Prepared]]
"""Is called with the URL of a database that has the content of the copy."""


class CopyRefusedError(SchoolError):
    """A copy that cannot be restored. `fault`: the key of the sentence that says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


async def write_backup_copy(url: str, target: Path) -> None:
    """Writes a consistent copy that only its owner can read; other processes may go on writing.

    Raises FileExistsError, another OSError if `target` cannot be written, ToolMissingError, StorageError.
    """
    await asyncio.to_thread(_back_up, make_url(url), target)


def _back_up(source: URL, target: Path) -> None:
    file = database_file_of_engine(source)
    if not closed_files.make_closed_file(target):
        raise FileExistsError
    try:
        if file is None:
            postgres_tools.dump_postgres(source, target)
        else:
            _copy(file, target)
    except SchoolError:
        target.unlink()
        raise


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error:
        raise StorageError from None


async def backup_copy_fault(backup: Path) -> str | None:
    """What is wrong with a copy: its pages, references, version or audit trail; None if it can be restored.

    The check opens a second copy, since opening a database may write to its file.
    """
    if await asyncio.to_thread(_begins_with, backup, postgres_tools.DUMP_HEADER):
        return await asyncio.to_thread(postgres_tools.postgres_dump_fault, backup)
    with tempfile.TemporaryDirectory(prefix="vestnik-check-") as folder:
        copy = Path(folder) / "copy.db"
        await asyncio.to_thread(shutil.copy, backup, copy)
        return await asyncio.to_thread(_fault_of_file, copy) or await _fault_of_school(f"sqlite:///{copy}")


def _begins_with(file: Path, header: bytes) -> bool:
    with file.open("rb") as content:
        return content.read(len(header)) == header


def _fault_of_file(copy: Path) -> str | None:
    try:
        with closing(sqlite3.connect(copy)) as database:
            (size,) = database.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            ).fetchone()
            (pages,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = database.execute("PRAGMA foreign_key_check").fetchone()
            tables = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_line'").fetchone()
    except sqlite3.Error:  # the pages that are missing may be those of the tables that were asked for
        return "pages" if _begins_with(copy, SQLITE_HEADER) else "not_a_database"
    if pages != "ok" or size != copy.stat().st_size:
        return "pages"
    if tables is None:
        return "not_a_school"
    return "references" if dangling else None


async def _fault_of_school(url: str) -> str | None:
    """Checks version and audit trail. A copy of an earlier version is migrated first, as when it is restored."""
    try:
        await migrate_schema(url)
    except NewerDatabaseError:
        return "newer"
    except WrongDatabaseError:
        return "not_a_school"
    engine = create_database_engine(url)
    try:
        async with unit_of_work_factory(engine)(reading=True) as uow:
            return "audit" if await uow.audit.verify() is not None else None
    finally:
        await engine.dispose()


async def restore_backup_copy(
    backup: Path, url: str, prepare: Prepare[Prepared], *, aside: Path, forced: bool
) -> tuple[Prepared, Path | None]:
    """Replaces the database by a copy; returns the result of `prepare`, and the path of the old database or None.

    `prepare` works on the copy before other processes do. `aside`: the path for a copy of a server's old database; the
    old file of SQLite gets the same name in its own folder. Raises CopyRefusedError, AtWorkError unless `forced`,
    ToolMissingError, StorageError; then nothing was changed.
    """
    target = make_url(url)
    file = database_file_of_engine(target)
    if await asyncio.to_thread(_begins_with, backup, SQLITE_HEADER if file is None else postgres_tools.DUMP_HEADER):
        raise CopyRefusedError("other_database")
    fault = await backup_copy_fault(backup)
    if fault is not None:
        raise CopyRefusedError(fault)
    if file is not None:
        beside = file.with_name(aside.name)
        return await _restore_file(backup, file, prepare, aside=beside, forced=forced)
    if not forced:
        await asyncio.to_thread(postgres_tools.require_restorable_postgres, target)
    await write_backup_copy(url, aside)
    await asyncio.to_thread(postgres_tools.restore_postgres_dump, backup, target)
    await migrate_schema(url)
    return await prepare(url), aside


async def _restore_file(
    backup: Path, file: Path, prepare: Prepare[Prepared], *, aside: Path, forced: bool
) -> tuple[Prepared, Path | None]:
    """Prepares the copy beside the database and then gives it the database's name in one step."""
    closed_files.make_closed_folder(file.parent)
    if not forced:
        await asyncio.to_thread(_require_alone, file)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=file.parent) as folder:
        ready = Path(folder) / "ready.db"
        await asyncio.to_thread(shutil.copyfile, backup, ready)
        ready.chmod(closed_files.FILE)
        await migrate_schema(f"sqlite:///{ready}")
        prepared = await prepare(f"sqlite:///{ready}")
        if not forced:
            await asyncio.to_thread(_require_alone, file)
        return prepared, await asyncio.to_thread(_swap, ready, file, aside)


def _require_alone(file: Path) -> None:
    """Raises AtWorkError while another process has the database open.

    SQLite can leave the WAL mode only if no other process is connected. A file that SQLite cannot read has no users.
    """
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, timeout=1)) as database:
            database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise postgres_tools.AtWorkError from None
    except sqlite3.DatabaseError:
        return


def _swap(ready: Path, file: Path, aside: Path) -> Path | None:
    """Gives the new file the database's name. The old file stays as `aside`, with its -wal and -shm."""
    kept = aside if file.exists() else None
    if kept is not None:
        os.link(file, kept)
        kept.chmod(closed_files.FILE)
    for end in ("-wal", "-shm"):  # beside the new file SQLite would take them for its own
        rest = file.with_name(file.name + end)
        if rest.exists():
            rest.rename(aside.with_name(aside.name + end))
    with ready.open("rb") as content:
        os.fsync(content.fileno())
    ready.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return kept
