"""Webhook server: Telegram delivers updates here; the secret header is required."""

import asyncio
import hmac
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web

from bot.conversation.inbox import Inbox
from bot.telegram.connection import RetryingCalls
from bot.telegram.incoming import lenient_json
from core.errors import SchoolError, StorageError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
LONGEST_BODY = 1 << 20  # bytes; an update is a few thousand
LONGEST_READING = 10.0  # seconds


class WebhookRefusedError(SchoolError):
    """Telegram refuses the webhook's URL."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public URL of the webhook, its secret, and the local address to listen on."""

    url: str
    secret: str
    host: str
    port: int

    @property
    def holder(self) -> str:
        """Names this process: stable over restarts, different for each process behind one URL."""
        return f"{socket.gethostname()}:{self.port}"


async def serve(
    bot: Bot, inbox: Inbox, webhook: Webhook, *, kinds: Sequence[str], reach: RetryingCalls, stopping: asyncio.Event
) -> None:
    """Listen until told to stop. The webhook stays set at Telegram, since another process may serve it.

    Raises TokenRefusedError, WebhookRefusedError.
    """
    server = web.Application(client_max_size=LONGEST_BODY)
    server.add_routes([web.post("/{anything:.*}", _Receiver(inbox, webhook.secret).answer)])
    runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, webhook.host, webhook.port).start()
        await reach.call_telegram(lambda: _set_webhook(bot, webhook, kinds))
        await stopping.wait()
    finally:
        await runner.cleanup()


async def _set_webhook(bot: Bot, webhook: Webhook, kinds: Sequence[str]) -> None:
    try:
        await bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=list(kinds))
    except TelegramBadRequest:
        raise WebhookRefusedError from None


class _Receiver:
    """Answers 200 when an update is stored or can never be read; otherwise Telegram repeats it."""

    def __init__(self, inbox: Inbox, secret: str) -> None:
        self._inbox = inbox
        self._secret = secret.encode()

    async def answer(self, request: web.Request) -> web.Response:
        """401 without the secret, before the body is read; 400 for what is no JSON; 503 while it cannot be stored."""
        said = request.headers.get(SECRET_HEADER, "")  # aiohttp decodes invalid UTF-8 as surrogates
        if not hmac.compare_digest(said.encode(errors="surrogateescape"), self._secret):
            return web.Response(status=401)
        try:
            raw = lenient_json(await _body(request))
        except ValueError:
            return web.Response(status=400)
        try:
            await self._inbox.accept([raw])
        except StorageError:
            return web.Response(status=503)
        return web.Response()


async def _body(request: web.Request) -> bytes:
    """The body; empty where it is cut off, too slow or wrongly encoded."""
    try:
        async with asyncio.timeout(LONGEST_READING):
            return await request.read()
    except (web.RequestPayloadError, OSError):
        return b""
