"""Parts that are begun anew, pauses that grow, an end that waits for nobody (Q120)."""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from apscheduler.job import Job
from structlog.testing import capture_logs

from bot import backoff
from bot.app import App, open_app
from bot.conversation.line import ConversationLine
from bot.conversation.line.connection import AnotherInstanceError, TokenRefusedError
from bot.handlers.doors import DoorSchool
from bot.max import bot as max_bot
from bot.processes import bot_process_messengers, run_bot_process
from bot.run import clock as run_clock
from bot.run import job_runs, supervision
from bot.run.receipts import serve_receipts
from bot.run.supervision import run_in_supervised_thread, run_supervised_parts, sleep_under_supervision, supervise_part
from bot.settings import BadTokenError, SettingsError, SettingsFromArguments
from bot.telegram import bot as telegram_bot
from core.errors import StorageError
from notifiers.sms.reports import sms_report_url
from storage.database.revision import DamagedDatabaseError, NoTablesError
from storage.schema import migrate_schema
from tests.component.run.test_worker import until
from tests.peers.processes import free_ports, listens
from tests.support.delivery.fakes import Clock
from tests.support.schools.builders import NOW

FAULTS = [
    RuntimeError("Соколова Вера"),
    StorageError(),
    OSError(),
    TimeoutError(),
    ExceptionGroup("many", [ValueError()]),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test can wait for."""
    monkeypatch.setattr(backoff, "FIRST", 0.01)
    monkeypatch.setattr(supervision, "STEADY", 0.05)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: type(each).__name__)
async def test_a_part_that_fails_is_begun_anew_and_said_once(fault: Exception) -> None:
    """Its type is named once, without its words; so is that it works again."""
    stopping, tries = asyncio.Event(), 0

    async def part() -> None:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise fault
        await stopping.wait()

    with capture_logs() as logs:
        supervised = asyncio.create_task(supervise_part("mail", part, stopping=stopping))
        await until(lambda: len(logs) == 2)
        stopping.set()
        await supervised
    assert tries == 4
    assert [(entry["event"], entry["part"]) for entry in logs] == [("part.waits", "mail"), ("part.works_again", "mail")]
    assert logs[0]["error"] == type(fault).__name__
    assert "Соколова" not in str(logs)


@pytest.mark.usefixtures("hasty")
async def test_a_part_that_fails_leaves_the_others_at_work() -> None:
    """What one meets is not the others' business; all end when told to stop."""
    stopping, beats = asyncio.Event(), 0

    async def fails() -> None:
        raise ConnectionError

    async def works() -> None:
        nonlocal beats
        while not stopping.is_set():
            beats += 1
            await sleep_under_supervision(0.01, stopping)

    working = asyncio.create_task(run_supervised_parts({"fails": fails, "works": works}, stopping=stopping))
    await until(lambda: beats > 20)
    stopping.set()
    await working
    assert working.exception() is None


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("settings.no_token"),
        BadTokenError(),
        DamagedDatabaseError(),
        NoTablesError(),
        AnotherInstanceError(),
    ],
    ids=lambda each: type(each).__name__,
)
async def test_what_a_person_must_mend_ends_all_parts(error: Exception) -> None:
    """And is what the process ends with; the others end what they have begun."""
    stopping, is_ended = asyncio.Event(), False

    async def fails() -> None:
        raise error

    async def works() -> None:
        nonlocal is_ended
        await stopping.wait()
        await asyncio.sleep(0.05)
        is_ended = True

    with pytest.raises(type(error)):
        await run_supervised_parts({"fails": fails, "works": works}, stopping=stopping)
    assert is_ended


