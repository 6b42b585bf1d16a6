"""Changes single bytes of the audit trail, wherever it is kept, and counts how many changes are found (Q76)."""

import io
import random
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.bench import Figures
from bot.bench.peers.postgres import postgres_and_sqlite_databases
from bot.bench.schools.database import migrated_bench_database
from bot.documents import audit_verifier
from core.errors import SchoolError
from core.model.audit import AuditLine
from core.model.people import SYSTEM
from storage.audit import stored_audit_export_line
from storage.database.engine import create_database_engine, database_file_of_engine
from storage.database.types import moment_type_text
from storage.unit_of_work import unit_of_work_factory

CHANGES = 200
LINES = 60
HEADER = 12
"""Bytes before the first value of a row in SQLite's file: its length, number and types."""

UNNAMED = 0
"""In place of a line: the check failed as a whole, since the database is damaged."""

COLUMNS = {"role": "TEXT", "action": "TEXT", "facts": "JSON", "chain": "TEXT"}
"""The columns that are text in both databases, with their types."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail as it was written; `file` is what the SQLite file held then."""

    engine: AsyncEngine
    lines: Sequence[AuditLine]
    file: bytes | None
    folder: Path


Tampering = Callable[[Trail, random.Random], Awaitable[tuple[int, int | None]]]
"""Changes one byte; returns the line that holds it and the one that the check named, None if it found nothing."""


async def measure_audit_tampering(changes: int = CHANGES) -> Figures:
    """How many changes are found, by form: a table of either database, the SQLite file, an export."""
    dice = random.Random(42)  # noqa: S311  # dice, not secrets
    figures: dict[str, object] = {"changes": changes}
    missed = 0
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-tampering-") as name,
        postgres_and_sqlite_databases(Path(name)) as servers,
    ):
        for database, server in servers.items():
            async for form, made in tampered(database, server.create("trail"), Path(name), changes, dice):
                figures[f"{form}_found"] = sum(named is not None for _, named in made)
                figures[f"{form}_line_named"] = sum(named == line for line, named in made)
                missed += sum(named is None for _, named in made)
    return figures | {"missed": missed, "ok": not missed}


async def tampered(
    database: str, url: str, folder: Path, changes: int, dice: random.Random
) -> AsyncIterator[tuple[str, Sequence[tuple[int, int | None]]]]:
    """Each form of a new trail, with the line of each change and the line that the check named, None for nothing."""
    trail = await _written_trail(url, folder)
    for form, tamper in _forms(database, trail).items():
        yield form, [await tamper(trail, dice) for _ in range(changes)]
    await trail.engine.dispose()


def _forms(database: str, trail: Trail) -> Mapping[str, Tampering]:
    of_file: Mapping[str, Tampering] = {"sqlite_file": _in_file, "export": _in_export} if trail.file else {}
    return {f"{database}_table": _in_table, **of_file}


async def _written_trail(url: str, folder: Path) -> Trail:
    async with migrated_bench_database(url) as open_uow, open_uow() as uow:
        for number in range(LINES):
            at = datetime(2026, 11, 20, 9, microsecond=number, tzinfo=UTC)
            await uow.audit.write(SYSTEM, "message.sent", at=at, attempt=number, status="accepted", text="«Вестник»")
        await uow.commit()
    engine, file = create_database_engine(url), database_file_of_engine(url)
    unguarded = "DROP TRIGGER audit_line_no_update" if file else "ALTER TABLE audit_line DISABLE TRIGGER ALL"
    async with engine.begin() as connection:
        await connection.execute(text(unguarded))
    async with unit_of_work_factory(engine)(reading=True) as uow:
        lines = [line async for line in uow.audit.export()]
    if file is not None:
        with closing(sqlite3.connect(file)) as closed:
            closed.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Trail(engine, lines, file.read_bytes() if file else None, folder)


async def _in_table(trail: Trail, dice: random.Random) -> tuple[int, int | None]:
    """A statement replaces one character of one column, and another puts it back.

    A server that refuses the new text, since it is no JSON, gets another.
    """
    while True:
        line, column, code = dice.choice(trail.lines), dice.choice([*COLUMNS]), dice.randint(32, 126)
        read = text(f"SELECT CAST({column} AS TEXT) FROM audit_line WHERE id = :id")  # noqa: S608  # our own words
        async with trail.engine.connect() as connection:
            stored = str(await connection.scalar(read, {"id": line.id}))
        place = dice.randrange(len(stored))
        changed = stored[:place] + chr(code) + stored[place + 1 :]
        if changed != stored and await _replaced(trail, column, line.id, changed):
            named = await _named_line(trail.engine)
            await _replaced(trail, column, line.id, stored)
            return line.id, named


async def _replaced(trail: Trail, column: str, line: int, value: str) -> bool:
    as_type = COLUMNS[column] if trail.file is None else "TEXT"
    write = text(f"UPDATE audit_line SET {column} = CAST(:value AS {as_type}) WHERE id = :id")  # noqa: S608  # our own words
    try:
        async with trail.engine.begin() as connection:
            await connection.execute(write, {"value": value, "id": line})
    except exc.DBAPIError:
        return False
    return True


async def _in_file(trail: Trail, dice: random.Random) -> tuple[int, int | None]:
    """One byte of a row is changed in a copy of the file, as a disk or an editor of bytes would."""
    content, line = bytearray(trail.file or b""), dice.choice(trail.lines)
    begin = content.index((moment_type_text(line.at) or "").encode())
    end = content.index(line.chain.encode(), begin) + len(line.chain)
    content[dice.randrange(begin - HEADER, end)] ^= dice.randint(1, 255)
    copy = trail.folder / "changed.db"
    copy.write_bytes(content)
    engine = create_database_engine(f"sqlite+aiosqlite:///{copy}")
    try:
        return line.id, await _named_line(engine)
    finally:
        await engine.dispose()


async def _named_line(engine: AsyncEngine) -> int | None:
    """The line that `audit verify` names."""
    try:
        async with unit_of_work_factory(engine)(reading=True) as uow:
            flaw = await uow.audit.verify()
    except SchoolError:
        return UNNAMED
    return None if flaw is None else flaw.line


async def _in_export(trail: Trail, dice: random.Random) -> tuple[int, int | None]:
    """One byte of the export is changed; the printed verifier, which needs no Vestnik, looks for it."""
    content = bytearray("".join(stored_audit_export_line(line) + "\n" for line in trail.lines).encode())
    place = dice.randrange(len(content))
    line = content[:place].count(b"\n") + 1
    content[place] ^= dice.randint(1, 255)
    file = trail.folder / "changed.jsonl"
    file.write_bytes(content)
    with redirect_stdout(io.StringIO()):
        code = audit_verifier.main([str(file), f"{LINES}:{trail.lines[-1].chain}"])
    return line, line if code else None
