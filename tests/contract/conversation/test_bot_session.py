"""How each answer to a call is understood: as Telegram's own, or as "not now"; nothing else ever comes out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import web

from bot.bench.peers.processes import free_port_for_process
from bot.telegram import session
from bot.telegram.session import AnswerLostError, FetchUpdates, PageError, TelegramSession
from tests.peers.socks import Manner, socks_proxy
from tests.support.conversation.telegram import TOKEN

PAGE = b"<html><h1>502 Bad Gateway</h1></html>"


class Peer:
    """Whoever sits between the bot and Telegram, and answers every call with the same."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.answer: Callable[[], web.Response] = web.Response
        self.called: list[str] = []

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.called.append(request.path)
        await request.read()
        return self.answer()

    def says(self, body: bytes, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda: web.Response(body=body, status=status, headers=named)

    def refuses(self, status: int, **more: Any) -> None:
        self.says(json.dumps({"ok": False, "error_code": status, "description": "?"} | more).encode(), status)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    port = free_port_for_process()
    async with Bot(TOKEN, session=TelegramSession(TelegramAPIServer.from_base(f"http://127.0.0.1:{port}"))) as bot:
        peer = Peer(bot)
        server = web.Application()
        server.add_routes([web.route("*", "/{anything:.*}", peer.take)])
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield peer
        await runner.cleanup()


async def asked(peer: Peer) -> list[TelegramAPIError]:
    """What comes of a fetch, a message, a press and a setting."""
    calls = (
        peer.bot(FetchUpdates()),
        peer.bot.send_message(1, "?"),
        peer.bot.answer_callback_query("1"),
        peer.bot.delete_webhook(),
    )
    found = [await asyncio.gather(call, return_exceptions=True) for call in calls]
    errors = [error for (error,) in found if isinstance(error, TelegramAPIError)]
    assert len(errors) == len(calls), found
    assert all(TOKEN not in str(error) for error in errors)
    return errors


DEEP = b"[" * 100_000
NO_ANSWERS = [
    b"", b"null", b"[]", b"5", b'"ok"', PAGE, b"\xff\xfe\x00", b'{"ok": true, "result": [{"update', b"{}", DEEP,
    b'{"ok": "true", "result": []}', b'{"ok": 1, "result": []}', b'{"ok": true}', b'{"ok": true, "result": null}',
    b'{"ok": true, "result": "\xd0"}', b'{"ok": true, "result": {}}', b'{"ok": true, "result": 1e999}',
    b'{"ok": true, "result": ' + b"9" * 5000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", NO_ANSWERS)
async def test_a_200_that_cannot_be_read_may_have_been_accepted(peer: Peer, body: bytes) -> None:
    """Nothing, a page, a list, half of a JSON, another type: the call went out, and nobody knows what became of it."""
    peer.says(body)
    assert {type(error) for error in await asked(peer)} == {AnswerLostError}


@pytest.mark.parametrize("status", [204, 301, 302, 400, 401, 403, 404, 407, 409, 413, 429, 500, 502, 503, 504, 599])
async def test_a_status_that_is_not_telegrams_own_is_a_page(peer: Peer, status: int) -> None:
    """A proxy's 401, 404 or 409 ends nothing: Telegram says the same code in its JSON; a redirect is not followed."""
    peer.says(PAGE, status, Location="/elsewhere")
    kinds = {AnswerLostError} if status == 204 else {PageError}
    assert {type(error) for error in await asked(peer)} == kinds
    assert "/elsewhere" not in peer.called


@pytest.mark.parametrize(
    "body", [{"ok": False}, {"ok": False, "error_code": 200}, {"error": "unauthorized"}, {"ok": True}]
)
async def test_a_refusal_in_another_shape_is_not_telegrams(peer: Peer, body: Any) -> None:
    """JSON alone proves nothing: the code in it must be the status."""
    peer.says(json.dumps(body).encode(), 401)
    assert {type(error) for error in await asked(peer)} == {PageError}


@pytest.mark.parametrize("code", [400, 401, 403, 409, 429, 502])
async def test_a_refusal_with_the_status_of_success_is_for_later(peer: Peer, code: int) -> None:
    """`ok: false` in a 200 was not accepted, and its code is not believed."""
    peer.says(json.dumps({"ok": False, "error_code": code, "description": "?"}).encode())
    assert {type(error) for error in await asked(peer)} == {TelegramServerError}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, TelegramBadRequest),
        (401, TelegramUnauthorizedError),
        (403, TelegramForbiddenError),
        (404, TelegramNotFound),
        (409, TelegramConflictError),
        (429, TelegramRetryAfter),
        (500, TelegramServerError),
        (502, TelegramServerError),
        (418, TelegramServerError),
    ],
)
async def test_telegrams_own_refusals_are_understood(peer: Peer, status: int, error: type[TelegramAPIError]) -> None:
    """By the code, with or without words."""
    for words in ("?", None, 5):
        peer.refuses(status, description=words)
        assert {type(each) for each in await asked(peer)} == {error}


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [
        (7, 7), (7.2, 8), (60, 60), (61, 60), (10**12, 60), (10**400, 60), (float("inf"), 60),
        (0, 0), (-1, 0), (-(10**30), 0), (float("nan"), 0), ("7", 0), (None, 0), ([7], 0), ({}, 0), (True, 0),
    ],
)  # fmt: skip
async def test_a_wait_that_is_asked_for_is_bounded(peer: Peer, wait: Any, seconds: int) -> None:
    """A minute at most, whatever the number; what cannot be a wait is none."""
    peer.refuses(429, parameters={"retry_after": wait})
    assert [error.retry_after for error in await asked(peer) if isinstance(error, TelegramRetryAfter)] == [seconds] * 4


