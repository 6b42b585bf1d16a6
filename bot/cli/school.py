"""`vestnik init`, `migrate`, `doctor` and `run`: install a school and run it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.anchor import first_anchor, require_anchored_database
from bot.cli.console import ConsoleDesk, print_console_line, write_console_file
from bot.cli.errors import CHECK_FAILED, BadInputError
from bot.locales import LocaleCatalogues
from bot.operation.systemd_notice import send_systemd_notices
from bot.run.clock_jumps import ClockJumps, log_clock_jumps
from bot.run.signals import stop_on_signals
from bot.run.supervision import run_supervised_parts, supervise_part
from bot.settings import ENV_FILE, Settings, SettingsError, settings_source_line
from core.model.people import SYSTEM
from core.ports import Translator

if TYPE_CHECKING:
    from bot.app import App

POLICY_CHOSEN = "content_policy_chosen"
FAULT_SIGN = "✗"  # before each line of `doctor` that a person must act on


class RunPart(StrEnum):
    """The parts that one process may run."""

    EVERYTHING = "all"
    BOT = "bot"
    WORKER = "worker"
    SCHEDULE = "schedule"


Part = Annotated[RunPart, typer.Argument(metavar="[PART]")]


def init_school_command(
    context: typer.Context,
    school: Annotated[str | None, typer.Option()] = None,
    marks: Annotated[Literal["journal", "bot"] | None, typer.Option()] = None,
    telegram_policy: Annotated[Literal["full", "discreet"] | None, typer.Option()] = None,
    bot_token: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Ask for the settings, write them to a file of mode 0600, create the database."""
    desk = ConsoleDesk.of(context)
    path = desk.settings.data / ENV_FILE
    if path.exists():
        raise BadInputError("init.exists", file=path)
    t = desk.t
    chosen = {
        "SCHOOL": school or _prompt(t, "init.school"),
        "MARKS": marks or _prompt(t, "init.marks", "journal", "bot"),
        "TELEGRAM_POLICY": telegram_policy or _prompt(t, "init.telegram_policy", "full", "discreet"),
        "BOT_TOKEN": _prompt_token(t) if bot_token is None else bot_token,
    }
    if bot_token is None and chosen["BOT_TOKEN"]:
        chosen["BOT_NAME"] = _prompt(t, "init.bot_name", optional=True).removeprefix("@")
    given = {name: value for name, value in chosen.items() if value}
    desk.settings = Settings.load(**{name.lower(): value for name, value in given.items()})
    desk.run_work(_migrate_database, makes_database=True)
    write_console_file(path, "".join(f"{settings_source_line(name, value)}\n" for name, value in given.items()))
    desk.run_work(_record_policy)
    desk.print_message("init.done", file=path)


def migrate_school_database_command(context: typer.Context) -> None:
    """Migrate the database to this version; an older one is copied first."""
    desk = ConsoleDesk.of(context)
    try:
        copy = desk.run_work(_migrate_database, makes_database=True)
    except OSError:
        raise BadInputError("file.unwritable", file=desk.settings.backup_folder) from None
    if copy is not None:
        desk.print_message("migrate.copied", file=copy)
    desk.print_message("migrate.done")


def examine_school_command(context: typer.Context) -> None:
    """Print everything that is wrong with the installation."""
    from bot.doctor import run_doctor_checks  # noqa: PLC0415  # SQLAlchemy, aiohttp: 0.5 s

    desk = ConsoleDesk.of(context)
    findings = asyncio.run(run_doctor_checks(desk.settings))
    for finding in findings:
        print_console_line(f"{FAULT_SIGN} " * finding.is_fault + finding.sentence(desk.t))
    if faults := sum(finding.is_fault for finding in findings):
        desk.print_message("doctor.faults", faults, sign=FAULT_SIGN)
        raise typer.Exit(CHECK_FAILED)
    desk.print_message("doctor.well")


def run_school_command(context: typer.Context, part: Part = RunPart.EVERYTHING) -> None:
    """Run until stopped: the conversation, the worker, the schedule, or all three."""
    from bot.run.schema_watch import wait_for_current_schema  # noqa: PLC0415  # SQLAlchemy: 0.15 s

    desk = ConsoleDesk.of(context)
    stopping = asyncio.Event()
    at_keyboard = sys.stderr.isatty()

    async def work(app: "App") -> None:
        if at_keyboard:
            desk.print_message("run.begun")
        parts = _parts(app, part, stopping)
        LocaleCatalogues.load()
        async with send_systemd_notices():
            await wait_for_current_schema(app, stopping=stopping)
            if at_keyboard and part is RunPart.EVERYTHING:
                await supervise_part("neighbour", partial(_tell_neighbour, desk, app), stopping=stopping)
            await supervise_part("start", partial(_check_before_start, app), stopping=stopping)
            await run_supervised_parts(parts, stopping=stopping)

    with stop_on_signals(stopping):
        desk.run_work(work, any_database=True)


