"""Many small writes in one transaction: whoever comes while one is being committed goes with the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.errors import StorageError

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Batch(Generic[T, R]):
    items: list[T] = field(default_factory=list)
    written: list[R] = field(default_factory=list)
    """What the transaction returned; nothing while it has not committed."""
    error: Exception = field(default_factory=StorageError)


class Together(Generic[T, R]):
    """A commit waits for the disk; shared by those who wait at the same time it costs each a part."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[R]]) -> None:
        self._write = write
        self._writing = asyncio.Lock()
        self._next: _Batch[T, R] = _Batch()

    async def add(self, *items: T, gather: float = 0) -> R:
        """What the transaction returned that committed them, among others. Raises its error, or StorageError.

        `gather`: seconds to wait for others before beginning, where nobody waits for the outcome. Where one of them
        cannot be written, each is written alone: one bad item is nothing to the others.
        """
        batch = self._next
        batch.items += items
        async with self._writing:
            if batch is self._next:
                await asyncio.sleep(gather)
                self._next = _Batch()
                await self._commit(batch)
            if batch.written:
                return batch.written[0]
            if isinstance(batch.error, StorageError) or len(batch.items) == len(items):
                raise batch.error
            return await self._write(items)

    async def _commit(self, batch: _Batch[T, R]) -> None:
        try:
            batch.written.append(await self._write(batch.items))
        except Exception as error:  # noqa: BLE001  # raised to each whose items it concerns
            batch.error = error
