"""Telegram brings updates to an address of ours; only who knows the secret is listened to."""

import asyncio
import hmac
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web

from bot.telegram.connection import Reach
from bot.telegram.inbox import Inbox
from core.errors import SchoolError, StorageError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
LONGEST_BODY = 1 << 20  # bytes; an update is a few thousand
LONGEST_READING = 10.0  # seconds


class WebhookRefusedError(SchoolError):
    """Telegram does not take the webhook's address."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates to, and where they are listened for."""

    url: str
    secret: str
    host: str
    port: int

    @property
    def holder(self) -> str:
        """The same after a restart, another in each process behind one address."""
        return f"{socket.gethostname()}:{self.port}"


async def serve(
    bot: Bot, inbox: Inbox, webhook: Webhook, *, kinds: Sequence[str], reach: Reach, stopping: asyncio.Event
) -> None:
    """Listen until told to stop. The address stays with Telegram: another process may serve it.

    Raises TokenRefusedError, WebhookRefusedError.
    """
    server = web.Application(client_max_size=LONGEST_BODY)
    server.add_routes([web.post("/{anything:.*}", _Receiver(inbox, webhook.secret).take)])
    runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, webhook.host, webhook.port).start()
        await reach.asked(lambda: _announce(bot, webhook, kinds))
        await stopping.wait()
    finally:
        await runner.cleanup()


async def _announce(bot: Bot, webhook: Webhook, kinds: Sequence[str]) -> None:
    try:
        await bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=list(kinds))
    except TelegramBadRequest:
        raise WebhookRefusedError from None


class _Receiver:
    """Telegram brings an update again until the answer is 200: when it is kept, or when nobody can ever read it."""

    def __init__(self, inbox: Inbox, secret: str) -> None:
        self._inbox = inbox
        self._secret = secret.encode()

    async def take(self, request: web.Request) -> web.Response:
        """401 without the secret, before the body is read; 400 for what is no JSON; 503 while it cannot be kept."""
        said = request.headers.get(SECRET_HEADER, "")  # bytes that are no UTF-8 come as surrogates
        if not hmac.compare_digest(said.encode(errors="surrogateescape"), self._secret):
            return web.Response(status=401)
        try:
            raw = json.loads(await _body(request))
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await self._inbox.take([raw])
        except StorageError:
            return web.Response(status=503)
        return web.Response()


async def _body(request: web.Request) -> bytes:
    """Empty where it ends too early, takes too long or is packed in a way that it does not say."""
    try:
        async with asyncio.timeout(LONGEST_READING):
            return await request.read()
    except (web.RequestPayloadError, OSError):
        return b""
