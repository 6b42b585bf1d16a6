"""The bot's line to Telegram: polling by one process, or a webhook that listens to Telegram alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App, converse, opened
from bot.bench.processes import free_port
from bot.cli.desk import words
from bot.cli.errors import exit_code, sentence
from bot.handlers import polling
from bot.handlers.reaching import AnotherInstanceError
from bot.sandbox import Sandbox
from bot.settings import GivenSettings, SettingsError
from tests.chat import Chat

SECRET = "wolf-and-hare"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def settings(folder: Path, database: str, world: Sandbox, **chosen: Any) -> GivenSettings:
    return GivenSettings.of(
        data=folder, database_url=database, bot_token=world.token, bot_api=world.bot_api, telegram_policy="full",
        log_level="error", **chosen,
    )  # fmt: skip


@asynccontextmanager
async def conversing(app: App) -> AsyncIterator["asyncio.Task[None]"]:
    """The bot talks while the block runs."""
    stopping = asyncio.Event()
    talking = asyncio.create_task(converse(app, stopping=stopping))
    try:
        yield talking
    finally:
        stopping.set()
        await asyncio.gather(talking, return_exceptions=True)


@pytest.fixture
async def app(store_url: str, tmp_path: Path, world: Sandbox) -> AsyncIterator[App]:
    """A school whose bot polls."""
    async with opened(settings(tmp_path, store_url, world)) as app:
        yield app


@pytest.fixture
async def hooked(store_url: str, tmp_path: Path, world: Sandbox) -> AsyncIterator[App]:
    """A school to whose bot Telegram brings the updates."""
    listen = f"127.0.0.1:{free_port()}"
    chosen = {"webhook_url": f"http://{listen}/telegram", "webhook_listen": listen, "webhook_secret": SECRET}
    async with opened(settings(tmp_path, store_url, world, **chosen)) as app:
        yield app


async def test_telegram_brings_updates_to_the_webhook(hooked: App, world: Sandbox) -> None:
    """What is brought is answered like what is asked for, and only then it is confirmed."""
    mother = Chat(world, 101)
    async with conversing(hooked):
        for words_said in ("/start", "Здравствуйте"):
            await mother.send(words_said)
            assert "/start КОД" in (await mother.reply()).text
        assert world.bot.webhook.info()["pending_update_count"] == 0


@pytest.mark.parametrize("headers", [{}, {HEADER: "wolf"}, {HEADER: ""}, {HEADER: "волк"}])
async def test_whoever_does_not_know_the_secret_is_not_heard(
    hooked: App, world: Sandbox, headers: dict[str, str]
) -> None:
    """A forged update gets 401, and nothing is kept, done or answered."""
    user = {"id": 101, "is_bot": False, "first_name": "Некто"}
    message = {"message_id": 7, "date": 1, "chat": {"id": 101, "type": "private"}, "from": user, "text": "/start"}
    async with conversing(hooked), aiohttp.ClientSession() as session:
        await _until_hooked(world)
        url = str(hooked.settings.webhook_url)
        async with session.post(url, json={"update_id": 900, "message": message}, headers=headers) as forged:
            assert forged.status == 401
        async with session.post(url, data=b"?", headers={HEADER: SECRET}) as broken:
            assert broken.status == 400
    assert Chat(world, 101).messages == []
    async with hooked.open_uow() as uow:
        assert await uow.conversations.waiting(holder="", now=hooked.clock(), silent_since=hooked.clock()) == []


@pytest.mark.parametrize("secret", [None, "", "волк и заяц", "w" * 257])
async def test_a_webhook_without_a_secret_is_not_opened(
    store_url: str, tmp_path: Path, world: Sandbox, secret: str | None
) -> None:
    """Anybody could speak as anybody, so the settings are refused before anything is listened to."""
    chosen = {"webhook_url": "http://127.0.0.1:1/telegram", "webhook_secret": secret}
    async with opened(settings(tmp_path, store_url, world, **chosen)) as app:
        with pytest.raises(SettingsError) as refused:
            await converse(app, stopping=asyncio.Event())
    assert "VESTNIK_WEBHOOK_SECRET" in sentence(refused.value, words())
    assert world.bot.webhook.info()["url"] == ""


async def test_an_address_that_telegram_refuses_is_named(store_url: str, tmp_path: Path, world: Sandbox) -> None:
    """A wrong webhook address is a setting to mend, not a crash."""
    chosen = {
        "webhook_url": "https://example.org/",
        "webhook_listen": f"127.0.0.1:{free_port()}",
        "webhook_secret": SECRET,
    }
    async with opened(settings(tmp_path, store_url, world, **chosen)) as app:
        with pytest.raises(SettingsError) as refused:
            await converse(app, stopping=asyncio.Event())
    assert "VESTNIK_WEBHOOK_URL" in sentence(refused.value, words())


async def test_a_bot_that_polls_again_takes_the_webhook_back(hooked: App, app: App, world: Sandbox) -> None:
    """Whatever the settings said yesterday, today's stand."""
    mother = Chat(world, 101)
    async with conversing(hooked):
        await _until_hooked(world)
    async with conversing(app):
        await mother.send("/start")
        assert "/start КОД" in (await mother.reply()).text


async def test_a_second_polling_process_says_so_and_exits(
    app: App, world: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was here first goes on answering; who came second ends with one sentence and exit code 2."""
    monkeypatch.setattr(polling, "SETTLED", 0.5)
    monkeypatch.setattr(polling, "AGAIN", 0.1)
    mother = Chat(world, 101)
    async with conversing(app):
        await mother.send("/start")
        await mother.reply()
        await asyncio.sleep(0.5)
        with pytest.raises(AnotherInstanceError) as second:
            await asyncio.wait_for(converse(app, stopping=asyncio.Event()), 10)
        assert "другой процесс" in sentence(second.value, words())
        assert exit_code(second.value) == 3
        await mother.send("/start")
        assert "/start КОД" in (await mother.reply()).text


async def _until_hooked(world: Sandbox) -> None:
    async with asyncio.timeout(10):
        while not world.bot.webhook.info()["url"]:
            await asyncio.sleep(0.01)
