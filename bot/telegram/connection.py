"""Calls to Telegram that are retried until they succeed."""

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

from bot.backoff import Backoff
from core.errors import MustBeMendedError, SchoolError, StorageError

T = TypeVar("T")


class TokenRefusedError(SchoolError):
    """Telegram refuses the bot's token."""


class AnotherInstanceError(MustBeMendedError):
    """Another process polls with the same bot token."""

    exit_code: ClassVar[int] = 3


class RetryingCalls:
    """Retries calls, one after the other; sets `known` when Telegram has accepted the token."""

    def __init__(self, stopping: asyncio.Event, known: asyncio.Event) -> None:
        self._stopping = stopping
        self._known = known

    async def call_telegram(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Telegram's answer, retried until there is one; None when told to stop, which cancels a running call.

        Raises TokenRefusedError where Telegram's very first answer refuses the token. Later a refused token is retried,
        since nobody changed it here.
        """
        return await self.retry(lambda: self._call_once(call))

    async def retry(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The result of a call, retried after errors of Telegram and the database; None when told to stop."""
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

    async def _call_once(self, call: Callable[[], Awaitable[T]]) -> T | None:
        try:
            answer = await _until_stopping(self._stopping, call())
        except (TelegramUnauthorizedError, TelegramNotFound):  # 404 is Telegram's answer to a malformed token
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


async def _until_stopping(stopping: asyncio.Event, call: Awaitable[T]) -> T | None:
    """The call's result, or None as soon as `stopping` is set."""
    calling, stop = asyncio.ensure_future(call), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({calling, stop}, return_when=asyncio.FIRST_COMPLETED)
        return calling.result() if calling.done() else None
    finally:
        calling.cancel()
        stop.cancel()
