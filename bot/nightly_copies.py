"""The nightly copy of the database, and the monthly check that such a copy can be restored (Q104)."""

from typing import TYPE_CHECKING

import structlog

from core.actions import backups
from core.errors import SchoolError
from core.rules.delivery.nights import latest_night

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()


async def write_nightly_copy(app: "App") -> None:
    """Write the copy of the night and delete those older than 30 days; the deputy head is told of a failure.

    Raises what the copy raises, so that the job is tried again.
    """
    from storage.backup.rotation import rotate_nightly_backup  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    night = latest_night(app.clock(), app.policy)
    try:
        await rotate_nightly_backup(app.settings.database, app.settings.backup_folder, night)
    except (OSError, SchoolError) as error:
        log.error("backup.failed", error=type(error).__name__)  # noqa: TRY400  # the frames are logged by the restart
        await _tell(app, is_written=False)
        raise


async def check_newest_nightly_copy(app: "App") -> None:
    """Once a month see whether the newest copy can be restored; a faulty one is told each night until one is sound."""
    from storage.backup.copies import backup_copy_fault  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s
    from storage.backup.rotation import nightly_backups_in_rotation  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    night = latest_night(app.clock(), app.policy)
    async with app.open_uow(reading=True) as uow:
        is_due = await backups.is_backup_check_due(uow, on=night)
    copies = nightly_backups_in_rotation(app.settings.backup_folder)
    if not is_due or not copies:
        return
    fault = await backup_copy_fault(copies[-1])
    if fault is not None:
        log.error("backup.faulty", fault=fault)
        await _tell(app, is_written=True)
        return
    async with app.open_uow() as uow:
        await backups.record_backup_check(uow, on=night, at=app.clock())
    log.info("backup.checked")


async def _tell(app: "App", *, is_written: bool) -> None:
    async with app.open_uow() as uow:
        await backups.tell_of_faulty_backup(uow, is_written=is_written, now=app.clock(), policy=app.policy)