async def test_a_part_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that waits for ever nor one that refuses to be cancelled keeps the process."""
    monkeypatch.setattr(supervision, "ENDING", 0.1)
    stopping, hangs, stubborn = asyncio.Event(), asyncio.Event(), []

    async def waits() -> None:
        await hangs.wait()

    async def refuses() -> None:
        while not hangs.is_set():
            try:
                await hangs.wait()
            except asyncio.CancelledError:
                stubborn.append(True)

    working = asyncio.create_task(run_supervised_parts({"waits": waits, "refuses": refuses}, stopping=stopping))
    await asyncio.sleep(0.05)
    stopping.set()
    await asyncio.wait_for(working, 5)
    assert stubborn
    hangs.set()
    await asyncio.sleep(0)


async def test_a_pause_ends_when_told_to_stop() -> None:
    """Nobody waits a minute for the end."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, stopping.set)
    await asyncio.wait_for(sleep_under_supervision(60, stopping), 5)
    assert stopping.is_set()


async def test_work_in_a_thread_gives_its_answer_or_its_error() -> None:
    """As if it were awaited in place."""

    def fails() -> int:
        raise ZeroDivisionError

    assert await run_in_supervised_thread(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await run_in_supervised_thread(fails)


HANGING = """
import asyncio, time
from bot.run.supervision import run_in_supervised_thread

async def main():
    asyncio.create_task(run_in_supervised_thread(lambda: time.sleep(60)))
    await asyncio.sleep(0.1)

asyncio.run(main())
"""


async def test_a_thread_that_waits_for_a_peer_does_not_keep_the_process() -> None:
    """A mailbox that does not answer is left behind; the threads of asyncio would be waited for."""
    began = time.monotonic()
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", HANGING, cwd=Path(__file__).parents[3])
    assert await child.wait() == 0
    assert time.monotonic() - began < 30


async def test_an_address_for_receipts_that_is_taken_holds_up_no_message(tmp_path: Path) -> None:
    """The worker goes on without it, and listens as soon as it is free."""
    (port,) = free_ports(1)
    squatter = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port)
    settings = SettingsFromArguments.of(data=tmp_path, receipts_listen=f"127.0.0.1:{port}")
    async with open_app(settings) as app:
        with capture_logs() as logs:
            async with serve_receipts(app):
                assert [(entry["part"], entry["error"]) for entry in logs] == [("receipts", "OSError")]
                squatter.close()
                await squatter.wait_closed()
                await until(lambda: listens(port))


async def test_a_receipt_that_cannot_be_kept_is_asked_for_again(tmp_path: Path) -> None:
    """503 while the database is away, and the gateway brings it again; nothing of the server ends."""
    (port,) = free_ports(1)
    settings = SettingsFromArguments.of(
        data=tmp_path, receipts_listen=f"127.0.0.1:{port}", database_url="sqlite:////no/way.db"
    )
    async with open_app(settings) as app, serve_receipts(app), aiohttp.ClientSession() as session:
        url = sms_report_url(f"http://127.0.0.1:{port}/receipts", key="k", secret=app.signing_key).replace("%d", "1")
        statuses = [(await session.get(url)).status for _ in range(2)]
    assert statuses == [503, 503]


@pytest.mark.usefixtures("hasty")
async def test_a_nightly_job_that_meets_an_outage_runs_when_it_is_over(tmp_path: Path) -> None:
    """It is claimed for its date once, so whoever has claimed it ends it."""
    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    ran, outage = 0, [StorageError(), StorageError()]

    async def job(_: App) -> None:
        nonlocal ran
        if outage:
            raise outage.pop()
        ran += 1

    async with open_app(settings, clock=lambda: NOW) as app:
        for _ in range(2):
            await job_runs.run_job_each_night(app, "verify", job, stopping=asyncio.Event())
    assert ran == 1


async def test_a_job_that_finds_a_damaged_database_ends_the_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """APScheduler would keep the error to itself, and the process would go on as if all were well."""
    monkeypatch.setattr(run_clock, "EVERY_FIVE_MINUTES", {"second": "*"})

    async def job(_: App) -> None:
        raise DamagedDatabaseError

    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)
    monkeypatch.setattr(run_clock, "remind_schoolwork_by_clock", job)
    async with open_app(settings, clock=lambda: NOW) as app:
        with pytest.raises(DamagedDatabaseError):
            await asyncio.wait_for(run_clock.run_clock_jobs(app, stopping=asyncio.Event()), 10)


