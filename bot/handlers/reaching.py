"""What can go wrong on the way to Telegram before anything is said, and how long it is tried."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ClassVar, TypeVar

import structlog
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from core.errors import MustBeMendedError, SchoolError

REST = 5.0  # seconds before Telegram is asked again

log = structlog.get_logger()
T = TypeVar("T")


class TokenRefusedError(SchoolError):
    """Telegram does not take the bot's token."""


class AnotherInstanceError(MustBeMendedError):
    """Another process talks with the same bot token."""

    exit_code: ClassVar[int] = 3


async def patiently(call: Callable[[], Awaitable[T]], *, stopping: asyncio.Event) -> T | None:
    """What Telegram answers, once it can be reached; None when told to stop before. Raises TokenRefusedError."""
    while not stopping.is_set():
        rest = REST
        try:
            return await _unless(stopping, call())
        except TelegramUnauthorizedError:
            raise TokenRefusedError from None
        except TelegramRetryAfter as wait:
            rest = wait.retry_after
        except (TelegramNetworkError, TelegramServerError):
            log.warning("conversation.unreachable")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), rest)
    return None


async def _unless(stopping: asyncio.Event, call: Awaitable[T]) -> T | None:
    """The call's result, or None as soon as it is time to stop."""
    calling, stop = asyncio.ensure_future(call), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({calling, stop}, return_when=asyncio.FIRST_COMPLETED)
        return calling.result() if calling.done() else None
    finally:
        calling.cancel()
        stop.cancel()
