"""The doctor lives on whatever is broken, and says all of it with what to do (exit code 4; 2 for wrong settings)."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import doctor
from tests.support.keyboard import Keyboard


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school of this version that has a bot and has not chosen yet what may be said over it."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.settings.setenv("VESTNIK_LANGUAGE", "en")
    keyboard.settings.setenv("VESTNIK_BOT_TOKEN", "1:a")
    keyboard.open_school()
    return keyboard


def garbage(file: Path) -> None:
    file.write_bytes(b"not a database " * 1000)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[8 * 4096 : 40 * 4096] = b"\xa5" * (32 * 4096)
    file.write_bytes(content)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir(mode=0o700)


def gone(file: Path) -> None:
    file.unlink()


def older(file: Path) -> None:
    run(file, "UPDATE alembic_version SET version_num = '0011'")


def newer(file: Path) -> None:
    run(file, "UPDATE alembic_version SET version_num = '9999'")


def foreign(file: Path) -> None:
    file.unlink()
    run(file, "CREATE TABLE orders (id integer)")
    file.chmod(0o600)


def run(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


BROKEN = [
    (garbage, "restore"),
    (cut, "restore"),
    (folder, "VESTNIK_DATABASE_URL"),
    (gone, "vestnik migrate"),
    (older, "vestnik backup"),
    (newer, "newer version"),
    (foreign, "not one of Vestnik"),
]


@pytest.mark.parametrize(("damage", "needed"), BROKEN)
def test_a_broken_database_is_one_finding_among_others(
    keyboard: Keyboard, damage: Callable[[Path], None], needed: str
) -> None:
    """What to do is said, the settings are judged too, and no command works on; nothing ends in a trace."""
    damage(keyboard.data / "vestnik.db")
    seen = keyboard.type("doctor")
    assert seen.code == 4
    assert needed in seen.out
    assert "VESTNIK_TELEGRAM_POLICY" in seen.out
    for command in (("obligations",), ("run",), ("audit", "verify")):
        refused = keyboard.type(*command)
        assert (refused.code, refused.out) == (2, "")
        assert needed in refused.err
        assert "Traceback" not in refused.err


def test_a_page_that_was_overwritten_is_found(keyboard: Keyboard) -> None:
    """The doctor reads every page, so damage is found before a family's question meets it."""
    overwritten(keyboard.data / "vestnik.db")
    seen = keyboard.type("doctor")
    assert seen.code == 4
    assert "restore" in seen.out


def test_a_server_that_refuses_or_is_silent_is_a_finding(keyboard: Keyboard, postgres_template: str) -> None:
    """A wrong user is told apart from a server that does not run."""
    keyboard.settings.setenv("VESTNIK_DATABASE_URL", postgres_template.replace("postgres@", "nobody@"))
    seen = keyboard.type("doctor")
    assert (seen.code, "user and password" in seen.out) == (4, True)
    keyboard.settings.setenv("VESTNIK_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/school")
    seen = keyboard.type("doctor")
    assert (seen.code, "does not answer" in seen.out) == (4, True)


def test_a_check_that_fails_in_an_unknown_way_ends_no_other(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The type of the error is told, never its text."""

    async def fail(_: object) -> None:
        raise ZeroDivisionError("Канарейкин")

    monkeypatch.setattr(doctor, "require_current_revision", fail)
    seen = keyboard.type("doctor")
    assert seen.code == 4
    assert "database (ZeroDivisionError)" in seen.out
    assert "VESTNIK_TELEGRAM_POLICY" in seen.out
    assert "Канарейкин" not in seen.out + seen.err


def test_open_files_and_folders_are_told(keyboard: Keyboard) -> None:
    """Everything in the data folder counts: a copy that somebody laid there too."""
    keyboard.settings.delenv("VESTNIK_BOT_TOKEN")
    assert keyboard.type("doctor").code == 0
    (keyboard.data / "copy.db").touch(mode=0o644)
    (keyboard.data / "signing.key").chmod(0o640)
    keyboard.data.chmod(0o755)
    seen = keyboard.type("doctor")
    assert seen.code == 4
    assert f"chmod 700 {keyboard.data}" in seen.out
    for name in ("copy.db", "signing.key"):
        assert f"chmod 600 {name}" in seen.out
    assert "vestnik.db" not in seen.out


def test_wrong_settings_are_told_at_once_and_first(keyboard: Keyboard) -> None:
    """With wrong settings nothing else can be judged: exit 2 and a line for each."""
    keyboard.settings.setenv("VESTNIK_LEASE", "PT0S")
    keyboard.settings.setenv("VESTNIK_RECEIPTS_LISTEN", "127.0.0.1:70000")
    (keyboard.data / "signing.key").write_bytes(b"")
    seen = keyboard.type("doctor")
    assert (seen.code, seen.out) == (2, "")
    assert [word in seen.err for word in ("VESTNIK_LEASE", "VESTNIK_RECEIPTS_LISTEN", "signing.key")] == [True] * 3
    assert len(seen.err.splitlines()) == 3
