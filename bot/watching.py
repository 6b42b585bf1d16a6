"""Whether the database is still one of this version: a process that runs on beside a migration would write nonsense."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from core.errors import StorageError
from storage.revision import require_current

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
AGAIN = timedelta(seconds=5)
"""How soon a database that does not answer at the start is asked again."""


async def until_current(app: "App", *, stopping: asyncio.Event) -> None:
    """Wait for a database that does not answer yet, as after a restart of the machine. Raises WrongDatabaseError."""
    is_told = False
    while not stopping.is_set():
        try:
            await require_current(app.engine)
        except StorageError:
            if not is_told:
                log.warning("database.not_answering")
            is_told = True
            await _pause(stopping, AGAIN)
        else:
            return


async def keep_current(app: "App", *, stopping: asyncio.Event, every: timedelta = EVERY) -> None:
    """Look again and again until told to stop; outages are the business of whoever needs it. WrongDatabaseError."""
    while not stopping.is_set():
        with suppress(StorageError):
            await require_current(app.engine)
        await _pause(stopping, every)


async def _pause(stopping: asyncio.Event, duration: timedelta) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), duration.total_seconds())
