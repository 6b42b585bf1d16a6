"""Checks that the database still has this version: after a migration an old process would write wrong data."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.run.supervision import sleep_under_supervision, supervise_part
from core.errors import StorageError
from storage.database.revision import RefusedDatabaseError, require_current_revision

if TYPE_CHECKING:
    from bot.app import App

EVERY = timedelta(minutes=1)


async def wait_for_current_schema(app: "App", *, stopping: asyncio.Event) -> None:
    """Wait until the database answers and has this version. Raises WrongDatabaseError."""
    await supervise_part("database", partial(require_current_revision, app.engine), stopping=stopping)


async def watch_schema_revision(app: "App", *, stopping: asyncio.Event, every: timedelta = EVERY) -> None:
    """Check every minute until told to stop; outages are ignored. Raises WrongDatabaseError.

    A login or a file that worked at the start and is refused now counts as an outage too.
    """
    while not stopping.is_set():
        with suppress(StorageError, RefusedDatabaseError):
            await require_current_revision(app.engine)
        await sleep_under_supervision(every.total_seconds(), stopping)
