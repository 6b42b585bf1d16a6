"""`/health` and `/metrics` say whether notices go, and name nobody (Q125, contracts, Operation)."""

import asyncio
import json
import re
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App, open_app
from bot.cli import school
from bot.doctor.running import running_findings
from bot.operation import health_page
from bot.operation.health_page import HealthPageAnswer, ask_health_page, serve_health_page
from bot.settings import SettingsFromArguments
from core.actions.delivery.lease import LEASE
from core.model.delivery.states import Reason
from core.ports import UnavailableError
from tests.component.run.test_worker import until
from tests.peers.processes import free_ports, listens
from tests.support.delivery.fakes import Clock
from tests.support.delivery.post import Post
from tests.support.keyboard import Keyboard
from tests.support.schools.builders import MARK, NOW, a_family

TERM = 10.0
"""Seconds of the lease."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """Asks the page as a monitor does."""

    app: App
    clock: Clock

    async def reads(self, path: str) -> tuple[int, str]:
        url = f"http://{self.app.settings.health_listen}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, await response.text()

    async def sees(self) -> tuple[int, dict[str, Any]]:
        status, text = await self.reads("/health")
        return status, json.loads(text)

    async def worker_beats(self) -> None:
        async with self.app.open_uow() as uow:
            if not await uow.leases.beat(LEASE, "worker"):
                await uow.leases.take(LEASE, "worker", seen=None)
            await uow.commit()


async def _serving(settings: SettingsFromArguments) -> AsyncIterator[Monitor]:
    clock, stopping = Clock(NOW), asyncio.Event()
    async with open_app(settings, clock=clock) as opened:
        app = replace(opened, ticks=clock.ticks)
        page = asyncio.create_task(serve_health_page(app, stopping=stopping))
        await until(lambda: listens(int(settings.health_listen.rpartition(":")[2])))
        yield Monitor(app, clock)
        stopping.set()
        await page


@pytest.fixture
async def monitor(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Monitor]:
    """A school whose worker sends elsewhere."""
    (port,) = free_ports(1)
    settings = SettingsFromArguments.of(data=tmp_path, database_url=sqlite_url, health_listen=f"127.0.0.1:{port}")
    async for served in _serving(settings):
        yield served


async def test_it_is_ready_while_a_worker_lives(monitor: Monitor) -> None:
    """Nobody holds the lease: 503. A worker takes it: 200, as long as its counter moves within a term."""
    assert await monitor.sees() == (503, {
        "ready": False, "lease": False, "last_send": None, "last_import": None, "oldest_open": None, "queue": {},
    })  # fmt: skip
    await monitor.worker_beats()
    assert [(await monitor.sees())[0], (await monitor.sees())[1]["ready"]] == [200, True]
    monitor.clock.advance(seconds=TERM - 1)
    assert (await monitor.sees())[0] == 200
    monitor.clock.advance(seconds=1)
    status, facts = await monitor.sees()
    assert (status, facts["ready"], facts["lease"]) == (503, False, True)
    await monitor.worker_beats()
    assert (await monitor.sees())[0] == 200


async def test_a_monitor_that_asks_rarely_sees_a_dead_worker_at_its_next_look(monitor: Monitor) -> None:
    """Between two looks an hour apart the counter has to have moved."""
    await monitor.worker_beats()
    assert (await monitor.sees())[0] == 200
    monitor.clock.advance(hours=1)
    assert (await monitor.sees())[0] == 503


async def test_what_waits_and_what_is_owed_is_counted(monitor: Monitor) -> None:
    """A mark that came in an hour ago and is due now: one message in the queue, and the age of the oldest fact."""
    family = await a_family(monitor.app.open_uow)
    await family.learns(MARK)
    post = Post(monitor.app.open_uow)
    await post.drain()
    _, facts = await monitor.sees()
    assert (facts["oldest_open"], facts["queue"]) == (NOW.isoformat(), {})
    monitor.clock.advance(hours=1)
    _, facts = await monitor.sees()
    assert facts["queue"] == {"telegram": 1}
    text = (await monitor.reads("/metrics"))[1]
    assert 'vestnik_queue{channel="telegram"} 1.0' in text
    assert "vestnik_oldest_open_seconds 3600.0" in text
    await post.drain(hours=1)
    _, facts = await monitor.sees()
    assert (facts["queue"], facts["last_send"]) == ({}, post.clock().isoformat())
    assert 'vestnik_messages_total{channel="telegram",outcome="accepted"}' in (await monitor.reads("/metrics"))[1]
    sent = post.clock()
    post.telegram.script.append(UnavailableError(Reason.CHANNEL_DOWN))
    await family.learns(replace(MARK, value="4"), at=sent, fact="period_mark:2")
    await post.drain(hours=1)
    _, facts = await monitor.sees()
    assert facts["last_send"] == sent.isoformat(), "a refused login sends nothing"


async def test_a_database_out_of_reach_is_not_ready(tmp_path: Path) -> None:
    """The page itself goes on answering; the figures of the process are still there."""
    (port,) = free_ports(1)
    lost = SettingsFromArguments.of(
        data=tmp_path, database_url="sqlite:////no/way.db", health_listen=f"127.0.0.1:{port}"
    )
    async for monitor in _serving(lost):
        assert (await monitor.sees())[0] == 503
        assert "vestnik_update_seconds" in (await monitor.reads("/metrics"))[1]


async def test_the_doctor_reads_the_page(monitor: Monitor) -> None:
    """A process that answers while nobody sends is a fault; one that works is told; none at all is the clock's say."""
    (stands,) = await running_findings(monitor.app)
    assert (stands.sentence.key, stands.is_fault) == ("doctor.running_unready", True)
    await monitor.worker_beats()
    (runs,) = await running_findings(monitor.app)
    assert (runs.sentence.key, runs.is_fault) == ("doctor.running_ready", False)
    (port,) = free_ports(1)
    settings = monitor.app.settings.model_copy(update={"health_listen": f"127.0.0.1:{port}"})
    (silent,) = await running_findings(replace(monitor.app, settings=settings))
    assert (silent.sentence.key, silent.is_fault) == ("doctor.running_silent", False)


