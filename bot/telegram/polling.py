"""Long polling: the one place that asks Telegram for updates."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from bot.run.backoff import Backoff, backoff_seconds
from bot.telegram.connection import AnotherInstanceError, Reach
from bot.telegram.inbox import Inbox
from bot.telegram.incoming import number_of
from bot.telegram.session import AnswerLostError, FetchUpdates

LONG = 20  # seconds that Telegram waits for something to happen
HOLDER = "polling"
"""Only one process polls, so whoever does takes up at once what the last one left."""

MOST = 100
"""Updates in one answer."""

QUICK = 1.0
"""Seconds; Telegram is in no hurry to say that nothing has happened, so somebody else said it."""

SETTLED = 3.0
"""Seconds without another process after which this one counts as here first; the newcomer yields."""

AGAIN = 1.0  # seconds before Telegram is asked again, which ends the other's poll
MOST_CONFLICTS = 10
"""In a row; then the newcomer yields, and whoever was here first does so at the next one."""


async def poll(bot: Bot, inbox: Inbox, *, kinds: Sequence[str], reach: Reach, stopping: asyncio.Event) -> None:
    """Take updates until told to stop: the next question confirms them, so they are kept before it.

    Raises TokenRefusedError, and AnotherInstanceError where another process polls with the same token.
    """
    await reach.asked(bot.delete_webhook)
    line = _Line(bot, kinds)
    while not stopping.is_set():
        updates = await reach.asked(line.ask) or []
        await reach.patiently(partial(inbox.take, updates))
        line.confirm(updates)


class _Line:
    """Where the reading of updates has come to."""

    def __init__(self, bot: Bot, kinds: Sequence[str]) -> None:
        self._bot = bot
        self._kinds = list(kinds)
        self._offset: int | None = None
        self._limit = MOST
        self._vain = 0
        self._contest = _Contest()

    def confirm(self, updates: Sequence[object]) -> None:
        """Also those without a number, as far as others are behind them."""
        self._offset = self._after(updates)

    async def ask(self) -> Sequence[object]:
        """Updates as Telegram wrote them; of an answer that cannot be read half as many are asked for."""
        await asyncio.sleep(backoff_seconds(self._vain) if self._vain else 0)
        began = _time()
        try:
            updates = await self._fetch()
        except TelegramConflictError:
            await self._contest.lost()
            return []
        except AnswerLostError:
            self._limit = max(self._limit // 2, 1)
            raise
        self._contest.won()
        self._limit = min(self._limit * 2, MOST)
        self._count(updates, is_quick=_time() - began < QUICK)
        return updates

    async def _fetch(self) -> list[Any]:
        question = FetchUpdates(offset=self._offset, limit=self._limit, timeout=LONG, allowed_updates=self._kinds)
        return await self._bot(question, request_timeout=LONG * 2)

    def _count(self, updates: Sequence[object], *, is_quick: bool) -> None:
        """An answer that brings nothing forward must not be asked for again at once: a proxy may say it for ever."""
        is_forward = self._after(updates) != self._offset or not (updates or is_quick)
        self._vain = 0 if is_forward else self._vain + 1

    def _after(self, updates: Sequence[object]) -> int | None:
        """The number that confirms them all; it may be lower than the last, as Telegram begins anew after a week."""
        numbers = [number for update in updates if (number := number_of(update)) is not None]
        return max(numbers) + 1 if numbers else self._offset


class _Contest:
    """Two processes that poll end each other's polls in turn; who came second is the first to have had enough."""

    def __init__(self) -> None:
        self._quiet_since = _time()
        self._conflicts = 0
        self._was_first = False
        self._patience = Backoff("conversation")

    async def lost(self) -> None:
        """Our poll was ended by another; the next one ends theirs. Raises AnotherInstanceError."""
        if not self._conflicts:
            self._was_first = self._is_quiet()
        self._quiet_since = _time()
        self._conflicts += 1
        self._patience.failed("conflict")
        if self._conflicts >= MOST_CONFLICTS + self._was_first:
            raise AnotherInstanceError
        await asyncio.sleep(AGAIN)

    def won(self) -> None:
        """A poll ended well; a newcomer is still one while the other is near."""
        if self._was_first or self._is_quiet():
            self._conflicts = 0
            self._patience.worked()

    def _is_quiet(self) -> bool:
        return _time() > self._quiet_since + SETTLED


def _time() -> float:
    return asyncio.get_running_loop().time()
