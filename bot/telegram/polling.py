"""Long polling for updates."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from bot.backoff import Backoff, backoff_seconds
from bot.conversation.inbox import Inbox
from bot.conversation.line.connection import AnotherInstanceError, LineConnectionCalls
from bot.telegram.incoming import incoming_telegram_update_number
from bot.telegram.session import AnswerLostError, FetchUpdates

LONG_POLL = 20  # seconds that Telegram waits for an update
MOST_UPDATES = 100
"""Updates in one answer, Telegram's limit."""

QUICK = 1.0
"""Seconds; an empty answer that comes sooner is not Telegram's, since it waits LONG seconds."""

SETTLED = 3.0
"""Seconds without a conflict after which this process counts as the first one; the newcomer ends."""

AGAIN = 1.0  # seconds before the next poll, which ends the other process's poll
MOST_CONFLICTS = 10
"""Conflicts in a row after which the newcomer ends; the first process ends one conflict later."""


async def poll_telegram(
    bot: Bot, inbox: Inbox, *, kinds: Sequence[str], reach: LineConnectionCalls, stopping: asyncio.Event
) -> None:
    """Poll updates until told to stop. The next poll confirms them, so they are stored before it.

    Raises TokenRefusedError, and AnotherInstanceError where another process polls with the same token.
    """
    await reach.call(bot.delete_webhook)
    line = _UpdateReader(bot, kinds)
    while not stopping.is_set():
        updates = await reach.call(line.fetch_updates) or []
        await reach.retry(partial(inbox.accept, updates))
        line.confirm(updates)


class _UpdateReader:
    """Reads updates and keeps the offset."""

    def __init__(self, bot: Bot, kinds: Sequence[str]) -> None:
        self._bot = bot
        self._kinds = list(kinds)
        self._offset: int | None = None
        self._limit = MOST_UPDATES
        self._empty_answers = 0
        self._conflicts_seen = _ConflictCounter()

    def confirm(self, updates: Sequence[object]) -> None:
        """Advance the offset; updates without an id are confirmed with later ones."""
        self._offset = self._after(updates)

    async def fetch_updates(self) -> Sequence[object]:
        """Raw updates; after an unreadable answer half as many are requested."""
        await asyncio.sleep(backoff_seconds(self._empty_answers) if self._empty_answers else 0)
        began = _time()
        try:
            updates = await self._fetch()
        except TelegramConflictError:
            await self._conflicts_seen.record_conflict()
            return []
        except AnswerLostError:
            self._limit = max(self._limit // 2, 1)
            raise
        self._conflicts_seen.record_success()
        self._limit = min(self._limit * 2, MOST_UPDATES)
        self._count(updates, is_quick=_time() - began < QUICK)
        return updates

    async def _fetch(self) -> list[Any]:
        question = FetchUpdates(offset=self._offset, limit=self._limit, timeout=LONG_POLL, allowed_updates=self._kinds)
        return await self._bot(question, request_timeout=LONG_POLL * 2)

    def _count(self, updates: Sequence[object], *, is_quick: bool) -> None:
        """Count answers without progress, to pause before the next poll: a proxy may give the same answer for ever."""
        is_forward = self._after(updates) != self._offset or not (updates or is_quick)
        self._empty_answers = 0 if is_forward else self._empty_answers + 1

    def _after(self, updates: Sequence[object]) -> int | None:
        """The offset that confirms these updates; it may fall, since Telegram restarts its ids after an idle week."""
        numbers = [number for update in updates if (number := incoming_telegram_update_number(update)) is not None]
        return max(numbers) + 1 if numbers else self._offset


class _ConflictCounter:
    """Counts conflicts: two polling processes end each other's polls in turn; the newcomer gives up first."""

    def __init__(self) -> None:
        self._quiet_since = _time()
        self._conflicts = 0
        self._was_first = False
        self._patience = Backoff("conversation")

    async def record_conflict(self) -> None:
        """Record that another process ended our poll; our next poll ends theirs. Raises AnotherInstanceError."""
        if not self._conflicts:
            self._was_first = self._is_quiet()
        self._quiet_since = _time()
        self._conflicts += 1
        self._patience.failed("conflict")
        if self._conflicts >= MOST_CONFLICTS + self._was_first:
            raise AnotherInstanceError
        await asyncio.sleep(AGAIN)

    def record_success(self) -> None:
        """Record a successful poll; a newcomer resets its count only after SETTLED quiet seconds."""
        if self._was_first or self._is_quiet():
            self._conflicts = 0
            self._patience.worked()

    def _is_quiet(self) -> bool:
        return _time() > self._quiet_since + SETTLED


def _time() -> float:
    return asyncio.get_running_loop().time()