@pytest.mark.parametrize("hours", [-2, 2, 0])
async def test_jobs_are_planned_anew_when_the_clock_jumps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: float
) -> None:
    """The next wake-up is the next by the clock as it is now: by the old plan they would sleep for two hours."""
    planned: dict[str, datetime] = {}
    modify = Job.modify

    def watched(job: Job, **changes: datetime) -> None:
        assert job.id not in planned
        planned[job.id] = changes["next_run_time"]
        modify(job, **changes)

    monkeypatch.setattr(Job, "modify", watched)
    monkeypatch.setattr(run_clock, "CHECK_EVERY", 0.01)
    clock, stopping, looks = Clock(NOW), asyncio.Event(), 0

    def ticks() -> float:
        nonlocal looks
        looks += 1
        return clock.ticks()

    settings = SettingsFromArguments.of(data=tmp_path)
    await migrate_schema(settings.database)  # the jobs run at the start
    async with open_app(settings, clock=clock) as app:
        moved = replace(app, ticks=ticks)
        keeping = asyncio.create_task(run_clock.run_clock_jobs(moved, stopping=stopping))
        await until(lambda: looks > 1)
        clock.jump(hours=hours)
        clock.advance(seconds=1)
        await until(lambda: bool(planned) == bool(hours))
        await asyncio.sleep(0.1)
        stopping.set()
        await keeping
    assert (len(planned) >= 4) == bool(hours)
    assert all(each <= datetime.now(UTC) + timedelta(days=1) for each in planned.values())


@pytest.mark.usefixtures("hasty")
async def test_a_token_that_is_refused_later_costs_the_conversation_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused from the start it must be mended (75); refused later it is waited for, and the other parts go on."""
    settings = SettingsFromArguments.of(data=tmp_path, bot_token="1:x", telegram_policy="full")
    answers: list[str] = ["taken", "refused", "refused", "taken"]
    stopping = asyncio.Event()

    async def talk(
        _school: DoorSchool, _line: ConversationLine, *, stopping: asyncio.Event, known: asyncio.Event
    ) -> None:
        if not answers:
            await stopping.wait()
        elif answers.pop() == "refused":
            raise TokenRefusedError
        else:
            known.set()
            raise ConnectionError

    monkeypatch.setattr(telegram_bot, "converse", talk)
    async with open_app(settings) as app:
        talking = partial(bot_process_messengers(app, stopping=stopping).converse, "telegram")
        supervised = asyncio.create_task(supervise_part("bot", talking, stopping=stopping))
        await until(lambda: not answers)
        stopping.set()
        await supervised
        answers.append("refused")
        with pytest.raises(BadTokenError):
            await run_bot_process(app, stopping=asyncio.Event())


@pytest.mark.usefixtures("hasty")
async def test_a_refusal_that_is_over_counts_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram refused the token and took it later; that MAX refuses its own afterwards ends nothing (Q142)."""
    settings = SettingsFromArguments.of(
        data=tmp_path, bot_token="1:x", telegram_policy="full", max_token="m" * 20, max_policy="full"
    )
    stopping, taken, begun = asyncio.Event(), asyncio.Event(), Counter[str]()

    async def in_telegram(*_: object, stopping: asyncio.Event, known: asyncio.Event) -> None:
        begun["telegram"] += 1
        if begun["telegram"] == 1:
            raise TokenRefusedError
        known.set()
        taken.set()
        await stopping.wait()

    async def in_max(*_: object, stopping: asyncio.Event, **_known: object) -> None:
        begun["max"] += 1
        await taken.wait()
        if not stopping.is_set():
            raise TokenRefusedError

    monkeypatch.setattr(telegram_bot, "converse", in_telegram)
    monkeypatch.setattr(max_bot, "converse", in_max)
    async with open_app(settings) as app:
        talking = asyncio.create_task(run_bot_process(app, stopping=stopping))
        await until(lambda: begun["max"] > 2 or talking.done())
        stopping.set()
        await talking
    assert begun["telegram"] == 2
