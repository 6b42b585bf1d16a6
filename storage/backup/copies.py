"""A copy of the school's database while it works, whether a copy can be trusted, and putting one back (Q104, Q124)."""

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
from storage.database.engine import create_engine, file_of
from storage.database.revision import NewerDatabaseError, WrongDatabaseError
from storage.schema import migrate
from storage.unit_of_work import open_factory

SQLITE_BEGINS = b"SQLite format 3\0"

Prepared = TypeVar("Prepared")
Prepare = Callable[[str], Awaitable[Prepared]]
"""Gets the URL of a database that holds the copy."""


class CopyRefusedError(SchoolError):
    """A copy that cannot be put back; `fault` names the sentence."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


async def back_up(url: str, target: Path) -> None:
    """Write one consistent copy, closed to others; writers are not held up.

    Raises OSError for the copy's place, `pg_tools.ToolMissingError`, StorageError.
    """
    await asyncio.to_thread(_back_up, make_url(url), target)


def _back_up(source: URL, target: Path) -> None:
    file = file_of(source)
    if not closed_files.make_file(target):
        raise FileExistsError
    try:
        if file is None:
            postgres_tools.dump(source, target)
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


async def fault_of(backup: Path) -> str | None:
    """What is wrong with a copy: its pages, its references, its version or its audit chain; None: it can be restored.

    The check works on a copy of the copy, since opening a database may write to its file.
    """
    if await asyncio.to_thread(_begins, backup, postgres_tools.BEGINS):
        return await asyncio.to_thread(postgres_tools.fault_of, backup)
    with tempfile.TemporaryDirectory(prefix="vestnik-check-") as folder:
        copy = Path(folder) / "copy.db"
        await asyncio.to_thread(shutil.copy, backup, copy)
        return await asyncio.to_thread(_fault_of_file, copy) or await _fault_of_school(f"sqlite:///{copy}")


def _begins(file: Path, with_: bytes) -> bool:
    with file.open("rb") as content:
        return content.read(len(with_)) == with_


def _fault_of_file(copy: Path) -> str | None:
    try:
        with closing(sqlite3.connect(copy)) as database:
            (size,) = database.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            ).fetchone()
            (pages,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = database.execute("PRAGMA foreign_key_check").fetchone()
            tables = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_line'").fetchone()
    except sqlite3.Error:
        return "not_a_database"
    if pages != "ok" or size != copy.stat().st_size:
        return "pages"
    if tables is None:
        return "not_a_school"
    return "references" if dangling else None


async def _fault_of_school(url: str) -> str | None:
    """Its version and its audit chain: a copy of an earlier version is brought up to date, as when it is restored."""
    try:
        await migrate(url)
    except NewerDatabaseError:
        return "newer"
    except WrongDatabaseError:
        return "not_a_school"
    engine = create_engine(url)
    try:
        async with open_factory(engine)(reading=True) as uow:
            return "audit" if await uow.audit.verify() is not None else None
    finally:
        await engine.dispose()


async def put_back(
    backup: Path, url: str, prepare: Prepare[Prepared], *, aside: Path, forced: bool
) -> tuple[Prepared, Path | None]:
    """Replace the database by a sound copy; what `prepare` returned, and where the old one is kept.

    `prepare` sees the copy before anybody else works with it. `aside` is where a server's old database goes; a file
    keeps that name in its own folder; None comes back where there was none. Raises CopyRefusedError, AtWorkError
    unless `forced`, ToolMissingError, StorageError; then nothing was changed.
    """
    target = make_url(url)
    file = file_of(target)
    if await asyncio.to_thread(_begins, backup, SQLITE_BEGINS if file is None else postgres_tools.BEGINS):
        raise CopyRefusedError("other_database")
    fault = await fault_of(backup)
    if fault is not None:
        raise CopyRefusedError(fault)
    if file is not None:
        beside = file.with_name(aside.name)
        return await _put_file_back(backup, file, prepare, aside=beside, forced=forced)
    if not forced:
        await asyncio.to_thread(postgres_tools.require_alone, target)
    await back_up(url, aside)
    await asyncio.to_thread(postgres_tools.replace, backup, target)
    await migrate(url)
    return await prepare(url), aside


async def _put_file_back(
    backup: Path, file: Path, prepare: Prepare[Prepared], *, aside: Path, forced: bool
) -> tuple[Prepared, Path | None]:
    """The copy is made ready beside the database and takes its name in one step."""
    closed_files.make_folder(file.parent)
    if not forced:
        await asyncio.to_thread(_require_alone, file)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=file.parent) as folder:
        ready = Path(folder) / "ready.db"
        await asyncio.to_thread(shutil.copyfile, backup, ready)
        ready.chmod(closed_files.FILE)
        await migrate(f"sqlite:///{ready}")
        prepared = await prepare(f"sqlite:///{ready}")
        if not forced:
            await asyncio.to_thread(_require_alone, file)
        return prepared, await asyncio.to_thread(_swap, ready, file, aside)


def _require_alone(file: Path) -> None:
    """AtWorkError while another process has the database open: SQLite leaves its log only where nobody else is.

    A database that cannot be read is nobody's any more.
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
    """The old file is kept under the name `aside` with what belongs to it, and the new one is on the disk."""
    kept = aside if file.exists() else None
    if kept is not None:
        os.link(file, kept)
        kept.chmod(closed_files.FILE)
    for end in ("-wal", "-shm"):  # of the old file: beside the new one they would be taken for its own
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