@pytest.mark.parametrize("parameters", [None, [], "?", 7, {}])
async def test_a_refusal_that_names_no_wait_is_understood(peer: Peer, parameters: Any) -> None:
    """Our own pause stands then."""
    peer.refuses(429, parameters=parameters)
    assert [error.retry_after for error in await asked(peer) if isinstance(error, TelegramRetryAfter)] == [0] * 4


@pytest.mark.parametrize(
    ("name", "value"),
    [("Content_Encoding", "gzip"), ("Content_Encoding", "deflate"), ("Content_Type", "text/html; charset=volapuk")],
)
async def test_a_body_that_is_not_what_its_header_says_is_no_answer(peer: Peer, name: str, value: str) -> None:
    """Packed in a way that it is not, or in letters that nobody knows."""
    peer.says(PAGE, 200, **{name: value})
    assert {type(error) for error in await asked(peer)} == {AnswerLostError}


async def test_an_answer_without_an_end_is_not_waited_for(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its silence nor its size is borne without a bound."""
    monkeypatch.setattr(session, "LARGEST_ANSWER", 1 << 16)
    peer.says(b" " * (1 << 17))
    assert {type(error) for error in await asked(peer)} == {AnswerLostError}


async def test_nobody_at_the_other_end_took_nothing() -> None:
    """Where no connection comes about the call cannot have been accepted."""
    async with Bot(
        TOKEN, session=TelegramSession(TelegramAPIServer.from_base(f"http://127.0.0.1:{free_port_for_process()}"))
    ) as bot:
        with pytest.raises(TelegramNetworkError) as refused:
            await bot.send_message(1, "?")
    assert type(refused.value) is TelegramNetworkError


@pytest.mark.parametrize("body", [b'{"ok":true,"result":{"message_id":1,"date":"of another type"}}'])
async def test_a_message_that_was_accepted_is_not_read(peer: Peer, body: bytes) -> None:
    """Its kinds of the future are nothing to us."""
    peer.says(body)
    sent: object = await peer.bot.send_message(1, "?")
    assert sent == {"message_id": 1, "date": "of another type"}


async def test_calls_and_files_go_through_the_proxy(peer: Peer) -> None:
    """Where the network lets only a proxy out, a file of a parent takes the same way as a call."""
    server = TelegramAPIServer.from_base("http://telegram.test")
    through = TelegramSession(server, proxy=peer.bot.session.api.base.partition("/bot{token}")[0])
    async with Bot(TOKEN, session=through) as bot:
        peer.says(b'{"ok": true, "result": true}')
        await bot.delete_webhook()
        peer.says("Справка".encode())
        found = await bot.download_file("documents/1")
        peer.says(PAGE, 404)
        with pytest.raises(TelegramNetworkError) as refused:
            await bot.download_file("documents/2")
    assert found is not None
    assert found.read().decode() == "Справка"
    assert TOKEN not in str(refused.value)
    assert peer.called == [
        f"/bot{TOKEN}/deleteWebhook",
        f"/file/bot{TOKEN}/documents/1",
        f"/file/bot{TOKEN}/documents/2",
    ]


async def test_calls_and_files_go_through_a_socks_proxy(peer: Peer) -> None:
    """The same way as messages; the proxy looks the name up (Q120)."""
    target = int(peer.bot.session.api.base.partition("/bot{token}")[0].rpartition(":")[2])
    server = TelegramAPIServer.from_base("http://telegram.test")
    async with socks_proxy(target) as proxy:
        through = TelegramSession(server, proxy=f"socks5h://school:s3cr%3At@127.0.0.1:{proxy.port}")
        async with Bot(TOKEN, session=through) as bot:
            peer.says(b'{"ok": true, "result": true}')
            await bot.delete_webhook()
            peer.says("Справка".encode())
            found = await bot.download_file("documents/1")
    assert found is not None
    assert found.read().decode() == "Справка"
    assert peer.called == [f"/bot{TOKEN}/deleteWebhook", f"/file/bot{TOKEN}/documents/1"]
    assert set(proxy.asked) == {(("school", "s3cr:t"), "telegram.test", 80)}


@pytest.mark.parametrize("manner", ["refuses", "hangs", "hangs_up", "speaks_http"])
async def test_through_a_socks_proxy_that_leads_nowhere_nothing_was_shown(
    monkeypatch: pytest.MonkeyPatch, manner: Manner
) -> None:
    """So an answer is shown again without a mark, and a file is out of reach (Q121)."""
    monkeypatch.setattr(session, "CONNECTING", 0.3)
    async with socks_proxy(1, manner=manner) as proxy:
        through = TelegramSession(
            TelegramAPIServer.from_base("http://telegram.test"),
            proxy=f"socks5://school:s3cr%3At@127.0.0.1:{proxy.port}",
        )
        async with Bot(TOKEN, session=through) as bot:
            with pytest.raises(TelegramNetworkError) as failed:
                await bot.send_message(1, "?")
            with pytest.raises(TelegramNetworkError):
                await bot.download_file("documents/1", timeout=1)
    assert type(failed.value) is TelegramNetworkError
    assert "telegram.test" not in str(failed.value)
