"""`vestnik service` and `status`: run a school under systemd, and see how it goes."""

import getpass
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, print_console_json
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.operation.systemd_units import Installation, systemd_units
from bot.settings import Settings
from core.model.channels import channel_name
from storage import closed_files

if TYPE_CHECKING:
    from bot.operation.health_page import HealthPageAnswer


def write_operation_service_command(
    context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="DIR")]
) -> None:
    """Write the unit files for systemd."""
    desk = ConsoleDesk.of(context)
    installed = Installation(
        program=Path(sys.executable).with_name("vestnik"),
        data=desk.settings.data.absolute(),
        written=_written_folders(desk.settings),
        user=getpass.getuser(),
    )
    units = systemd_units(installed)
    try:
        for each in installed.written:  # systemd opens those that are there
            closed_files.make_closed_folder(each)
        folder.mkdir(parents=True, exist_ok=True)
        for name, unit in units.items():
            (folder / name).write_text(unit, encoding="utf-8")
    except OSError:
        raise BadInputError("file.unwritable", file=folder) from None
    for name in units:
        typer.echo(folder / name)
    desk.print_message("service.next", folder=folder.absolute())


def _written_folders(settings: Settings) -> Sequence[Path]:
    """The folders that a running school writes to: its data, the copies, a database and a printer of PDF elsewhere."""
    database = [file.parent for file in settings.database_files[:1]]
    named = settings.printer or ""
    printer = [Path(named).expanduser()] if named.startswith(("/", "~")) else []
    return [each.absolute() for each in (settings.data, settings.backup_folder, *database, *printer)]


def show_operation_status_command(
    context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Tell whether notices go; exit code 4 where they do not."""
    from bot.operation.health_page import ask_health_page  # noqa: PLC0415  # SQLAlchemy, aiohttp: 0.5 s

    desk = ConsoleDesk.of(context)
    answer = desk.run_work(ask_health_page, any_database=True)
    if as_json:
        print_console_json(answer.facts)
    else:
        _print(desk, answer)
    if not answer.facts["ready"]:
        raise typer.Exit(CHECK_FAILED)


def _print(desk: ConsoleDesk, answer: "HealthPageAnswer") -> None:
    """The first line says how it is, the next what is known."""
    facts = answer.facts
    words = {True: "status.goes", False: "status.stands", None: "status.silent"}
    listen = desk.settings.health_listen
    desk.print_message("status.foreign" if answer.is_foreign else words[facts["ready"]], listen=listen, address=listen)
    for name in ("last_send", "last_import", "oldest_open"):
        typer.echo(desk.t(f"status.{name}", at=_school_time(desk, facts[name])))
    for channel, count in sorted(facts["queue"].items()):
        typer.echo(desk.t("status.queue", channel=channel_name(channel, desk.t), count=count))
    typer.echo(desk.t("status.data", folder=desk.settings.data.absolute()))


def _school_time(desk: ConsoleDesk, moment: str | None) -> str:
    if moment is None:
        return desk.t("status.never")
    return f"{datetime.fromisoformat(moment).astimezone(desk.settings.zone):%d.%m.%Y %H:%M}"
