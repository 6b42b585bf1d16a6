"""One transaction with the repositories over it: commit is explicit, everything else rolls back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core import ports
from core.errors import StorageError
from storage.audit import Audit, Witness
from storage.broadcasts import Broadcasts
from storage.conversations import Conversations
from storage.engine import WRITE_LOCK
from storage.failures import school_errors
from storage.held import Held
from storage.journal import Journal
from storage.leases import Leases
from storage.outbox import Outbox
from storage.paper import Paper
from storage.people import People
from storage.register import Register
from storage.schoolwork import Schoolwork
from storage.timetable import Timetable
from storage.year import Year


class SqlUnitOfWork:
    def __init__(self, connection: AsyncConnection, witness: Witness | None = None) -> None:
        self._connection = connection
        self._witness = witness
        self._audit = Audit(connection, witness)
        self.people: ports.People = People(connection)
        self.year: ports.Year = Year(connection)
        self.journal: ports.Journal = Journal(connection)
        self.register: ports.Register = Register(connection)
        self.outbox: ports.Outbox = Outbox(connection)
        self.leases: ports.Leases = Leases(connection)
        self.audit: ports.Audit = self._audit
        self.paper: ports.Paper = Paper(connection)
        self.held: ports.Held = Held(connection)
        self.timetable: ports.Timetable = Timetable(connection)
        self.schoolwork: ports.Schoolwork = Schoolwork(connection)
        self.broadcasts: ports.Broadcasts = Broadcasts(connection)
        self.conversations: ports.Conversations = Conversations(connection)

    async def commit(self) -> None:
        head = await self._audit.flush()
        await self._connection.commit()
        if head is not None and self._witness is not None:
            self._witness.note(head)


def open_factory(engine: AsyncEngine, witness: Witness | None = None) -> ports.UnitOfWorkFactory:
    """Units of work over one engine; a writing one waits for the others that write, at its first statement.

    The witness hears of every line of the audit trail that is committed.
    """
    writing = engine.execution_options(**{WRITE_LOCK: True})

    @asynccontextmanager
    async def open_uow(*, reading: bool = False) -> AsyncIterator[ports.UnitOfWork]:
        with school_errors():  # outermost, so that errors of the closing count too
            async with _connect(engine if reading else writing) as connection:
                yield SqlUnitOfWork(connection, witness)

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
