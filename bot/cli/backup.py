"""`vestnik backup` and `restore`: copy the database to a file, check such a copy, restore it (Q104, Q124)."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, acting_staff_on_console, console_acts_as_staff
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.cli.held import print_held_on_console
from core.actions.restoring import HeldNumbers
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules.delivery.nights import latest_night

if TYPE_CHECKING:
    from bot.app import App


def write_backup_command(
    context: typer.Context, file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None
) -> None:
    """Copy the database while the school works: to a file, or as the copy of the night, which is kept 30 days."""
    desk = ConsoleDesk.of(context)
    if file is not None and file.exists():
        raise BadInputError("backup.exists")
    try:  # a database of an older version too: it is backed up before it is migrated
        written = desk.run_work(partial(_back_up, file), any_database=True)
    except OSError:
        raise BadInputError("file.unwritable", file=file or desk.settings.backup_folder) from None
    desk.print_message("backup.done", file=written)


async def _back_up(file: Path | None, app: "App") -> Path:
    from storage.backup.copies import write_backup_copy  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s
    from storage.backup.rotation import rotate_nightly_backup  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    if file is None:
        night = latest_night(app.clock(), app.policy)
        return await rotate_nightly_backup(app.settings.database, app.settings.backup_folder, night)
    await write_backup_copy(app.settings.database, file)
    return file


@console_acts_as_staff
def restore_backup_command(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    *,
    check: Annotated[bool, typer.Option("--check")] = False,
    in_place: Annotated[bool, typer.Option("--in-place")] = False,
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Restore a copy and hold its unsent messages, or only check it, or accept one that was restored by hand."""
    desk = ConsoleDesk.of(context)
    if (file is None) != in_place or (in_place and check):
        raise BadInputError("restore.what")
    if file is not None and not file.is_file():
        raise BadInputError("restore.missing")
    if file is not None and check:
        _check(desk, file)
    else:
        _restore(desk, file, forced=force)


def _check(desk: ConsoleDesk, file: Path) -> None:
    from storage.backup.copies import backup_copy_fault  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    fault = asyncio.run(backup_copy_fault(file))
    if fault is not None:
        desk.print_message(f"restore.broken_{fault}")
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("restore.whole")


def _restore(desk: ConsoleDesk, file: Path | None, *, forced: bool) -> None:
    from bot import restoring  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s
    from storage.backup.copies import CopyRefusedError  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    name = desk.acting_person()

    async def work(app: "App") -> tuple[HeldNumbers, Path | None]:
        async def find(uow: UnitOfWork) -> Actor:
            return await acting_staff_on_console(app, uow, name)

        if file is None:
            return await restoring.restore_in_place(app, find), None
        return await restoring.restore_school_copy(app, file, find, forced=forced)

    try:
        numbers, aside = desk.run_work(work, makes_database=file is not None)
    except CopyRefusedError as refused:
        desk.print_message(f"restore.broken_{refused.fault}")
        raise typer.Exit(CHECK_FAILED) from None
    desk.print_message("restore.done")
    if aside is not None:
        desk.print_message("restore.aside", file=aside)
    print_held_on_console(desk, numbers)
