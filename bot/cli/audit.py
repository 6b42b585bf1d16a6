"""`vestnik audit`, `backup` and `bench`: what lets others trust the school's records."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, acting, show
from bot.cli.errors import FOUND, BadInputError
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access

if TYPE_CHECKING:
    from bot.app import App

audit = typer.Typer(no_args_is_help=True)

VERIFIER_SAYS = ("usage", "unreadable", "missing", "changed", "rewritten", "cut", "whole")


@audit.command()
def verify(context: typer.Context) -> None:
    """Every line of the audit trail fits its predecessor, and none that was anchored is missing (Q76)."""
    from bot import anchor

    desk = Desk.of(context)
    fault = desk.act(anchor.fault)
    if fault is not None:
        desk.say(fault.key, None, **fault.facts)
        raise typer.Exit(FOUND)
    desk.say("audit.whole")


@audit.command()
def export(context: typer.Context) -> None:
    """All lines as JSON, one a line: what the printed verifier takes."""
    from storage.audit import exported

    async def work(app: "App") -> None:
        async with app.open_uow(reading=True) as uow:
            async for line in uow.audit.export():
                show(exported(line))

    Desk.of(context).act(work)


@audit.command()
def verifier(context: typer.Context) -> None:
    """A Python program that verifies an export without us: copy it, read it, run it."""
    from bot.documents import audit_verifier

    t = Desk.of(context).t
    source = Path(audit_verifier.__file__).read_text(encoding="utf-8")
    places = {name: f"{{{name}}}" for name in ("line", "last", "lines")}  # filled in by the program
    words = {key: t(f"verifier.{key}", None, **places) for key in VERIFIER_SAYS}
    show(source.replace("WORDS: dict[str, str] = {}", f"WORDS = {json.dumps(words, ensure_ascii=False, indent=4)}"))


@audit.command()
@acting
def anchor(context: typer.Context) -> None:
    """The deputy head vouches for this database: on a further host, after a change of the key, the data folder lost."""
    from bot.anchor import accept

    desk = Desk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        access.require(actor, Role.DEPUTY_HEAD)
        head = await accept(app)
        await uow.audit.write(actor, "audit.vouched", at=app.clock(), epoch=head.epoch, line=head.line)
        await uow.commit()
        return head.line

    desk.say("audit.anchored", line=desk.write(work))


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """A copy of the database while the school works."""
    from storage.backup.copies import back_up

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
