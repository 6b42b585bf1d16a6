"""Whether the database is still one of this version: a process that runs on beside a migration would write nonsense."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.run.supervision import rest, supervise
from core.errors import StorageError
from storage.database.revision import RefusedDatabaseError, require_current

if TYPE_CHECKING:
    from bot.app import App

EVERY = timedelta(minutes=1)


async def until_current(app: "App", *, stopping: asyncio.Event) -> None:
    """Wait for a database that does not answer yet, as after a restart of the machine. Raises WrongDatabaseError."""
    await supervise("database", partial(require_current, app.engine), stopping=stopping)


async def keep_current(app: "App", *, stopping: asyncio.Event, every: timedelta = EVERY) -> None:
    """Look again and again until told to stop; outages are the business of whoever needs it. WrongDatabaseError.

    A login or a file that was good at the start and is refused now is an outage: it may be good again.
    """
    while not stopping.is_set():
        with suppress(StorageError, RefusedDatabaseError):
            await require_current(app.engine)
        await rest(every.total_seconds(), stopping)
