"""`vestnik schedule` at the keyboard: what the clock did, what comes next, what was missed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.run.clock import NIGHTLY_JOBS
from bot.run.job_runs import run_job_each_night
from bot.settings import Settings
from core.model.delivery.job_runs import JobStep
from core.rules.delivery.nights import latest_night
from tests.support.keyboard import Keyboard


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    board = Keyboard(tmp_path / "school", capsys, monkeypatch)
    board.open_school()
    return board


async def _nothing(_app: App) -> None:
    """A job that ends well."""


async def _work_nightly() -> None:
    """All nightly jobs of this night end well; three nights ago the first did so too, and the second failed today."""
    async with open_app(Settings.load()) as app:
        for name in NIGHTLY_JOBS:
            await run_job_each_night(app, name, _nothing, stopping=asyncio.Event())
        night, now = latest_night(app.clock(), app.policy), datetime.now(UTC)
        async with app.open_uow() as uow:
            await uow.leases.note_job("verify", night - timedelta(days=3), JobStep.DONE, at=now - timedelta(days=3))
            await uow.leases.note_job("endings", night, JobStep.FAILED, at=now + timedelta(minutes=1))
            await uow.commit()


def test_a_new_school_sees_what_waits_for_the_first_start(keyboard: Keyboard) -> None:
    """Nothing has run and nothing is late: the jobs begin with the first start; the table names each."""
    outcome = keyboard.done("schedule")
    assert outcome.err.startswith("«Вестник» ещё не работал: задания начнутся с первым `vestnik run`.")
    assert "ночная сверка" in outcome.out
    assert outcome.out.count("ещё не выполнялось") >= len(NIGHTLY_JOBS)


def test_what_ran_what_failed_and_what_was_missed_is_told(keyboard: Keyboard) -> None:
    """After a night of work one job failed and two nights were missed; in English the same."""
    asyncio.run(_work_nightly())
    states = {each["job"]: each for each in keyboard.done("schedule", "--json").data}
    assert states.keys() >= {*NIGHTLY_JOBS, "warn", "remind"}
    assert len(states["verify"]["missed"]) == 2
    assert not any(each["is_due"] for each in states.values())
    assert all(datetime.fromisoformat(each["next_at"]) > datetime.now(UTC) for each in states.values())
    keyboard.settings.setenv("VESTNIK_LANGUAGE", "en")
    outcome = keyboard.done("schedule")
    assert outcome.err.startswith("1 job is not done yet")
    assert "failed; is tried again" in outcome.out