async def test_the_page_of_another_school_is_told_apart(monitor: Monitor) -> None:
    """A trial school on the same computer listens at the same address unless it is given one of its own."""
    await monitor.worker_beats()
    other = replace(monitor.app, signing_key=b"another school's key")
    said = await ask_health_page(other)
    assert (said.is_foreign, said.facts["ready"]) == (True, None)
    (told,) = await running_findings(other)
    assert told.sentence.key == "doctor.running_other"


async def test_no_figure_names_anybody(monitor: Monitor) -> None:
    """Neither page holds a name, an address or a mark (Q103)."""
    family = await a_family(monitor.app.open_uow)
    await family.learns(MARK)
    await Post(monitor.app.open_uow).drain(hours=1)
    shown = [(await monitor.reads(path))[1] for path in ("/health", "/metrics")]
    for word in ("Соколова", r"(?<![\d.])501(?![\d.])", "sokolova", "Алгебра"):  # a figure may hold these digits
        assert not any(re.search(word, page) for page in shown)


async def test_the_status_says_what_the_page_says(monitor: Monitor) -> None:
    """`vestnik status` asks the running process; where none runs, the database says what it knows."""
    await monitor.worker_beats()
    said = (await ask_health_page(monitor.app)).facts
    assert (said["ready"], said["lease"]) == (True, True)
    (port,) = free_ports(1)
    settings = monitor.app.settings.model_copy(update={"health_listen": f"127.0.0.1:{port}"})
    said = (await ask_health_page(replace(monitor.app, settings=settings))).facts
    assert (said["ready"], said["lease"], said["queue"]) == (None, True, {})


def test_a_school_that_does_not_run_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 4, the sentence first, then what is known."""
    (port,) = free_ports(1)
    monkeypatch.setenv("VESTNIK_HEALTH_LISTEN", f"127.0.0.1:{port}")
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    told = keyboard.type("status")
    assert told.code == 4
    assert told.err.startswith(f"По адресу 127.0.0.1:{port} (VESTNIK_HEALTH_LISTEN) никто не отвечает")
    assert "Последняя отправка: нет" in told.out
    assert keyboard.type("status", "--json").data["ready"] is None


@pytest.mark.parametrize(
    ("answer", "is_at_keyboard", "expected"),
    [
        (None, True, ["Вестник» работает"]),
        (HealthPageAnswer({}), True, ["Вестник» работает", "уже работает"]),
        (HealthPageAnswer({}, is_foreign=True), True, ["Вестник» работает", "другая школа"]),
        (HealthPageAnswer({}), False, []),
    ],
)
def test_a_person_who_starts_it_is_told_what_it_does(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: HealthPageAnswer | None,
    expected: list[str],
    *,
    is_at_keyboard: bool,
) -> None:
    """In a terminal: what it does, how to end it, and whether one works already; a service gets its log alone."""

    async def page(_app: App) -> HealthPageAnswer | None:
        return answer

    async def ended() -> None:
        pass

    monkeypatch.setattr(health_page, "fetch_health_page", page)
    monkeypatch.setattr(health_page, "is_health_address_free", lambda _listen: True)
    monkeypatch.setattr(school, "_parts", lambda *_: {"none": ended})
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_at_keyboard)
    seen = keyboard.type("run")
    plain = [line for line in seen.err.splitlines() if "Вестник" in line or "школа" in line]
    assert (seen.code, len(plain)) == (0, len(expected))
    assert all(words in line for words, line in zip(expected, plain, strict=True))


def test_whoever_starts_it_is_told_which_address_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program has the port: a sentence says which, and what to do; the log alone names only a part."""

    async def ended() -> None:
        pass

    monkeypatch.setattr(school, "_parts", lambda *_: {"none": ended})
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        other.settimeout(0)
        monkeypatch.setenv("VESTNIK_HEALTH_LISTEN", listen)
        monkeypatch.setattr(health_page, "LONGEST_LOOK", 0.1)
        assert f"Адрес {listen} (VESTNIK_HEALTH_LISTEN) занят другой программой" in keyboard.type("run").err


def test_a_copy_without_a_name_is_the_nights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the timer of systemd calls: the copy lies among the nightly ones, once."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    for _ in range(2):
        keyboard.done("backup")
    (copy,) = (keyboard.data / "backups").iterdir()
    assert keyboard.type("restore", copy, "--check").code == 0
