"""One transaction with the repositories over it: commit is explicit, everything else rolls back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core import ports
from core.errors import StorageError
from core.ports.audit import AuditWitnessPort
from storage.audit import SqlAudit
from storage.broadcast import SqlBroadcasts
from storage.conversation import SqlConversations
from storage.database.engine import WRITE_LOCK
from storage.database.failures import convert_database_failures
from storage.database.types import SQLITE
from storage.delivery.acquaintance import SqlAcquaintances
from storage.delivery.held import SqlHeldDeliveries
from storage.delivery.leases import SqlLeases
from storage.delivery.repository import SqlOutbox
from storage.health import SqlHealth
from storage.imports.history import SqlImportHistory
from storage.imports.staging import SqlImportStaging
from storage.imports.temporary_copies import TemporaryTableCopies
from storage.marks.repository import SqlMarks
from storage.paper import SqlPaper
from storage.people.repository import SqlPeople
from storage.register.repository import SqlRegister
from storage.results.closings import SqlClosings
from storage.results.deferrals import SqlDeferrals
from storage.results.exams import SqlExams
from storage.results.learning import SqlResultsLearning
from storage.results.period_marks import SqlPeriodMarks
from storage.results.summary_sheet import SqlSummarySheets
from storage.schoolwork.repository import SqlSchoolwork
from storage.timetable.repository import SqlTimetable
from storage.year import SqlYear


class SqlUnitOfWork:
    def __init__(
        self, connection: AsyncConnection, witness: AuditWitnessPort | None, *, reading: bool, odd_week: date | None
    ) -> None:
        self._connection = connection
        self._witness = witness
        self._is_reading = reading
        self._audit = SqlAudit(connection, witness)
        self._staging = SqlImportStaging(connection)
        self._copies = TemporaryTableCopies(connection)
        self._later: list[Callable[[], Awaitable[None]]] = []
        self.people: ports.PeoplePort = SqlPeople(connection)
        self.year: ports.YearPort = SqlYear(connection)
        self.marks: ports.MarksPort = SqlMarks(connection)
        self.results: ports.ResultsPort = SqlPeriodMarks(connection)
        self.deferrals: ports.ResultsDeferralPort = SqlDeferrals(connection)
        self.closings: ports.ResultsClosingPort = SqlClosings(connection)
        self.learning: ports.ResultsLearningPort = SqlResultsLearning(connection)
        self.exams: ports.ResultsExamPort = SqlExams(connection)
        self.sheets: ports.ResultsSheetPort = SqlSummarySheets(connection)
        self.acquaintances: ports.DeliveryAcquaintancePort = SqlAcquaintances(connection)
        self.imports: ports.ImportsPort = SqlImportHistory(connection)
        self.register: ports.RegisterPort = SqlRegister(connection)
        self.outbox: ports.DeliveryOutboxPort = SqlOutbox(connection)
        self.leases: ports.DeliveryLeasePort = SqlLeases(connection)
        self.health: ports.HealthPort = SqlHealth(connection)
        self.audit: ports.AuditPort = self._audit
        self.paper: ports.PaperPort = SqlPaper(connection)
        self.held: ports.HeldDeliveryPort = SqlHeldDeliveries(connection)
        self.timetable: ports.TimetablePort = SqlTimetable(connection, odd_week)
        self.schoolwork: ports.SchoolworkPort = SqlSchoolwork(connection)
        self.broadcasts: ports.BroadcastPort = SqlBroadcasts(connection)
        self.conversations: ports.ConversationPort = SqlConversations(connection)
        self.staged: ports.StagedImportsPort = self._staging

    async def begin_aside(self, *, copying: bool = False) -> None:
        """PostgreSQL has many writers, so there the import writes at once and holds only a lock by name."""
        if self._connection.dialect.name != SQLITE:
            await self.begin_writing()
        elif self._is_reading and copying:
            await self._copies.make()

    async def at_last(self, work: Callable[[], Awaitable[None]]) -> None:
        if self._copies.exist:
            self._later.append(work)
        else:
            await work()

    async def begin_writing(self) -> None:
        """Turns to writing. A commit, not a rollback, ends the reading transaction, so that staged rows are kept."""
        if self._is_reading:
            await self._connection.commit()
            await self._set_reading(reading=False)

    async def begin_reading(self) -> None:
        await self._connection.rollback()
        await self._set_reading(reading=True)
        self._staging.forget()
        self._audit.forget()
        self._later.clear()
        if self._copies.exist:
            await self._copies.drop()

    async def _set_reading(self, *, reading: bool) -> None:
        await self._connection.execution_options(**{WRITE_LOCK: not reading})
        self._is_reading = reading

    async def commit(self) -> None:
        if self._copies.exist:
            differences = await self._copies.differences()
            await self.begin_writing()
            await self._copies.merge(differences)
            await self._copies.drop()
        while self._later:
            await self._later.pop(0)()
        head = await self._audit.flush()
        await self._connection.commit()
        if head is not None and self._witness is not None:
            self._witness.note(head)

    async def close(self) -> None:
        """Closes the connection for good where it has temporary tables, which end with it."""
        if self._staging.is_used or self._copies.were_made:
            await self._connection.invalidate()


def unit_of_work_factory(
    engine: AsyncEngine, witness: AuditWitnessPort | None = None, *, odd_week: date | None = None
) -> ports.UnitOfWorkFactory:
    """Units of work over one engine. A writing one waits at its first statement for other writers.

    The witness hears of every line of the audit trail that is committed; `odd_week` is a day of an odd week.
    """
    writing = engine.execution_options(**{WRITE_LOCK: True})

    @asynccontextmanager
    async def open_uow(*, reading: bool = False) -> AsyncIterator[ports.UnitOfWork]:
        with convert_database_failures():  # outermost, so that errors of closing are turned too
            async with _connect(engine if reading else writing) as connection:
                uow = SqlUnitOfWork(connection, witness, reading=reading, odd_week=odd_week)
                try:
                    yield uow
                finally:
                    await uow.close()

    return open_uow


@asynccontextmanager
async def _connect(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    connection = engine.connect()
    try:
        await connection.start()
    except OSError:
        raise StorageError from None
    try:
        yield connection
    finally:
        await connection.close()
