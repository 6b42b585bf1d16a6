"""What the actions need from the outside: the unit of work with its repositories, notifiers, translator, print tray."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from core.ports.conversing import Broadcasts, Conversations, Draft, Household
from core.ports.notifying import (
    Limits,
    Notifier,
    PrintTray,
    RefusedError,
    RejectedError,
    Translator,
    UnavailableError,
    UncertainError,
)
from core.ports.school import Journal, People, Register, Year
from core.ports.schoolday import Schoolwork, Timetable
from core.ports.sending import Audit, Held, Leases, NewAttempt, ObligationRow, OpenObligation, Outbox, Paper

__all__ = [
    "Audit",
    "Broadcasts",
    "Conversations",
    "Draft",
    "Held",
    "Household",
    "Journal",
    "Leases",
    "Limits",
    "NewAttempt",
    "Notifier",
    "ObligationRow",
    "OpenObligation",
    "Outbox",
    "Paper",
    "People",
    "PrintTray",
    "RefusedError",
    "Register",
    "RejectedError",
    "Schoolwork",
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
    journal: Journal
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

    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    """`async with open_uow() as uow`: a writing unit of work; `open_uow(reading=True)`: one that only reads."""

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[UnitOfWork]: ...
