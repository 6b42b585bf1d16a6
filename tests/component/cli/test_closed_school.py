"""All that the command line makes is its owner's alone, and what it says of an error holds no contents (Q126)."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import paper
from bot.settings import settings_source_for_child
from core.actions.paper.queue import ClassBatch
from tests.support.keyboard import Keyboard

CANARY = "Канарейкин"

PROGRAM = """
import bot.cli, bot.cli.school
from sqlalchemy import text

async def broken(*_, stopping):
    from bot.app import bootstrap_app
    from bot.settings import Settings
    app = bootstrap_app(Settings.load())
    async with app.engine.connect() as connection:
        await connection.execute(text("SELECT nothing FROM person WHERE name = :name"), {"name": "Канарейкин"})

bot.cli.school.run_supervised_parts = broken
raise SystemExit(bot.cli.main(["--debug", "run"]))
"""


@pytest.fixture(autouse=True)
def _generous() -> Iterator[None]:
    """The umask of most machines, which leaves new files open to be read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_that_the_command_line_makes_is_closed(
    keyboard: Keyboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings, key, database with its log, copies, printed pages: 0600 in 0700, even while they are written."""
    folders, seen = (keyboard.data, tmp_path / "copies", tmp_path / "print"), set()
    folders[1].mkdir(mode=0o700)
    replace = Path.replace

    def watched(draft: Path, target: Path) -> Path:
        seen.add(mode(draft))
        return replace(draft, target)

    async def batches(*_: object, **__: object) -> list[ClassBatch]:
        return [ClassBatch("", ())]

    async def pdf_of(*_: object, **__: object) -> bytes:
        return b"%PDF-1.7"

    monkeypatch.setattr(Path, "replace", watched)
    monkeypatch.setattr(paper, "_batches", batches)
    monkeypatch.setattr("bot.paper.print_queue.print_queue_batches_pdf", pdf_of)
    keyboard.done(
        "init", "--school", 'Школа "Росток"', "--marks", "bot", "--telegram-policy", "full", "--bot-token", ""
    )
    keyboard.done("backup", folders[1] / "copy.db")
    keyboard.done("paper", "print", "--out", folders[2] / "extracts.pdf")
    files = [file for folder in folders for file in folder.rglob("*")]
    assert {"vestnik.env", "signing.key", "vestnik.db", "copy.db", "extracts.pdf"} <= {file.name for file in files}
    assert [file.name for file in files if mode(file) != 0o600] == []
    assert [mode(folder) for folder in folders] == [0o700] * 3
    assert seen == {0o600}
    assert 'Школа \\"Росток\\"' in (keyboard.data / "vestnik.env").read_text(encoding="utf-8")


def test_the_log_beside_the_database_is_closed_while_it_is_in_use(keyboard: Keyboard) -> None:
    """SQLite's -wal and -shm hold the newest rows."""
    keyboard.open_school()
    holder = sqlite3.connect(keyboard.data / "vestnik.db")
    holder.execute("CREATE TABLE t (x)")
    modes = {file.name: mode(file) for file in keyboard.data.iterdir() if file.name.startswith("vestnik.db")}
    holder.close()
    assert modes == {"vestnik.db": 0o600, "vestnik.db-wal": 0o600, "vestnik.db-shm": 0o600}


def test_what_an_earlier_version_left_open_is_closed_and_said(keyboard: Keyboard) -> None:
    """A school that was open since its first day is closed by the next command."""
    keyboard.open_school()
    keyboard.data.chmod(0o755)
    for file in keyboard.data.iterdir():
        file.chmod(0o644)
    outcome = keyboard.done("obligations")
    assert "теперь их читает только владелец" in outcome.err
    assert mode(keyboard.data) == 0o700
    assert {mode(file) for file in keyboard.data.iterdir()} == {0o600}
    assert "только владелец" not in keyboard.done("obligations").err


def test_an_open_copy_is_checked_in_a_closed_place(keyboard: Keyboard, tmp_path: Path) -> None:
    """A copy put somewhere by hand stays as it is, and its check makes nothing open."""
    keyboard.open_school()
    keyboard.done("backup", tmp_path / "copy.db")
    shutil.copyfile(tmp_path / "copy.db", tmp_path / "open.db")
    keyboard.done("restore", "--check", tmp_path / "open.db")
    assert mode(tmp_path / "open.db") == 0o644


@pytest.mark.parametrize("place", ["nowhere/copy.db", "file/copy.db"])
def test_a_place_that_cannot_be_written_is_a_sentence(keyboard: Keyboard, tmp_path: Path, place: str) -> None:
    """Bad input, not our fault."""
    keyboard.open_school()
    (tmp_path / "file").touch()
    outcome = keyboard.type("backup", tmp_path / place)
    assert outcome.code == 2
    assert place in outcome.err


def test_debugging_a_running_school_shows_frames_only(keyboard: Keyboard) -> None:
    """Neither statement nor parameter nor any text of the error: where it came from, for whoever mends it."""
    keyboard.open_school()
    known = settings_source_for_child({"DATA": str(keyboard.data)})
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=known, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 1, ended.stderr
    assert "base.py:" in ended.stderr
    assert " broken" in ended.stderr
    assert [word for word in (CANARY, "SELECT", "nothing", "Traceback") if word in ended.stdout + ended.stderr] == []
