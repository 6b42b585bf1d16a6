"""Delivery of updates to the bot's own HTTP address, one at a time, until it says 2xx."""

import asyncio
import time
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.bot_api.call import Json
from bot.sandbox.bot_api.limits import check_bot_secret_limits
from bot.sandbox.bot_api.refusal import bad_request_refusal
from bot.sandbox.bot_api.state.updates import BotApiUpdates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
FIRST_WAIT, LONGEST_WAIT = 0.05, 2.0  # seconds between tries; Telegram waits longer, tests should not
ANSWER_WAIT = 10.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class BotApiWebhook:
    """Like a Bot API server of one's own, this one takes plain http, and only on loopback."""

    def __init__(self, updates: BotApiUpdates) -> None:
        self._updates = updates
        self._url = ""
        self._secret = ""
        self._trouble: Json = {}
        self._delivery: asyncio.Task[None] | None = None

    async def set(self, url: str, *, secret: str, drop: bool) -> None:
        """Deliver to this address from now on; an empty one ends delivery."""
        if url and (urlsplit(url).scheme not in {"http", "https"} or urlsplit(url).hostname not in _LOOPBACK):
            raise bad_request_refusal("bad webhook: sandbox: the address must be on 127.0.0.1")
        check_bot_secret_limits(secret)
        await self.close()
        if drop:
            self._updates.drop()
        self._url, self._secret, self._trouble = url, secret, {}
        self._updates.webhook_active = bool(url)
        if url:
            self._delivery = asyncio.create_task(self._deliver())

    def info(self) -> Json:
        """The WebhookInfo of the Bot API."""
        info = {"url": self._url, "has_custom_certificate": False, "pending_update_count": len(self._updates)}
        return info | self._trouble

    async def close(self) -> None:
        """Stop delivering; unconfirmed updates stay queued."""
        if self._delivery is None:
            return
        self._delivery.cancel()
        with suppress(asyncio.CancelledError):
            await self._delivery
        self._delivery = None

    async def _deliver(self) -> None:
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        timeout = aiohttp.ClientTimeout(total=ANSWER_WAIT)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            wait = FIRST_WAIT
            while True:
                update = await self._updates.first()
                if await self._accepted(session, update):
                    self._updates.confirm(update["update_id"] + 1)
                    wait = FIRST_WAIT
                else:
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, LONGEST_WAIT)

    async def _accepted(self, session: aiohttp.ClientSession, update: Json) -> bool:
        try:
            async with session.post(self._url, json=update) as response:
                if response.ok:
                    return True
                status = HTTPStatus(response.status)
                trouble = f"Wrong response from the webhook: {status} {status.phrase}"
        except (aiohttp.ClientError, TimeoutError):
            trouble = "Connection refused or timed out"
        self._trouble = {"last_error_date": int(time.time()), "last_error_message": trouble}
        return False
