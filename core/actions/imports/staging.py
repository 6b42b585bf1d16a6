"""What an import keeps in hand while it works out its rows: their numbers, and each row as it is at last."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from core.errors import ConflictError
from core.ports import UnitOfWork


class Numbered(Protocol):
    """A row of a table."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


@dataclass(slots=True)
class StagedIds:
    """Ids ahead of their rows, so that other rows can name them; as many are reserved as are used."""

    uow: UnitOfWork
    free: dict[type[object], deque[int]] = field(default_factory=dict)

    async def ensure(self, noun: type[object], count: int) -> deque[int]:
        """The free ids of a kind, at least so many; whoever names a row takes them from the left."""
        free = self.free.setdefault(noun, deque())
        if len(free) < count:
            free.extend(await self.uow.staged.reserve(noun, count - len(free)))
        return free

    async def one(self, noun: type[object]) -> int:
        """The next id."""
        return (await self.ensure(noun, 1)).popleft()


@dataclass(slots=True)
class StagedRows(Generic[Row]):
    """Rows that a set brings or changes, however often its reports do so: each once, as it is at last."""

    new: dict[int, Row] = field(default_factory=dict)
    changed: dict[int, tuple[Row, Row]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """A row that the set brings."""
        self.new[row.id] = row

    def change(self, before: Row, after: Row) -> None:
        """A row that was known, or that an earlier report of the set has brought."""
        if before.id in self.new:
            self.new[before.id] = after
        else:
            known, _ = self.changed.get(before.id, (before, before))
            self.changed[before.id] = known, after


Result = TypeVar("Result")

TRIES = 2
"""How often an import is worked out while others may write."""


async def retry_with_lock(uow: UnitOfWork, attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Do a long piece of work while others write; if they wrote what it read, again, and at last with the lock.

    `attempt` begins in a unit of work that reads and ends with a commit, or with ConflictError.
    """
    for _ in range(TRIES):
        try:
            return await attempt()
        except ConflictError:
            await uow.begin_reading()
    await uow.begin_writing()
    return await attempt()
