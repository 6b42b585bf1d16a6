"""Group commit: writes that arrive during a commit share the next one."""

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
    """The result of the transaction; empty until it has committed."""
    error: Exception = field(default_factory=StorageError)


class GroupCommit(Generic[T, R]):
    """Collects items and writes them in one transaction, since each commit waits for the disk."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[R]]) -> None:
        self._write = write
        self._writing = asyncio.Lock()
        self._next: _Batch[T, R] = _Batch()

    async def add(self, *items: T, gather: float = 0) -> R:
        """The result of the transaction that committed these items, with others. Raises its error, or StorageError.

        `gather`: seconds to wait for more items before the commit. Where a batch fails, each caller's items are written
        alone, so that one bad item does not fail the others.
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
        except Exception as error:  # noqa: BLE001  # re-raised to the callers of this batch
            batch.error = error
