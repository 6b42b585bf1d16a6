"""A new version of the program: the database is copied, then brought up to date; no way leads back."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import revision
from storage.database.engine import create_database_engine
from storage.schema import upgrade_schema
from tests.support.keyboard import Keyboard

EARLIER = revision.KNOWN[len(revision.KNOWN) // 2]


def version_of(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    return keyboard


async def test_an_older_database_is_copied_before_it_is_migrated(keyboard: Keyboard) -> None:
    """The copy is of the earlier version, and only its owner can read it; a second run copies nothing."""
    file = keyboard.data / "vestnik.db"
    for each in keyboard.data.glob("vestnik.db*"):
        each.unlink()
    engine = create_database_engine(f"sqlite:///{file}")
    async with engine.begin() as connection:
        await connection.run_sync(upgrade_schema, EARLIER)
    await engine.dispose()
    file.chmod(0o600)
    for _ in range(2):
        await asyncio.to_thread(keyboard.done, "migrate")
    assert version_of(file) == revision.LATEST
    (copy,) = (keyboard.data / "backups").iterdir()
    assert (version_of(copy), copy.stat().st_mode & 0o777) == (EARLIER, 0o600)


def test_a_database_of_a_newer_version_is_refused_and_not_touched(keyboard: Keyboard) -> None:
    """An older program says so with exit code 2, for `migrate` as for `run`."""
    file = keyboard.data / "vestnik.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = file.read_bytes()
    for command in ("migrate", "run"):
        refused = keyboard.type(command)
        assert (refused.code, "более новой версии" in refused.err) == (2, True)
    assert file.read_bytes() == before
    assert not (keyboard.data / "backups").exists()
