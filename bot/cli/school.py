"""`vestnik init`, `migrate`, `doctor` and `run`: setting a school up and keeping it at work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.console import Desk, show, write_file
from bot.cli.errors import FOUND, BadInputError
from bot.run.clock_jumps import tell_jumps
from bot.run.signals import obeying_signals
from bot.run.supervision import at_work, supervise
from bot.settings import ENV_FILE, Settings, line_of
from core.model.people import SYSTEM

if TYPE_CHECKING:
    from bot.app import App

POLICY_CHOSEN = "content_policy_chosen"


class RunPart(StrEnum):
    """What one process may do."""

    EVERYTHING = "all"
    BOT = "bot"
    WORKER = "worker"
    SCHEDULE = "schedule"


def init(
    context: typer.Context,
    school: Annotated[str | None, typer.Option()] = None,
    marks: Annotated[Literal["journal", "bot"] | None, typer.Option()] = None,
    telegram_policy: Annotated[Literal["full", "discreet"] | None, typer.Option()] = None,
    bot_token: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Ask for the settings, write them down closed to others, make the database."""
    desk = Desk.of(context)
    path = desk.settings.data / ENV_FILE
    if path.exists():
        raise BadInputError("init.exists", file=path)
    t = desk.t
    chosen = {
        "SCHOOL": school or _ask(t("init.school")),
        "MARKS": marks or _ask(t("init.marks"), "journal", "bot"),
        "TELEGRAM_POLICY": telegram_policy or _ask(t("init.telegram_policy"), "full", "discreet"),
        "BOT_TOKEN": _ask(t("init.bot_token"), secret=True) if bot_token is None else bot_token,
    }
    given = {name: value for name, value in chosen.items() if value}
    desk.settings = Settings.load(**{name.lower(): value for name, value in given.items()})
    desk.act(_migrated, any_database=True)
    write_file(path, "".join(f"{line_of(name, value)}\n" for name, value in given.items()))
    desk.act(_recorded)
    desk.say("init.done", file=path)


def migrate(context: typer.Context) -> None:
    """Bring the database's schema up to this version."""
    desk = Desk.of(context)
    desk.act(_migrated, any_database=True)
    desk.say("migrate.done")


def doctor(context: typer.Context) -> None:
    """Everything that is wrong, all at once."""
    from bot.doctor import examine

    desk = Desk.of(context)
    findings = asyncio.run(examine(desk.settings))
    for finding in findings:
        show(finding.sentence(desk.t))
    if any(finding.is_fault for finding in findings):
        raise typer.Exit(FOUND)
    desk.say("doctor.well")


def run(context: typer.Context, part: Annotated[RunPart, typer.Argument()] = RunPart.EVERYTHING) -> None:
    """Work until told to stop: the conversation, the worker, the schedule, or all three."""
    from bot.run.schema_watch import until_current

    desk = Desk.of(context)
    stopping = asyncio.Event()

    async def work(app: "App") -> None:
        parts = _parts(app, part, stopping)
        await until_current(app, stopping=stopping)
        await supervise("start", partial(_begun, app), stopping=stopping)
        await at_work(parts, stopping=stopping)

    with obeying_signals(stopping):
        desk.act(work, any_database=True)


def _parts(app: "App", part: RunPart, stopping: asyncio.Event) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """What this process does, by name; the conversation is left out of everything where there is no token."""
    from bot.app import converse, send
    from bot.run.clock import keep_time
    from bot.run.schema_watch import keep_current

    jobs: dict[str, Callable[[], Awaitable[None]]] = {
        RunPart.BOT: partial(converse, app, stopping=stopping, known=asyncio.Event()),
        RunPart.WORKER: partial(send, app, stopping=stopping),
        RunPart.SCHEDULE: partial(keep_time, app, stopping=stopping),
    }
    if part is RunPart.EVERYTHING and app.settings.bot_token is None:
        del jobs[RunPart.BOT]
    chosen = jobs if part is RunPart.EVERYTHING else {part.value: jobs[part]}
    return {
        **chosen,
        "version": partial(keep_current, app, stopping=stopping),
        "clock": partial(tell_jumps, app.clock, app.ticks, stopping=stopping),
    }


async def _migrated(app: "App") -> None:
    from bot.anchor import first_anchor
    from storage.schema import migrate as bring_up_to_date

    await bring_up_to_date(app.settings.database)
    await first_anchor(app)


async def _begun(app: "App") -> None:
    """Before any part works: the database that the school worked with last, and the policy on record."""
    from bot.anchor import require_present

    await require_present(app)
    await _recorded(app)


async def _recorded(app: "App") -> None:
    """The content policy in force is on record, once for each choice (Q85)."""
    policy = app.settings.telegram_policy
    if policy is None:
        return
    async with app.open_uow() as uow:
        recorded = [line for line in await uow.audit.lines(limit=10_000) if line.action == POLICY_CHOSEN]
        if not recorded or recorded[0].facts.get("policy") != policy:
            await uow.audit.write(SYSTEM, POLICY_CHOSEN, at=app.clock(), channel="telegram", policy=policy)
            await uow.commit()


def _ask(question: str, *answers: str, secret: bool = False) -> str:
    """One of the answers, or any words where none are given; secrets may be left out and are not echoed."""
    shown = f"{question} [{'/'.join(answers)}]" if answers else question
    while True:
        answer = str(typer.prompt(shown, err=True, hide_input=secret, default="" if secret else None)).strip()
        if secret or answer in answers or (answer and not answers):
            return answer
