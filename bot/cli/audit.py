"""`vestnik audit`: verify, export and anchor the audit trail (Q76)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot import anchor
from bot.cli.console import ConsoleDesk, console_acts_as_staff, print_console_line
from bot.cli.errors import CHECK_FAILED
from bot.documents import audit_verifier
from core.model.people import Actor, Role
from core.ports import Translator, UnitOfWork
from core.rules import access

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

VERIFIER_KEYS = ("usage", "unreadable", "missing", "changed", "rewritten", "cut", "whole")


@commands.command("verify")
def verify_audit_command(context: typer.Context) -> None:
    """Check that each line of the audit trail fits the one before, and that no anchored line is missing (Q76)."""
    desk = ConsoleDesk.of(context)
    fault = desk.run_work(anchor.anchor_fault)
    if fault is not None:
        desk.print_message(fault.key, None, **fault.facts)
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("audit.whole")


@commands.command("export")
def export_audit_command(context: typer.Context) -> None:
    """Print all lines as JSON, one a line, as input of the verifier."""
    from storage.audit import stored_audit_export_line  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    async def work(_app: "App", uow: UnitOfWork) -> None:
        async for line in uow.audit.export():
            print_console_line(stored_audit_export_line(line))

    ConsoleDesk.of(context).run_read(work)


@commands.command("verifier")
def print_audit_verifier_command(context: typer.Context) -> None:
    """Print a Python program that verifies an export without Vestnik."""
    print_console_line(audit_verifier_source(ConsoleDesk.of(context).t))


def audit_verifier_source(t: Translator) -> str:
    """The program's text, with its words in one language."""
    source = Path(audit_verifier.__file__).read_text(encoding="utf-8")
    # the printed program fills these placeholders in
    places = {name: f"{{{name}}}" for name in ("line", "last", "lines")}
    words = {key: t(f"verifier.{key}", None, **places) for key in VERIFIER_KEYS}
    in_json = json.dumps(words, ensure_ascii=False, indent=4)
    return source.replace("WORDS: dict[str, str] = {}", f"WORDS = {in_json}")


@commands.command("anchor")
@console_acts_as_staff
def anchor_audit_command(context: typer.Context) -> None:
    """The deputy head accepts this database: on another host, after a change of the key or loss of the data folder."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        access.require_access_role(actor, Role.DEPUTY_HEAD)
        head = await anchor.accept_anchor(app)
        await uow.audit.write(actor, "audit.vouched", at=app.clock(), epoch=head.epoch, line=head.line)
        await uow.commit()
        return head.line

    desk.print_message("audit.anchored", line=desk.run_write(work))
