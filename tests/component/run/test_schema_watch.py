"""A process that runs for weeks looks again and again whether the database is still one of its version."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import backoff
from bot.app import App, open_app
from bot.run import schema_watch
from bot.settings import SettingsFromArguments
from core.errors import StorageError
from storage.database.revision import NewerDatabaseError, OlderDatabaseError
from storage.schema import migrate_schema

SOON = timedelta(milliseconds=20)


def settings(folder: Path) -> SettingsFromArguments:
    return SettingsFromArguments.of(data=folder, log_level="warning")


def say_version(folder: Path, version: str) -> None:
    with closing(sqlite3.connect(folder / "vestnik.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        database.commit()


@pytest.mark.parametrize(("version", "error"), [("9999", NewerDatabaseError), ("0011", OlderDatabaseError)])
async def test_a_migration_beside_a_running_process_ends_it(
    tmp_path: Path, version: str, error: type[Exception]
) -> None:
    """Whoever migrates, or puts an old copy back, without stopping the service: it ends rather than write on."""
    await migrate_schema(settings(tmp_path).database)
    async with open_app(settings(tmp_path)) as app:
        looking = asyncio.create_task(schema_watch.watch_schema_revision(app, stopping=asyncio.Event(), every=SOON))
        await asyncio.sleep(0.1)
        assert not looking.done()
        say_version(tmp_path, version)
        with pytest.raises(error):
            await asyncio.wait_for(looking, 30)


async def test_an_outage_is_waited_for_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a restart of the machine the server may come up later than we do (Q120)."""
    answers: list[type[Exception] | None] = [StorageError, StorageError, StorageError, None]

    async def answer(_: object) -> None:
        error = answers.pop(0)
        if error is not None:
            raise error

    monkeypatch.setattr(schema_watch, "require_current_revision", answer)
    monkeypatch.setattr(backoff, "FIRST", 0.02)
    async with open_app(settings(tmp_path)) as app:
        await asyncio.wait_for(schema_watch.wait_for_current_schema(app, stopping=asyncio.Event()), 30)
    assert answers == []
    assert capsys.readouterr().err.count("part.waits") == 1


async def test_waiting_and_looking_end_when_told_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop is not held up by a database that does not answer, nor by the pause between two looks."""

    async def silent(_: object) -> None:
        raise StorageError

    monkeypatch.setattr(schema_watch, "require_current_revision", silent)
    stopping = asyncio.Event()
    async with open_app(settings(tmp_path)) as app:
        waiting = asyncio.gather(_both(app, stopping))
        await asyncio.sleep(0.1)
        stopping.set()
        await asyncio.wait_for(waiting, 3)
    assert waiting.done()


async def _both(app: App, stopping: asyncio.Event) -> None:
    await asyncio.gather(
        schema_watch.wait_for_current_schema(app, stopping=stopping),
        schema_watch.watch_schema_revision(app, stopping=stopping),
    )
