"""One transaction with the repositories over it: commit is explicit, everything else rolls back."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core import ports
from core.errors import ConflictError, NotFoundError, StorageError
from storage.audit import Audit, Witness
from storage.broadcasts import Broadcasts
from storage.conversations import Conversations
from storage.engine import WRITE_LOCK
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

FOREIGN_KEY = {"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"}
BUSY = {"08", "40", "53", "55", "57"}
"""PostgreSQL's classes for a lost connection, a deadlock, too little of something, a lock and a server that stops."""


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
        with _school_errors():  # outermost, so that errors of the closing count too
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


@contextmanager
def _school_errors() -> Iterator[None]:
    """The driver's errors end here; its words are not passed on, since they quote the rows (Q103)."""
    try:
        yield
    except exc.IntegrityError as error:
        raise (NotFoundError if _code(error) in FOREIGN_KEY else ConflictError) from None
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError):
        raise StorageError from None
    except exc.DBAPIError as error:
        if (_code(error) or "")[:2] in BUSY:
            raise StorageError from None
        raise


def _code(error: exc.DBAPIError) -> str | None:
    """The driver's own code: SQLite's name for it or PostgreSQL's five characters."""
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
