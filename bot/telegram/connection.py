"""The way to Telegram for as long as the bot talks: what cannot be had now is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ClassVar, TypeVar

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.run.backoff import Backoff
from core.errors import MustBeMendedError, SchoolError, StorageError

T = TypeVar("T")


class TokenRefusedError(SchoolError):
    """Telegram does not take the bot's token."""


class AnotherInstanceError(MustBeMendedError):
    """Another process talks with the same bot token."""

    exit_code: ClassVar[int] = 3


class Reach:
    """Calls that must succeed in the end, one after the other; `known` is set as soon as Telegram took the token."""

    def __init__(self, stopping: asyncio.Event, known: asyncio.Event) -> None:
        self._stopping = stopping
        self._known = known

    async def asked(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Telegram's answer, once there is one; None when told to stop before, which ends a call that is under way.

        Raises TokenRefusedError where the first thing that Telegram ever says is that it does not know the token;
        later a refused token is waited for, since nobody changed it here.
        """
        return await self.patiently(lambda: self._once(call))

    async def patiently(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """What the call returns, once Telegram and the database let it; None when told to stop before."""
        backoff = Backoff("conversation")
        while not self._stopping.is_set():
            try:
                answer = await call()
            except (TelegramAPIError, StorageError) as error:
                wait = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
                rest = backoff.failed(_reason(error), at_least=wait, error=error)
            else:
                backoff.worked()
                return answer
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), rest)
        return None

    async def _once(self, call: Callable[[], Awaitable[T]]) -> T | None:
        try:
            answer = await _unless(self._stopping, call())
        except (TelegramUnauthorizedError, TelegramNotFound):  # 404 is what it says to a token that is none
            if not self._known.is_set():
                raise TokenRefusedError from None
            raise
        self._known.set()
        return answer


def _reason(error: TelegramAPIError | StorageError) -> str:
    match error:
        case StorageError():
            return "no_database"
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "token_refused"
        case TelegramRetryAfter():
            return "told_to_wait"
        case TelegramBadRequest() | TelegramForbiddenError():
            return "refused"
        case _:
            return "unreachable"


async def _unless(stopping: asyncio.Event, call: Awaitable[T]) -> T | None:
    """The call's result, or None as soon as it is time to stop."""
    calling, stop = asyncio.ensure_future(call), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({calling, stop}, return_when=asyncio.FIRST_COMPLETED)
        return calling.result() if calling.done() else None
    finally:
        calling.cancel()
        stop.cancel()
