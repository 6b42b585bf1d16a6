"""Restores a copy: replaces the database, begins the next epoch, holds unsent messages, moves the anchor."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.anchor import AnchorError, log_anchor
from core.actions import restoring
from core.actions.restoring import HeldNumbers
from core.model.audit import AuditHead
from core.model.people import Actor
from core.ports import UnitOfWork, UnitOfWorkFactory
from storage.backup.copies import restore_backup_copy
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

if TYPE_CHECKING:
    from bot.app import App


Find = Callable[[UnitOfWork], Awaitable[Actor]]
"""Finds who acts, in the copy, since the replaced database may be gone."""


async def restore_school_copy(app: "App", file: Path, find: Find, *, forced: bool) -> tuple[HeldNumbers, Path | None]:
    """Restore a copy; returns the counts of held messages, and where the old database is kept.

    Raises CopyRefusedError, AtWorkError unless `forced`, ToolMissingError, StorageError; then nothing was changed.
    """
    await app.engine.dispose()
    moment = app.clock().strftime("%Y%m%dT%H%M%SZ")
    (numbers, head), kept = await restore_backup_copy(
        file,
        app.settings.database,
        lambda url: _held_in(app, url, find),
        aside=app.settings.data / f"vestnik-before-restore-{moment}",
        forced=forced,
    )
    _anchor(app, head)
    return numbers, kept


async def restore_in_place(app: "App", find: Find) -> HeldNumbers:
    """Begin the next epoch for a copy that was restored by hand."""
    numbers, head = await _held_in(app, app.settings.database, find)
    _anchor(app, head)
    return numbers


async def _held_in(app: "App", url: str, find: Find) -> tuple[HeldNumbers, AuditHead]:
    """Runs without the anchor, which moves last: an interrupted restore is still recognised as an older copy."""
    engine = create_database_engine(url)
    try:
        return await _begin_epoch(app, unit_of_work_factory(engine), find)
    finally:
        await engine.dispose()


async def _begin_epoch(app: "App", open_uow: UnitOfWorkFactory, find: Find) -> tuple[HeldNumbers, AuditHead]:
    async with open_uow(reading=True) as uow:
        before, actor = await uow.audit.head(), await find(uow)
    if before is None:
        raise AnchorError("audit.headless", line=0)
    anchored = app.anchor.read_authentic(before.trail)
    async with open_uow() as uow:
        numbers = await restoring.begin_epoch_after_restore(uow, actor, anchored, now=app.clock(), policy=app.policy)
    async with open_uow(reading=True) as uow:
        head = await uow.audit.head()
    if head is None:
        raise AnchorError("audit.headless", line=0)
    return numbers, head


def _anchor(app: "App", head: AuditHead) -> None:
    app.anchor.write(head, anew=True)
    log_anchor(head)