async def _tell_neighbour(desk: ConsoleDesk, app: "App") -> None:
    """Say who has the address of this school's page of health already: beside its own process this one stands by."""
    from bot.operation import health_page  # noqa: PLC0415  # aiohttp: 0.2 s

    listen = app.settings.health_listen
    if (answer := await health_page.fetch_health_page(app)) is not None:
        desk.print_message("doctor.running_other" if answer.is_foreign else "run.beside", listen=listen)
    elif not health_page.is_health_address_free(listen):
        desk.print_message("run.port_taken", listen=listen)


def _parts(app: "App", part: RunPart, stopping: asyncio.Event) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """The parts of this process by name; a part for each messenger; `all` runs none without a token."""
    from bot.operation.health_page import serve_health_page  # noqa: PLC0415  # aiohttp: 0.2 s
    from bot.processes import bot_process_messengers, run_worker_process  # noqa: PLC0415  # SQLAlchemy, aiohttp: 0.5 s
    from bot.run.clock import run_clock_jobs  # noqa: PLC0415  # APScheduler: 0.02 s
    from bot.run.schema_watch import watch_schema_revision  # noqa: PLC0415  # SQLAlchemy: 0.15 s

    jobs: dict[str, Callable[[], Awaitable[None]]] = {
        RunPart.WORKER: partial(run_worker_process, app, stopping=stopping),
        RunPart.SCHEDULE: partial(run_clock_jobs, app, stopping=stopping),
    }
    chosen = jobs if part is RunPart.EVERYTHING else {name: job for name, job in jobs.items() if name == part}
    if part is RunPart.BOT or (part is RunPart.EVERYTHING and app.settings.offered_messengers()):
        chosen |= bot_process_messengers(app, stopping=stopping).parts()
    return {
        **chosen,
        "health": partial(serve_health_page, app, stopping=stopping),
        "version": partial(watch_schema_revision, app, stopping=stopping),
        "clock": partial(log_clock_jumps, ClockJumps(app.clock, app.ticks), stopping=stopping),
    }


async def _migrate_database(app: "App") -> Path | None:
    """The copy of an older database, if it was one."""
    from storage.backup.rotation import back_up_before_migration  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s
    from storage.schema import migrate_schema as bring_up_to_date  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

    copy = await back_up_before_migration(app.settings.database, app.settings.backup_folder, now=app.clock())
    await bring_up_to_date(app.settings.database)
    await first_anchor(app)
    return copy


async def _check_before_start(app: "App") -> None:
    """Before any part starts: require the database that the school used last, and record the content policy."""
    await require_anchored_database(app)
    await _record_policy(app)


async def _record_policy(app: "App") -> None:
    """Record the content policy in the audit trail when it has changed (Q85)."""
    async with app.open_uow() as uow:
        lines = [line.facts for line in await uow.audit.lines(limit=10_000) if line.action == POLICY_CHOSEN]
        recorded = {line.get("channel"): line.get("policy") for line in reversed(lines)}
        for channel, policy in app.settings.content_policies().items():
            if recorded.get(channel) != policy:
                await uow.audit.write(SYSTEM, POLICY_CHOSEN, at=app.clock(), channel=channel, policy=policy)
        await uow.commit()


def _prompt_token(t: Translator) -> str:
    """Ask until the token has the form of one, so that no other answer is lost; empty for none."""
    while True:
        token = _prompt(t, "init.bot_token", secret=True)
        try:
            Settings.load(bot_token=token) if token else None
        except SettingsError as wrong:
            named = [fault for fault in wrong.faults if "BOT_TOKEN" in fault(t)]
            if named:
                typer.echo("\n".join(fault(t) for fault in named), err=True)
                continue
        return token


def _prompt(t: Translator, question: str, *answers: str, secret: bool = False, optional: bool = False) -> str:
    """Ask until one of `answers` is given, or any text without `answers`; a secret is not echoed.

    A secret and what is `optional` may be empty.
    """
    optional = optional or secret
    shown = f"{t(question)} [{'/'.join(answers)}]" if answers else t(question)
    while True:
        answer = str(
            typer.prompt(shown, err=True, hide_input=secret, default="" if optional else None, show_default=False)
        ).strip()
        if optional or answer in answers or (answer and not answers):
            return answer
        typer.echo(t("init.one_of", answers=", ".join(answers)) if answers else t("init.needed"), err=True)
