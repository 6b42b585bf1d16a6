"""Copies at the command line: made, checked, put back, decided about, on both kinds of database."""

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.backup import postgres_tools
from storage.database.engine import WRITE_LOCK, create_database_engine
from storage.schema import MIGRATIONS
from tests.support.keyboard import Keyboard

PASSWORD = "a-secret-of-the-server"


@pytest.fixture
def keyboard(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Keyboard:
    """A school on each kind of database; PostgreSQL's URL bears a password, as a real one does."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    url = store_url.replace("postgresql+asyncpg://postgres@", f"postgresql://postgres:{PASSWORD}@")
    keyboard.settings.setenv("VESTNIK_DATABASE_URL", url)
    keyboard.settings.setenv("VESTNIK_LOG_LEVEL", "info")
    keyboard.employ()
    keyboard.done("held", "send", "--all")
    return keyboard


def test_a_copy_is_made_checked_and_put_back(keyboard: Keyboard, tmp_path: Path) -> None:
    """One way for both databases; each step is a sentence, and the trail is whole afterwards (Q104)."""
    copy = tmp_path / "copy"
    said = [keyboard.done("backup", copy).err, keyboard.done("restore", "--check", copy).err]
    keyboard.done("held", "send", "--all")
    said.append(keyboard.done("restore", copy).err)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "началась новая эпоха" in said[-1]
    assert "Прежняя база сохранена" in said[-1]
    assert PASSWORD not in "".join(said)
    assert keyboard.type("audit", "verify").code == 0
    assert keyboard.done("held", "list").err == "Ничего не удержано.\n"
    assert keyboard.done("held", "list", "--json").data == {"kinds": [], "broadcasts": 0}


async def _run(url: str, work: Callable[[Connection], object]) -> None:
    engine = create_database_engine(url).execution_options(**{WRITE_LOCK: True})
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()


def _one_version_back(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, "-1")


def test_a_database_is_copied_before_it_is_brought_up(keyboard: Keyboard, store_url: str) -> None:
    """An older one is refused with the command to type; `migrate` keeps a sound copy, once (Q104)."""
    asyncio.run(_run(store_url, _one_version_back))
    refused = keyboard.type("held", "list")
    assert (refused.code, "vestnik migrate" in refused.err) == (2, True)
    told = keyboard.done("migrate").err
    keyboard.done("held", "list")
    keyboard.done("migrate")
    (copy,) = (keyboard.data / "backups").glob("before-migration-*.copy")
    assert (stat.S_IMODE(copy.stat().st_mode), str(copy) in told) == (0o600, True)
    assert keyboard.done("audit", "verify").code == 0


def test_a_database_of_a_later_version_is_not_taken_back(keyboard: Keyboard, store_url: str) -> None:
    """A program put back to an earlier version refuses with a sentence and changes nothing."""
    later = text("UPDATE alembic_version SET version_num = '9999'")
    asyncio.run(_run(store_url, lambda connection: connection.execute(later)))
    for words in (("migrate",), ("held", "list")):
        refused = keyboard.type(*words)
        assert (refused.code, "более новой версии" in refused.err) == (2, True)
    assert list((keyboard.data / "backups").glob("*")) == []


def test_a_copy_cut_short_is_found(keyboard: Keyboard, tmp_path: Path) -> None:
    """`restore --check` and `restore` alike: exit 4 and a sentence, and nothing was changed (Q104)."""
    copy, torn = tmp_path / "copy", tmp_path / "torn"
    keyboard.done("backup", copy)
    torn.write_bytes(copy.read_bytes()[:-4000])
    for words in (("restore", "--check", torn), ("restore", torn)):
        outcome = keyboard.type(*words)
        assert (outcome.code, "поврежд" in outcome.err) == (4, True)
    torn.write_bytes(b"no database")
    assert keyboard.type("restore", "--check", torn).code == 4
    assert keyboard.type("audit", "verify").code == 0


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_no_work_begins_over_a_copy_put_back_by_hand(keyboard: Keyboard, tmp_path: Path) -> None:
    """Every part of `run` ends with exit 2, and so does whatever writes; `restore --in-place` decides (Q124)."""
    file, copy = tmp_path / "school.db", tmp_path / "copy.db"
    keyboard.done("backup", copy)
    keyboard.done("held", "send", "--all")
    shutil.copy(copy, file)
    for words in (("run",), ("run", "worker"), ("run", "bot"), ("run", "schedule"), ("held", "send", "--all")):
        outcome = keyboard.type(*words)
        assert (outcome.code, outcome.out) == (2, "")
        assert "vestnik restore --in-place" in outcome.err
    assert "более старая копия" in keyboard.type("audit", "verify").err
    assert keyboard.type("audit", "verify").code == 4
    assert keyboard.type("doctor").code == 4
    assert keyboard.type("audit", "anchor").code == 2
    keyboard.done("restore", "--in-place")
    assert keyboard.type("audit", "verify").code == 0
    keyboard.done("held", "send", "--all")


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_lost_anchor_is_asked_about_and_vouched_for_on_record(keyboard: Keyboard) -> None:
    """A further host or a lost data folder: no work begins until the deputy head vouches, which the trail tells."""
    with closing(sqlite3.connect(keyboard.data.parent / "school.db")) as database:
        database.execute("UPDATE audit_head SET epoch = 1")  # it has worked before
        database.commit()
    for path in keyboard.data.glob("audit-*.anchor"):
        path.unlink()
    for words in (("run", "worker"), ("held", "send", "--all"), ("run", "bot")):
        outcome = keyboard.type(*words)
        assert (outcome.code, "vestnik audit anchor" in outcome.err) == (2, True)
    assert keyboard.type("audit", "verify").code == 4
    keyboard.done("audit", "anchor")
    assert keyboard.type("audit", "verify").code == 0
    assert "audit.vouched" in keyboard.done("audit", "export").out
    keyboard.done("held", "send", "--all")


@pytest.mark.parametrize(
    "words",
    [("restore",), ("restore", "--check"), ("restore", "nowhere.db"), ("restore", "--in-place", "x"), ("held", "send"),
     ("held", "drop"), ("held", "send", "--kind", "nonsense")],
)  # fmt: skip
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_decision_needs_its_words(keyboard: Keyboard, words: tuple[str, ...]) -> None:
    """Nobody restores nothing, and nobody releases everything by forgetting an option."""
    outcome = keyboard.type(*words)
    assert (outcome.code, outcome.out) == (2, "")


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_without_postgresqls_programs_a_sentence_says_so(
    keyboard: Keyboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come with Debian's package, which the sentence names; no file is left over."""
    monkeypatch.setattr(postgres_tools, "INSTALLED", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    outcome = keyboard.type("backup", tmp_path / "copy")
    assert outcome.code == 2
    assert "postgresql-client" in outcome.err
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_the_password_is_in_no_command_line(
    keyboard: Keyboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on a machine can read command lines, so it goes to the program in its environment (Q103)."""
    folder = tmp_path / "99" / "bin"
    folder.mkdir(parents=True)
    program = folder / "pg_dump"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$0 $*" "$PGPASSWORD" "$PGHOST" > {tmp_path}/said; exit 3\n')
    program.chmod(0o755)
    monkeypatch.setattr(postgres_tools, "INSTALLED", tmp_path)
    outcome = keyboard.type("backup", tmp_path / "copy")
    command, password, host = (tmp_path / "said").read_text().splitlines()
    assert PASSWORD not in command + outcome.err + outcome.out
    assert (password, host) == (PASSWORD, "127.0.0.1")
    assert outcome.code == 1
    assert not (tmp_path / "copy").exists()
