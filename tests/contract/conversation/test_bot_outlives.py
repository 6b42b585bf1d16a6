"""The conversation outlives whatever Telegram, a proxy or the network answers, on every call that the bot makes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import backoff
from bot.app import App, open_app
from bot.bench.peers.processes import free_port_for_process
from bot.conversation.line import ConversationLine
from bot.conversation.line.connection import AnotherInstanceError, TokenRefusedError
from bot.handlers.doors import DoorSchool
from bot.processes import run_bot_process
from bot.sandbox import SandboxServer
from bot.sandbox.bot_api.state.messages import BotApiMessage
from bot.sandbox.faults import FaultKind
from bot.settings import SettingsFromArguments
from bot.telegram import bot as telegram_bot
from bot.telegram import polling, session
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.chat import Chat
from tests.support.delivery.fakes import CLOSES

SPOILT = [
    FaultKind.HTML_OK,
    FaultKind.HTML_FORBIDDEN,
    FaultKind.HTML_BAD_GATEWAY,
    FaultKind.SERVER_ERROR,
    FaultKind.EMPTY,
    FaultKind.CUT,
    FaultKind.LIST,
    FaultKind.NOT_OK,
    FaultKind.WRONG_TYPES,
    FaultKind.HUGE_NUMBERS,
    FaultKind.SILENCE,
    FaultKind.CLOSED,
    FaultKind.ANSWER_LOST,
]
WAIT = 30.0
"""Seconds for what comes at once where the machine has nothing else to do."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is given up after a second and a half, pauses are short."""
    monkeypatch.setattr(backoff, "FIRST", 0.02)
    monkeypatch.setattr(backoff, "LONGEST", 0.2)
    monkeypatch.setattr(session, "ANSWERING", 1.5)
    monkeypatch.setattr(polling, "LONG_POLL", 1)
    monkeypatch.setattr(polling, "AGAIN", 0.02)


@asynccontextmanager
async def a_school(url: str, folder: Path, world: SandboxServer, **chosen: Any) -> AsyncIterator[App]:
    """A school whose bot talks over the stand-in."""
    settings = SettingsFromArguments.of(
        data=folder, database_url=url, bot_token=world.token, bot_api=world.bot_api, telegram_policy="full",
        log_level="warning", **chosen,
    )  # fmt: skip
    async with open_app(settings) as app:
        yield app


@pytest.fixture
async def app(sqlite_url: str, tmp_path: Path, world: SandboxServer) -> AsyncIterator[App]:
    """One whose bot polls."""
    async with a_school(sqlite_url, tmp_path, world) as app:
        yield app


@asynccontextmanager
async def talking(app: App) -> AsyncIterator["asyncio.Task[None]"]:
    """The bot talks while the block runs, and to its end."""
    stopping = asyncio.Event()
    task = asyncio.create_task(run_bot_process(app, stopping=stopping))
    try:
        yield task
        assert not task.done()
    finally:
        stopping.set()
        await asyncio.gather(task, return_exceptions=True)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not happened():
            await asyncio.sleep(0.01)


async def asks(mother: Chat) -> BotApiMessage:
    await mother.send("/start")
    return await mother.reply(WAIT)


async def waiting(app: App) -> int:
    """Updates that are kept and not done with."""
    async with app.open_uow() as uow:
        return len(
            await uow.conversations.claim_unfinished(
                "telegram", holder="polling", now=app.clock(), silent_since=app.clock()
            )
        )


@pytest.mark.parametrize("kind", SPOILT)
async def test_the_bot_begins_and_goes_on_whatever_it_is_answered(
    app: App, world: SandboxServer, kind: FaultKind
) -> None:
    """Two such answers to each call that it makes by itself, at the start and later: it waits, and serves (Q120)."""
    for method in (
        ("getUpdates",) if kind is FaultKind.WRONG_TYPES else ("deleteWebhook", "setMyCommands", "getUpdates")
    ):
        world.faults.add(kind, method=method, times=2)  # where True is the right answer, "true" is no wrong type
    mother = Chat(world, 101)
    async with talking(app):
        assert "/start КОД" in (await asks(mother)).text
        world.faults.add(kind, method="getUpdates", times=3)
        assert "/start КОД" in (await asks(mother)).text
        await until(lambda: bool(world.bot.profile) and not list(world.faults))


@pytest.mark.parametrize("kind", [kind for kind in SPOILT if kind is not FaultKind.WRONG_TYPES])
async def test_a_webhook_is_announced_whatever_is_answered(
    sqlite_url: str, tmp_path: Path, world: SandboxServer, kind: FaultKind
) -> None:
    """The bot listens, and tries until Telegram knows where."""
    listen = f"127.0.0.1:{free_port_for_process()}"
    chosen = {"webhook_url": f"http://{listen}/telegram", "webhook_listen": listen, "webhook_secret": "wolf"}
    world.faults.add(kind, method="setWebhook", times=2)
    async with a_school(sqlite_url, tmp_path, world, **chosen) as app, talking(app):
        assert "/start КОД" in (await asks(Chat(world, 101))).text


