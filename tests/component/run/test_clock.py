"""What happens by the clock happens once a day, whoever wakes up."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import repeat
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from structlog.testing import capture_logs

from bot.app import App, open_app
from bot.cli.errors import error_exit_code
from bot.conversation.line.connection import AnotherInstanceError
from bot.run import clock
from bot.run.clock import (
    announce_changes_by_clock,
    daily_clock_jobs,
    remind_schoolwork_by_clock,
    run_clock_jobs,
    verify_obligations_by_clock,
    warn_lateness_by_clock,
)
from bot.run.job_runs import Job, run_job_each_night
from bot.settings import BadTokenError, SettingsError, SettingsFromArguments
from core.actions.delivery import obligations
from core.actions.delivery.obligations import ObligationDifference
from core.errors import (
    ConflictError,
    LeaseLostError,
    NotAllowedError,
    NotFoundError,
    StorageError,
)
from storage.database.revision import DamagedDatabaseError, NoTablesError
from storage.schema import migrate_schema

NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


async def test_a_job_runs_once_for_each_night(tmp_path: Path) -> None:
    """Two wake-ups of one night, of one process or of two, run the job once; the next night runs it again."""
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    now = NIGHT
    ran: list[datetime] = []

    async def job(app: App) -> None:
        ran.append(app.clock())

    async with open_app(settings, clock=lambda: now) as app, open_app(settings, clock=lambda: now) as standby:
        for each in (app, standby, app):
            await run_job_each_night(each, "verify", job, stopping=asyncio.Event())
        now += timedelta(days=1)
        await run_job_each_night(standby, "verify", job, stopping=asyncio.Event())
    assert ran == [NIGHT, NIGHT + timedelta(days=1)]


@pytest.mark.parametrize(
    ("starts", "runs"),
    [
        (["27 05:00"], 1),
        (["26 20:29", "27 05:00"], 2),
        (["27 00:29", "27 05:00"], 2),
        (["27 00:31", "27 05:00", "27 20:00"], 1),
        (["24 12:00", "30 12:00"], 2),
        (["26 05:00", "27 00:00"], 1),
    ],
)
async def test_what_the_night_missed_runs_at_the_next_start(tmp_path: Path, starts: list[str], runs: int) -> None:
    """A machine that is off at 03:30 makes up for it when it is switched on, once for each night (Q71, Q127).

    Moments are UTC, three hours behind the school. A start before 03:30 belongs to the night before, so that the
    coming night is not skipped.
    """
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    moments = [datetime.strptime(f"2026-10-{each}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) for each in starts]
    ran: list[datetime] = []

    async def job(app: App) -> None:
        ran.append(app.clock())

    for moment in moments:
        async with open_app(settings, clock=partial(next, repeat(moment))) as app:
            await run_job_each_night(app, "verify", job, stopping=asyncio.Event())
    assert len(ran) == runs


async def test_every_job_is_asked_for_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock waits for no hour first: a machine that runs for ten minutes a day does the jobs of its night.

    Results and obligations are compared at every start, whatever the night did (Q71).
    """
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    asked, stopping = asyncio.Queue[str](), asyncio.Event()

    def noting(name: str) -> Job:
        async def job(_app: App) -> None:
            await asked.put(name)

        return job

    def noted_jobs(app: App) -> list[tuple[Mapping[str, int | str], str, Job]]:
        return [(fields, name, noting(name)) for fields, name, _ in daily_clock_jobs(app)]

    monkeypatch.setattr(clock, "NIGHTLY_JOBS", {name: noting(name) for name in clock.NIGHTLY_JOBS})
    monkeypatch.setattr(clock, "daily_clock_jobs", noted_jobs)
    async with open_app(settings) as app, asyncio.timeout(10):
        every_start = {"verify", *(name for _, name, _ in daily_clock_jobs(app))}
        for _ in range(2):
            running = asyncio.create_task(run_clock_jobs(app, stopping=stopping))
            first = {*clock.NIGHTLY_JOBS, *every_start} if _ == 0 else every_start
            assert {await asked.get() for _ in first} == first
            stopping.set()
            await running
            stopping.clear()
    assert asked.empty()


async def test_a_quiet_night_warns_of_nothing(tmp_path: Path) -> None:
    """With nothing owed the nightly check and the warning have nothing to say (Q71, Q75)."""
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    async with open_app(settings, clock=lambda: NIGHT) as app:
        await verify_obligations_by_clock(app)
        await warn_lateness_by_clock(app)


async def test_a_school_that_differs_wholly_is_one_short_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of facts are counted, ten are named, and the comparison takes no longer for their number (Q71)."""
    differences = [ObligationDifference(f"exam_result:{number}", "notice") for number in range(20_000)]
    monkeypatch.setattr("bot.run.clock.SECOND_LOOK", 0)
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    async with open_app(settings, clock=lambda: NIGHT) as app:
        with monkeypatch.context() as found, capture_logs() as logs:
            found.setattr(obligations, "verify_obligations", AsyncMock(return_value=differences))
            await verify_obligations_by_clock(app)
    (line,) = [each for each in logs if each["event"] == "obligations.differ"]
    assert (line["count"], len(line["facts"])) == (20_000, 10)


async def test_a_school_without_lessons_says_nothing(tmp_path: Path) -> None:
    """In the morning and in the evening the jobs look, and there is nothing to tell (Q19, Q23)."""
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    now = NIGHT
    async with open_app(settings, clock=lambda: now) as app:
        for hour in (1, 7, 20):
            now = NIGHT.replace(hour=hour)
            await announce_changes_by_clock(app)
            await remind_schoolwork_by_clock(app)
        async with app.open_uow(reading=True) as uow:
            assert await uow.outbox.unplanned(9) == []


def test_each_kind_of_failure_has_its_exit_code() -> None:
    """Ours is 1, bad input 2, not allowed 3; what a person must mend has the code of contracts, Operation."""
    errors = (RuntimeError(), ConflictError(), LeaseLostError(), StorageError(), NotFoundError(), NotAllowedError())
    assert [error_exit_code(error) for error in errors] == [1, 1, 1, 1, 2, 3]
    to_mend = (SettingsError("settings.no_token"), DamagedDatabaseError(), NoTablesError(), AnotherInstanceError())
    assert [error_exit_code(error) for error in (*to_mend, BadTokenError())] == [2, 2, 2, 3, 75]
