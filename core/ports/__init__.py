"""Protocols of what actions need from outside: unit of work, repositories, notifiers, translator, print tray."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from core.ports.audit import Audit
from core.ports.broadcast import Broadcasts
from core.ports.conversation import Conversations
from core.ports.delivery import Acquaintances, Held, Leases, Outbox
from core.ports.health import Health
from core.ports.imports import Imports, Staged
from core.ports.marks import Marks
from core.ports.notifier import (
    ChannelDirectory,
    FileStore,
    Limits,
    Notifier,
    PeerAnswer,
    PrintTray,
    Probing,
    RefusedError,
    RejectedError,
    Translator,
    UnavailableError,
    UncertainError,
)
from core.ports.paper import Paper
from core.ports.people import People
from core.ports.register import Register
from core.ports.results import Closings, Deferrals, Exams, Learning, Results, SummarySheets
from core.ports.schoolwork import Schoolwork
from core.ports.timetable import Timetable
from core.ports.year import Year

__all__ = [
    "Acquaintances",
    "Audit",
    "Broadcasts",
    "ChannelDirectory",
    "Closings",
    "Conversations",
    "Deferrals",
    "Exams",
    "FileStore",
    "Health",
    "Held",
    "Imports",
    "Learning",
    "Leases",
    "Limits",
    "Marks",
    "Notifier",
    "Outbox",
    "Paper",
    "PeerAnswer",
    "People",
    "PrintTray",
    "Probing",
    "RefusedError",
    "Register",
    "RejectedError",
    "Results",
    "Schoolwork",
    "Staged",
    "SummarySheets",
    "Timetable",
    "Translator",
    "UnavailableError",
    "UncertainError",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "Year",
]


class UnitOfWork(Protocol):
    """One transaction: it is rolled back unless committed. A writing one takes the write lock when it begins."""

    people: People
    year: Year
    marks: Marks
    results: Results
    deferrals: Deferrals
    closings: Closings
    learning: Learning
    exams: Exams
    sheets: SummarySheets
    acquaintances: Acquaintances
    imports: Imports
    register: Register
    outbox: Outbox
    leases: Leases
    health: Health
    audit: Audit
    paper: Paper
    held: Held
    timetable: Timetable
    schoolwork: Schoolwork
    broadcasts: Broadcasts
    conversations: Conversations
    staged: Staged

    async def begin_aside(self, *, copying: bool = False) -> None:
        """Prepares a reading unit of work for an import that takes the write lock only at its end.

        `copying`: from now on copies of the tables of people and timetables are changed. The commit merges them, or
        raises ConflictError if somebody else wrote meanwhile what was read or changed. No effect on a writing one.
        """
        ...

    async def at_last(self, work: Callable[[], Awaitable[None]]) -> None:
        """Runs work on tables that are not copied: at once, or after the merge if copies are used."""
        ...

    async def begin_writing(self) -> None:
        """Takes the write lock and keeps what is staged; what was read before may have changed since."""
        ...

    async def begin_reading(self) -> None:
        """Rolls back everything that was written or staged, and begins to read without the write lock."""
        ...

    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """`async with open_uow() as uow`: a writing unit of work; `open_uow(reading=True)`: one that only reads."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[UnitOfWork]: ...