@pytest.mark.parametrize("kind", SPOILT)
async def test_an_unreadable_answer_to_an_answer_keeps_no_update_in_hand(
    app: App, world: SandboxServer, kind: FaultKind
) -> None:
    """The call was not played: the family hears it all the same, once, and the update is done with."""
    mother = Chat(world, 101)
    world.faults.add(kind, method="sendMessage", accepted=kind is FaultKind.ANSWER_LOST)
    async with talking(app):
        await asks(mother)
        await until(lambda: not list(world.faults) and len(mother.texts()) > 0)
        await asyncio.sleep(0.2)
        while await waiting(app):
            await asyncio.sleep(0.05)
    heard = mother.texts()
    assert len(heard) == 1 + (kind is FaultKind.ANSWER_LOST)


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML_OK, FaultKind.HTML_BAD_GATEWAY, FaultKind.EMPTY, FaultKind.CUT, FaultKind.WRONG_TYPES]
)
async def test_what_may_have_been_accepted_comes_again_with_its_mark(
    app: App, world: SandboxServer, kind: FaultKind
) -> None:
    """Telegram took the message and its answer was spoilt: the second copy says that it is one (Q121)."""
    mother = Chat(world, 101)
    world.faults.add(kind, method="sendMessage", accepted=True)
    async with talking(app):
        await mother.send("/start")
        await until(lambda: len(mother.texts()) == 2)
        await asyncio.sleep(0.3)
    assert ["(повтор)" in text for text in mother.texts()] == [False, True]


async def test_updates_of_the_future_do_not_stop_the_reading(app: App, world: SandboxServer) -> None:
    """Five that no library of today reads, before and between the questions: set aside, named, and the offset moves."""
    mother = Chat(world, 101)
    with capture_logs() as lines:
        async with talking(app):
            world.faults.add(FaultKind.FUTURE_UPDATE, method="getUpdates", times=5)
            for _ in range(3):
                assert "/start КОД" in (await asks(mother)).text
            await until(lambda: not list(world.faults))
            assert "/start КОД" in (await asks(mother)).text
            await until(lambda: sum(line["event"] == "conversation.set_aside" for line in lines) >= 4)
    assert {line["kind"] for line in lines if line["event"] == "conversation.set_aside"} <= {"message", "telepathy"}
    assert await waiting(app) == 0


async def test_a_fault_is_said_once_and_its_end_once(app: App, world: SandboxServer) -> None:
    """However long a proxy answers with its page."""
    with capture_logs() as lines:
        async with talking(app):
            await asks(Chat(world, 101))
            world.faults.add(FaultKind.HTML_BAD_GATEWAY, method="getUpdates", times=8)
            await until(lambda: not list(world.faults))
            await asks(Chat(world, 101))
    assert [line.get("why", line["event"]) for line in lines] == ["unreachable", "part.works_again"]


async def test_a_token_refused_at_the_start_ends_the_bot(app: App, world: SandboxServer) -> None:
    """A person must mend the setting, so nothing is waited for."""
    school = DoorSchool(
        app.open_uow, app.catalogues, app.clock, app.policy, CLOSES, b"key", "ru", channels=InstalledChannelDirectory()
    )
    line = ConversationLine("42:wrong", world.bot_api)
    talking = telegram_bot.converse(school, line, stopping=asyncio.Event(), known=asyncio.Event())
    with pytest.raises(TokenRefusedError):
        await asyncio.wait_for(talking, WAIT)


@pytest.mark.parametrize("token", ["", "no token", "42"])
async def test_what_is_no_token_is_refused_like_one(app: App, world: SandboxServer, token: str) -> None:
    """Telegram need not be asked."""
    school = DoorSchool(
        app.open_uow, app.catalogues, app.clock, app.policy, CLOSES, b"key", "ru", channels=InstalledChannelDirectory()
    )
    line = ConversationLine(token, world.bot_api)
    with pytest.raises(TokenRefusedError):
        await telegram_bot.converse(school, line, stopping=asyncio.Event(), known=asyncio.Event())


async def test_a_token_refused_later_is_waited_for_and_said(app: App, world: SandboxServer) -> None:
    """Nobody changed it here, so it may be taken again; mail and SMS go on meanwhile."""
    mother = Chat(world, 101)
    with capture_logs() as lines:
        async with talking(app):
            await asks(mother)
            world.faults.add(FaultKind.UNAUTHORIZED, times=6)
            await until(lambda: not list(world.faults))
            assert "/start КОД" in (await asks(mother)).text
    assert [line.get("why", line["event"]) for line in lines] == ["token_refused", "part.works_again"]


async def test_nine_conflicts_are_waited_for_and_ten_end_the_bot(app: App, world: SandboxServer) -> None:
    """A process that was just stopped may hold a poll for a while; one that goes on is for a person to stop."""
    mother = Chat(world, 101)
    world.faults.add(FaultKind.CONFLICT, method="getUpdates", times=9)
    async with talking(app):
        assert "/start КОД" in (await asks(mother)).text
    world.faults.add(FaultKind.CONFLICT, method="getUpdates", times=10)
    with pytest.raises(AnotherInstanceError):
        await asyncio.wait_for(run_bot_process(app, stopping=asyncio.Event()), WAIT)
