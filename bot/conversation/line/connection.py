"""Calls to a messenger that are retried until they succeed, and the errors that only a person can mend."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from bot.backoff import Backoff
from core.errors import MustBeMendedError, SchoolError, StorageError

T = TypeVar("T")


class TokenRefusedError(SchoolError):
    """The messenger refuses the bot's token."""


class WebhookRefusedError(SchoolError):
    """The messenger refuses the webhook's URL."""


class AnotherInstanceError(MustBeMendedError):
    """Another process polls with the same bot token."""

    exit_code: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class CallFailure:
    """What an error of a messenger means: `reason` for the log, `wait` in seconds that it asks for."""

    reason: str
    wait: float = 0.0
    is_token_refused: bool = False


class LineConnectionCalls(ABC):
    """Retries calls, one after the other; sets `known` when the messenger has accepted us.

    From then on a refused token or webhook is waited for, since nobody changed it here.
    """

    def __init__(self, stopping: asyncio.Event, known: asyncio.Event) -> None:
        self._stopping = stopping
        self._known = known

    @abstractmethod
    def failure_of(self, error: Exception) -> CallFailure | None:
        """What an error of the messenger means; None for any other error, which is raised."""

    async def call(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The messenger's answer, retried until there is one; None when told to stop, which cancels a running call.

        Raises TokenRefusedError or WebhookRefusedError where the very first answer refuses us.
        """
        return await self.retry(lambda: self._call_once(call))

    async def retry(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The result of a call, retried after errors of the messenger and the database; None when told to stop."""
        backoff = Backoff("conversation")
        while not self._stopping.is_set():
            try:
                answer = await call()
            except Exception as error:
                failure = self._failure_of_any(error)
                if failure is None:
                    raise
                rest = backoff.failed(failure.reason, at_least=failure.wait, error=error)
            else:
                backoff.worked()
                return answer
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), rest)
        return None

    def _failure_of_any(self, error: Exception) -> CallFailure | None:
        """None for an error that is raised."""
        if isinstance(error, StorageError):
            return CallFailure("no_database")
        if isinstance(error, WebhookRefusedError):
            return CallFailure("webhook_refused") if self._known.is_set() else None
        return self.failure_of(error)

    async def _call_once(self, call: Callable[[], Awaitable[T]]) -> T | None:
        try:
            answer = await _until_stopping(self._stopping, call())
        except Exception as error:
            failure = self.failure_of(error)
            if failure is not None and failure.is_token_refused and not self._known.is_set():
                raise TokenRefusedError from None
            raise
        self._known.set()
        return answer


async def _until_stopping(stopping: asyncio.Event, call: Awaitable[T]) -> T | None:
    """The call's result, or None as soon as `stopping` is set."""
    calling, stop = asyncio.ensure_future(call), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({calling, stop}, return_when=asyncio.FIRST_COMPLETED)
        return calling.result() if calling.done() else None
    finally:
        calling.cancel()
        stop.cancel()
