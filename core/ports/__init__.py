"""What the actions need from the outside: the unit of work with its repositories, notifiers, translator, print tray."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from core.ports.audit import Audit
from core.ports.broadcast import Broadcasts
from core.ports.conversation import Conversations
from core.ports.delivery import Held, Leases, Outbox
from core.ports.imports import Imports, Staged
from core.ports.marks import Marks
from core.ports.notifier import (
    Limits,
    Notifier,
    PrintTray,
    RefusedError,
    RejectedError,
    Translator,
    UnavailableError,
    UncertainError,
)
from core.ports.paper import Paper
from core.ports.people import People
from core.ports.register import Register
from core.ports.results import Results
from core.ports.schoolwork import Schoolwork
from core.ports.timetable import Timetable
from core.ports.year import Year

__all__ = [
    "Audit",
    "Broadcasts",
    "Conversations",
    "Held",
    "Imports",
    "Leases",
    "Limits",
    "Marks",
    "Notifier",
    "Outbox",
    "Paper",
    "People",
    "PrintTray",
    "RefusedError",
    "Register",
    "RejectedError",
    "Results",
    "Schoolwork",
    "Staged",
    "Timetable",
    "Translator",
    "UnavailableError",
    "UncertainError",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "Year",
]


class UnitOfWork(Protocol):
    """One transaction: rolled back unless committed. Writing ones take the write lock at once."""

    people: People
    year: Year
    marks: Marks
    results: Results
    imports: Imports
    register: Register
    outbox: Outbox
    leases: Leases
    audit: Audit
    paper: Paper
    held: Held
    timetable: Timetable
    schoolwork: Schoolwork
    broadcasts: Broadcasts
    conversations: Conversations
    staged: Staged

    async def begin_aside(self, *, copying: bool = False) -> None:
        """From reading to an import that keeps nobody from writing before its end.

        `copying`: what follows changes copies of the tables of people and timetables, and the commit merges them, or
        raises ConflictError where somebody wrote meanwhile what was read or changed. A unit of work that writes goes on
        as it is.
        """
        ...

    async def at_last(self, work: Callable[[], Awaitable[None]]) -> None:
        """What touches more than the copies: done at once, or, aside, when they have been merged."""
        ...

    async def begin_writing(self) -> None:
        """From reading to writing, keeping what is staged; what was read before may have changed since."""
        ...

    async def begin_reading(self) -> None:
        """Give up whatever is written or staged, and read anew without keeping anybody from writing."""
        ...

    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """`async with open_uow() as uow`: a writing unit of work; `open_uow(reading=True)`: one that only reads."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[UnitOfWork]: ...
