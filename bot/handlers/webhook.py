"""Telegram brings updates to an address of ours; only who knows the secret is listened to."""

import asyncio
import hmac
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Update
from aiohttp import web

from bot.handlers.inbox import Inbox
from bot.handlers.reaching import patiently
from core.errors import SchoolError, StorageError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
LONGEST_BODY = 1 << 20  # bytes; an update is a few thousand


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


async def serve(bot: Bot, inbox: Inbox, webhook: Webhook, *, kinds: Sequence[str], stopping: asyncio.Event) -> None:
    """Listen until told to stop. The address stays with Telegram: another process may serve it. WebhookRefusedError."""
    server = web.Application(client_max_size=LONGEST_BODY)
    server.add_routes([web.post("/{anything:.*}", _Receiver(bot, inbox, webhook.secret).take)])
    runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, webhook.host, webhook.port).start()
        await patiently(lambda: _announce(bot, webhook, kinds), stopping=stopping)
        await stopping.wait()
    finally:
        await runner.cleanup()


async def _announce(bot: Bot, webhook: Webhook, kinds: Sequence[str]) -> None:
    try:
        await bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=list(kinds))
    except TelegramBadRequest:
        raise WebhookRefusedError from None


class _Receiver:
    """Telegram brings an update again until the answer is 200, and that is said only when it is kept."""

    def __init__(self, bot: Bot, inbox: Inbox, secret: str) -> None:
        self._bot = bot
        self._inbox = inbox
        self._secret = secret.encode()

    async def take(self, request: web.Request) -> web.Response:
        """401 without the secret, before the body is read; 400 for what is no update; 503 while it cannot be kept."""
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret):
            return web.Response(status=401)
        try:
            update = Update.model_validate_json(await request.read(), context={"bot": self._bot})
        except ValueError:
            return web.Response(status=400)
        try:
            await self._inbox.take([update])
        except StorageError:
            return web.Response(status=503)
        return web.Response()
