"""`vestnik audit`, `backup` and `bench`: the audit trail, copies of the database, measurements."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, acts_as_staff, print_line
from bot.cli.errors import CHECK_FAILED, BadInputError
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access

if TYPE_CHECKING:
    from bot.app import App

audit = typer.Typer(no_args_is_help=True)

VERIFIER_KEYS = ("usage", "unreadable", "missing", "changed", "rewritten", "cut", "whole")


@audit.command()
def verify(context: typer.Context) -> None:
    """Check that each line of the audit trail fits the one before, and that no anchored line is missing (Q76)."""
    from bot import anchor

    desk = Desk.of(context)
    fault = desk.run_work(anchor.fault)
    if fault is not None:
        desk.print_message(fault.key, None, **fault.facts)
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("audit.whole")


@audit.command()
def export(context: typer.Context) -> None:
    """Print all lines as JSON, one a line, as input of the verifier."""
    from storage.audit import exported

    async def work(app: "App") -> None:
        async with app.open_uow(reading=True) as uow:
            async for line in uow.audit.export():
                print_line(exported(line))

    Desk.of(context).run_work(work)


@audit.command()
def verifier(context: typer.Context) -> None:
    """Print a Python program that verifies an export without Vestnik."""
    from bot.documents import audit_verifier

    t = Desk.of(context).t
    source = Path(audit_verifier.__file__).read_text(encoding="utf-8")
    places = {
        name: f"{{{name}}}" for name in ("line", "last", "lines")
    }  # placeholders that the printed program fills in
    words = {key: t(f"verifier.{key}", None, **places) for key in VERIFIER_KEYS}
    print_line(
        source.replace("WORDS: dict[str, str] = {}", f"WORDS = {json.dumps(words, ensure_ascii=False, indent=4)}")
    )


@audit.command()
@acts_as_staff
def anchor(context: typer.Context) -> None:
    """The deputy head accepts this database: on another host, after a change of the key or loss of the data folder."""
    from bot.anchor import accept

    desk = Desk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        access.require_role(actor, Role.DEPUTY_HEAD)
        head = await accept(app)
        await uow.audit.write(actor, "audit.vouched", at=app.clock(), epoch=head.epoch, line=head.line)
        await uow.commit()
        return head.line

    desk.print_message("audit.anchored", line=desk.run_write(work))


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Copy the database while the school works."""
    from storage.backup.copies import back_up

    desk = Desk.of(context)
    if file.exists():
        raise BadInputError("backup.exists")

    async def work(app: "App") -> None:
        await back_up(app.settings.database, file)

    try:
        desk.run_work(work, any_database=True)  # one of an older version is backed up before it is migrated
    except OSError:
        raise BadInputError("file.unwritable", file=file) from None
    desk.print_message("backup.done", file=file)


def bench(
    context: typer.Context,
    name: str,
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run a benchmark: ratios against a baseline of the same run, or the share of right answers for a FILE."""
    from bot.bench import run

    desk = Desk.of(context)
    raise typer.Exit(run(name, file=file, as_json=as_json, t=desk.t))
