"""`vestnik audit`, `backup`, `restore` and `bench`: what lets others trust the school's records."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.desk import Desk
from bot.cli.errors import FOUND, BadInputError

if TYPE_CHECKING:
    from bot.app import App

audit = typer.Typer(no_args_is_help=True)


@audit.callback()
def _audit() -> None:
    """A group, although it has one command yet."""


@audit.command()
def verify(context: typer.Context) -> None:
    """Every line of the audit trail fits its predecessor (Q76)."""
    desk = Desk.of(context)

    async def work(app: "App") -> int | None:
        async with app.open_uow(reading=True) as uow:
            return await uow.audit.verify()

    broken = desk.act(work)
    if broken is not None:
        desk.say("audit.broken", line=broken)
        raise typer.Exit(FOUND)
    desk.say("audit.whole")


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """A copy of the database while the school works."""
    from storage.backup import back_up

    desk = Desk.of(context)
    if file.exists():
        raise BadInputError("backup.exists")

    async def work(app: "App") -> None:
        await back_up(app.settings.database, file)

    try:
        desk.act(work, any_database=True)  # one of an older version is backed up before it is migrated
    except OSError:
        raise BadInputError("file.unwritable", file=file) from None
    desk.say("backup.done", file=file)


def bench(
    context: typer.Context,
    name: str,
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """A benchmark: ratios against a baseline measured in the same run, or of a FILE the share that is right."""
    from bot.bench import run

    desk = Desk.of(context)
    raise typer.Exit(run(name, file=file, as_json=as_json, t=desk.t))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    context: typer.Context,
    *,
    check: Annotated[bool, typer.Option("--check")] = False,
) -> None:
    """Whether a backup is whole: its pages, its references, its audit chain."""
    from storage.backup import fault_of

    desk = Desk.of(context)
    if not file.is_file():
        raise BadInputError("restore.missing")
    if not check:
        raise BadInputError("restore.only_check")
    fault = asyncio.run(fault_of(file))
    if fault is not None:
        desk.say(f"restore.broken_{fault}")
        raise typer.Exit(FOUND)
    desk.say("restore.whole")
