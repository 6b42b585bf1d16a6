"""Protocols of what actions need from outside: unit of work, repositories, notifiers, translator, print tray."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from core.ports.audit import AuditPort
from core.ports.broadcast import BroadcastPort
from core.ports.conversation import ConversationPort
from core.ports.delivery import DeliveryAcquaintancePort, DeliveryLeasePort, DeliveryOutboxPort, HeldDeliveryPort
from core.ports.health import HealthPort
from core.ports.imports import ImportsPort, StagedImportsPort
from core.ports.marks import MarksPort
from core.ports.notifier import (
    Limits,
    Notifier,
    NotifierDirectoryPort,
    NotifierFileStorePort,
    NotifierPrintTrayPort,
    PeerAnswer,
    ProbingNotifier,
    RefusedError,
    RejectedError,
    Translator,
    UnavailableError,
    UncertainError,
    UnencryptedError,
)
from core.ports.paper import PaperPort
from core.ports.people import PeoplePort
from core.ports.register import RegisterPort
from core.ports.results import (
    ResultsClosingPort,
    ResultsDeferralPort,
    ResultsExamPort,
    ResultsLearningPort,
    ResultsPort,
    ResultsSheetPort,
)
from core.ports.schoolwork import SchoolworkPort
from core.ports.timetable import TimetablePort
from core.ports.year import YearPort

__all__ = [
    "AuditPort",
    "BroadcastPort",
    "ConversationPort",
    "DeliveryAcquaintancePort",
    "DeliveryLeasePort",
    "DeliveryOutboxPort",
    "HealthPort",
    "HeldDeliveryPort",
    "ImportsPort",
    "Limits",
    "MarksPort",
    "Notifier",
    "NotifierDirectoryPort",
    "NotifierFileStorePort",
    "NotifierPrintTrayPort",
    "PaperPort",
    "PeerAnswer",
    "PeoplePort",
    "ProbingNotifier",
    "RefusedError",
    "RegisterPort",
    "RejectedError",
    "ResultsClosingPort",
    "ResultsDeferralPort",
    "ResultsExamPort",
    "ResultsLearningPort",
    "ResultsPort",
    "ResultsSheetPort",
    "SchoolworkPort",
    "StagedImportsPort",
    "TimetablePort",
    "Translator",
    "UnavailableError",
    "UncertainError",
    "UnencryptedError",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "YearPort",
]


class UnitOfWork(Protocol):
    """One transaction: it is rolled back unless committed. A writing one takes the write lock when it begins."""

    people: PeoplePort
    year: YearPort
    marks: MarksPort
    results: ResultsPort
    deferrals: ResultsDeferralPort
    closings: ResultsClosingPort
    learning: ResultsLearningPort
    exams: ResultsExamPort
    sheets: ResultsSheetPort
    acquaintances: DeliveryAcquaintancePort
    imports: ImportsPort
    register: RegisterPort
    outbox: DeliveryOutboxPort
    leases: DeliveryLeasePort
    health: HealthPort
    audit: AuditPort
    paper: PaperPort
    held: HeldDeliveryPort
    timetable: TimetablePort
    schoolwork: SchoolworkPort
    broadcasts: BroadcastPort
    conversations: ConversationPort
    staged: StagedImportsPort

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
