"""What happens by the clock happens once a day, whoever wakes up."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, open_app
from bot.cli.errors import exit_code
from bot.run.clock import announce, once_a_day, remind_of_schoolwork, verify, warn
from bot.settings import BadTokenError, GivenSettings, SettingsError
from bot.telegram.connection import AnotherInstanceError
from core.errors import (
    ConflictError,
    LeaseLostError,
    NotAllowedError,
    NotFoundError,
    StorageError,
)
from storage.database.revision import DamagedDatabaseError, NoTablesError
from storage.schema import migrate

NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


async def test_a_job_runs_once_for_each_local_date(tmp_path: Path) -> None:
    """Two wake-ups of one night, of one process or of two, run the job once; the next night runs it again."""
    settings = GivenSettings.of(data=tmp_path)
    await migrate(settings.database)
    now = NIGHT
    ran: list[datetime] = []

    async def job(app: App) -> None:
        ran.append(app.clock())

    async with open_app(settings, clock=lambda: now) as app, open_app(settings, clock=lambda: now) as standby:
        for each in (app, standby, app):
            await once_a_day(each, "verify", job, stopping=asyncio.Event())
        now += timedelta(days=1)
        await once_a_day(standby, "verify", job, stopping=asyncio.Event())
    assert ran == [NIGHT, NIGHT + timedelta(days=1)]


async def test_a_quiet_night_warns_of_nothing(tmp_path: Path) -> None:
    """With nothing owed the nightly check and the warning have nothing to say (Q71, Q75)."""
    settings = GivenSettings.of(data=tmp_path)
    await migrate(settings.database)
    async with open_app(settings, clock=lambda: NIGHT) as app:
        await verify(app)
        await warn(app)


async def test_a_school_without_lessons_says_nothing(tmp_path: Path) -> None:
    """In the morning and in the evening the jobs look, and there is nothing to tell (Q19, Q23)."""
    settings = GivenSettings.of(data=tmp_path)
    await migrate(settings.database)
    now = NIGHT
    async with open_app(settings, clock=lambda: now) as app:
        for hour in (1, 7, 20):
            now = NIGHT.replace(hour=hour)
            await announce(app)
            await remind_of_schoolwork(app)
        async with app.open_uow(reading=True) as uow:
            assert await uow.outbox.unplanned(9) == []


def test_each_kind_of_failure_has_its_exit_code() -> None:
    """Ours is 1, bad input 2, not allowed 3; what a person must mend has the code of contracts, Operation."""
    errors = (RuntimeError(), ConflictError(), LeaseLostError(), StorageError(), NotFoundError(), NotAllowedError())
    assert [exit_code(error) for error in errors] == [1, 1, 1, 1, 2, 3]
    to_mend = (SettingsError("settings.no_token"), DamagedDatabaseError(), NoTablesError(), AnotherInstanceError())
    assert [exit_code(error) for error in (*to_mend, BadTokenError())] == [2, 2, 2, 3, 75]
