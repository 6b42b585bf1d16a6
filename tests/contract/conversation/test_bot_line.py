"""The bot's line to Telegram: polling by one process, or a webhook that listens to Telegram alone."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App, open_app
from bot.bench.peers.processes import free_port_for_process
from bot.cli.console import load_console_translator
from bot.cli.errors import error_exit_code, error_sentence_on_console
from bot.conversation.line.connection import AnotherInstanceError
from bot.processes import run_bot_process
from bot.sandbox import SandboxServer
from bot.settings import SettingsError, SettingsFromArguments
from bot.telegram import polling
from tests.support.conversation.chat import Chat

SECRET = "wolf-and-hare"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def settings(folder: Path, database: str, world: SandboxServer, **chosen: Any) -> SettingsFromArguments:
    return SettingsFromArguments.of(
        data=folder, database_url=database, bot_token=world.token, bot_api=world.bot_api, telegram_policy="full",
        log_level="error", **chosen,
    )  # fmt: skip


@asynccontextmanager
async def conversing(app: App) -> AsyncIterator["asyncio.Task[None]"]:
    """The bot talks while the block runs."""
    stopping = asyncio.Event()
    talking = asyncio.create_task(run_bot_process(app, stopping=stopping))
    try:
        yield talking
    finally:
        stopping.set()
        await asyncio.gather(talking, return_exceptions=True)


@pytest.fixture
async def app(store_url: str, tmp_path: Path, world: SandboxServer) -> AsyncIterator[App]:
    """A school whose bot polls."""
    async with open_app(settings(tmp_path, store_url, world)) as app:
        yield app


@pytest.fixture
async def hooked(store_url: str, tmp_path: Path, world: SandboxServer) -> AsyncIterator[App]:
    """A school to whose bot Telegram brings the updates."""
    listen = f"127.0.0.1:{free_port_for_process()}"
    chosen = {"webhook_url": f"http://{listen}/telegram", "webhook_listen": listen, "webhook_secret": SECRET}
    async with open_app(settings(tmp_path, store_url, world, **chosen)) as app:
        yield app


async def test_telegram_brings_updates_to_the_webhook(hooked: App, world: SandboxServer) -> None:
    """What is brought is answered like what is asked for, and only then it is confirmed."""
    mother = Chat(world, 101)
    async with conversing(hooked):
        for words_said in ("/start", "Здравствуйте"):
            await mother.send(words_said)
            assert "/start КОД" in (await mother.reply()).text
        assert world.bot.webhook.info()["pending_update_count"] == 0


@pytest.mark.parametrize("headers", [{}, {HEADER: "wolf"}, {HEADER: ""}, {HEADER: "волк"}])
async def test_whoever_does_not_know_the_secret_is_not_heard(
    hooked: App, world: SandboxServer, headers: dict[str, str]
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
        assert (
            await uow.conversations.claim_unfinished(
                "telegram", holder="", now=hooked.clock(), silent_since=hooked.clock()
            )
            == []
        )


FORGED = {"update_id": 900, "message": {"chat": {"id": 101, "type": "private"}}}


@pytest.mark.parametrize(
    "secret", [b"\xff\xfe", "волк".encode("cp1251"), b"wolf-and-hare\xff", b"\xf0\x9f", "wolf-and-harе".encode()]
)
async def test_a_secret_in_bytes_that_are_no_text_is_a_wrong_one(
    hooked: App, world: SandboxServer, secret: bytes
) -> None:
    """Whoever tries them gets 401, as for any other wrong secret."""
    async with conversing(hooked):
        await _until_hooked(world)
        body = json.dumps(FORGED).encode()
        head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{HEADER}: ".encode()
        assert await _status(hooked, head + secret + b"\r\n\r\n" + body) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"?", 400), (b"\xff\xfe", 400), (b'{"update_id": 1, "mess', 400), (b"[" * 100_000, 400),
        (b"null", 200), (b"[]", 200), (b"5", 200), (b"{}", 200), (b'{"update_id": "7", "message": {}}', 200),
        (b'{"update_id": 1e999, "message": {}}', 200), (b'{"update_id": 7, "message": null}', 200),
        (b'{"update_id": 7, "telepathy": {}}', 200),
        (b'{"update_id": 7, "message": ' + b"[" * 900 + b"]" * 900 + b"}", 200),
        (b'{"update_id": 7, "message": {"chat": {"id": 1000000000000000000000000, "type": "private"}}}', 200),
        (b'{"update_id": 7, "message": {"chat": {"id": 101, "type": "private"}, "text": "\\ud800"}}', 200),
        (b" " * (1 << 20) + b"{}", 413),
    ],
)  # fmt: skip
async def test_whatever_is_brought_is_no_fault_of_ours(
    hooked: App, world: SandboxServer, body: bytes, status: int
) -> None:
    """200 for what is kept or can never be read, so it does not come for ever; the next update is served (Q120)."""
    async with conversing(hooked), aiohttp.ClientSession() as session:
        await _until_hooked(world)
        url = str(hooked.settings.webhook_url)
        async with session.post(url, data=io.BytesIO(body), headers={HEADER: SECRET}) as answer:
            assert answer.status == status
        mother = Chat(world, 101)
        await mother.send("/start")
        assert "/start КОД" in (await mother.reply(20)).text


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        ("GET /telegram", "", 405),
        ("DELETE /telegram", "", 405),
        ("BREW /telegram", "", 400),
        ("POST /telegram", "Content-Encoding: gzip\r\nContent-Length: 5\r\n", 400),
        ("POST /telegram", "Content-Encoding: volapuk\r\nContent-Length: 5\r\n", 400),
        ("POST /telegram", "Transfer-Encoding: chunked\r\n", 400),
        ("POST /telegram", "Content-Length: -5\r\n", 400),
    ],
)
async def test_a_request_that_is_none_is_refused(
    hooked: App, world: SandboxServer, request_line: str, headers: str, status: int
) -> None:
    """Another method, a body that is not packed as it says or has no length: never a 500."""
    async with conversing(hooked):
        await _until_hooked(world)
        head = f"{request_line} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n{headers}\r\n"
        assert await _status(hooked, head.encode() + (b"xyzzy" if headers else b"")) == status


@pytest.mark.parametrize("secret", [None, "", "волк и заяц", "w" * 257])
async def test_a_webhook_without_a_secret_is_not_opened(
    store_url: str, tmp_path: Path, world: SandboxServer, secret: str | None
) -> None:
    """Anybody could speak as anybody, so the settings are refused before anything is listened to."""
    chosen = {"webhook_url": "http://127.0.0.1:1/telegram", "webhook_secret": secret}
    async with open_app(settings(tmp_path, store_url, world, **chosen)) as app:
        with pytest.raises(SettingsError) as refused:
            await run_bot_process(app, stopping=asyncio.Event())
    assert "VESTNIK_WEBHOOK_SECRET" in error_sentence_on_console(refused.value, load_console_translator())
    assert world.bot.webhook.info()["url"] == ""


async def test_an_address_that_telegram_refuses_is_named(store_url: str, tmp_path: Path, world: SandboxServer) -> None:
    """A wrong webhook address is a setting to mend, not a crash."""
    chosen = {
        "webhook_url": "https://example.org/",
        "webhook_listen": f"127.0.0.1:{free_port_for_process()}",
        "webhook_secret": SECRET,
    }
    async with open_app(settings(tmp_path, store_url, world, **chosen)) as app:
        with pytest.raises(SettingsError) as refused:
            await run_bot_process(app, stopping=asyncio.Event())
    assert "VESTNIK_WEBHOOK_URL" in error_sentence_on_console(refused.value, load_console_translator())


async def test_a_bot_that_polls_again_takes_the_webhook_back(hooked: App, app: App, world: SandboxServer) -> None:
    """Whatever the settings said yesterday, today's stand."""
    mother = Chat(world, 101)
    async with conversing(hooked):
        await _until_hooked(world)
    async with conversing(app):
        await mother.send("/start")
        assert "/start КОД" in (await mother.reply()).text


async def test_a_second_polling_process_says_so_and_exits(
    app: App, world: SandboxServer, monkeypatch: pytest.MonkeyPatch
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
            await asyncio.wait_for(run_bot_process(app, stopping=asyncio.Event()), 10)
        assert "другой процесс" in error_sentence_on_console(second.value, load_console_translator())
        assert error_exit_code(second.value) == 3
        await mother.send("/start")
        assert "/start КОД" in (await mother.reply()).text


async def _until_hooked(world: SandboxServer) -> None:
    async with asyncio.timeout(10):
        while not world.bot.webhook.info()["url"]:
            await asyncio.sleep(0.01)


async def _status(app: App, request: bytes) -> int:
    """What is answered to these bytes."""
    host, _, port = app.settings.webhook_listen.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    line = await asyncio.wait_for(reader.readline(), 20)
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])
