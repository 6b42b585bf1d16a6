"""Long polling: the one place that asks Telegram for updates."""

import asyncio
from collections.abc import Sequence

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiogram.types import Update

from bot.handlers.inbox import Inbox
from bot.handlers.reaching import REST, AnotherInstanceError, patiently
from core.errors import StorageError

LONG = 20  # seconds that Telegram waits for something to happen
HOLDER = "polling"
"""Only one process polls, so whoever does takes up at once what the last one left."""

SETTLED = 3.0
"""Seconds after which a process counts as here first; Telegram ends a poll when another begins: the newcomer yields."""

AGAIN = 1.0  # seconds before who was here first asks again, which ends the newcomer's poll
MOST_CONFLICTS = 10
"""In a row; then the other does not yield, and nobody would be answered."""

log = structlog.get_logger()


async def poll(bot: Bot, inbox: Inbox, *, kinds: Sequence[str], stopping: asyncio.Event) -> None:
    """Take updates until told to stop: the next question confirms them, so they are kept before it.

    Raises AnotherInstanceError where another process polls with the same token.
    """
    await patiently(bot.delete_webhook, stopping=stopping)
    line = _Line(bot, kinds)
    while not stopping.is_set():
        updates = await patiently(line.ask, stopping=stopping) or []
        try:
            await inbox.take(updates)
        except StorageError:
            log.warning("conversation.no_database")
            await asyncio.sleep(REST)
        else:
            line.confirm(updates)


class _Line:
    """Where the reading of updates has come to."""

    def __init__(self, bot: Bot, kinds: Sequence[str]) -> None:
        self._bot = bot
        self._kinds = list(kinds)
        self._offset: int | None = None
        self._since = asyncio.get_running_loop().time()
        self._conflicts = 0

    def confirm(self, updates: Sequence[Update]) -> None:
        if updates:
            self._offset = updates[-1].update_id + 1

    async def ask(self) -> Sequence[Update]:
        """A newcomer yields to who was here first; who was here first asks on."""
        try:
            updates = await self._bot.get_updates(
                offset=self._offset, timeout=LONG, allowed_updates=self._kinds, request_timeout=LONG * 2
            )
        except TelegramConflictError:
            self._conflicts += 1
            is_new = asyncio.get_running_loop().time() < self._since + SETTLED
            if is_new or self._conflicts > MOST_CONFLICTS:
                raise AnotherInstanceError from None
            log.warning("conversation.conflict")
            await asyncio.sleep(AGAIN)
            return []
        self._conflicts = 0
        return updates
