"""Putting a copy back: the database is replaced, the next epoch begins, what is unsent is held, the anchor follows."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.anchor import AnchorError, witness
from core.actions import holding
from core.actions.holding import Numbers
from core.model.audit import Head
from core.model.people import SYSTEM, Actor
from core.ports import UnitOfWorkFactory
from storage.backup import put_back
from storage.engine import create_engine
from storage.unit_of_work import open_factory

if TYPE_CHECKING:
    from bot.app import App


async def restore(app: "App", file: Path, *, forced: bool, actor: Actor = SYSTEM) -> tuple[Numbers, Path | None]:
    """What is held in the copy now, and where the old database is kept.

    Raises CopyRefusedError, AtWorkError unless `forced`, ToolMissingError, StorageError; then nothing was changed.
    """
    await app.engine.dispose()
    moment = app.clock().strftime("%Y%m%dT%H%M%SZ")
    (numbers, head), kept = await put_back(
        file,
        app.settings.database,
        lambda url: _held_in(app, url, actor),
        aside=app.settings.data / f"vestnik-before-restore-{moment}",
        forced=forced,
    )
    _anchor(app, head)
    return numbers, kept


async def in_place(app: "App", *, actor: Actor = SYSTEM) -> Numbers:
    """The same for a copy that was put back by hand."""
    numbers, head = await _held_in(app, app.settings.database, actor)
    _anchor(app, head)
    return numbers


async def _held_in(app: "App", url: str, actor: Actor) -> tuple[Numbers, Head]:
    """Nobody witnesses these units of work: the anchor moves last, so a broken-off restore is still an older copy."""
    engine = create_engine(url)
    try:
        return await _begin_epoch(app, open_factory(engine), actor)
    finally:
        await engine.dispose()


async def _begin_epoch(app: "App", open_uow: UnitOfWorkFactory, actor: Actor) -> tuple[Numbers, Head]:
    async with open_uow(reading=True) as uow:
        before = await uow.audit.head()
    if before is None:
        raise AnchorError("audit.headless", line=0)
    anchored = app.anchor.read_authentic(before.trail)
    async with open_uow() as uow:
        numbers = await holding.begin_epoch(uow, actor, anchored, now=app.clock(), policy=app.policy)
    async with open_uow(reading=True) as uow:
        head = await uow.audit.head()
    if head is None:
        raise AnchorError("audit.headless", line=0)
    return numbers, head


def _anchor(app: "App", head: Head) -> None:
    app.anchor.write(head, anew=True)
    witness(head)
