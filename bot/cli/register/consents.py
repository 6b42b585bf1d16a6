"""`vestnik consent`: the secretary's register of consents, refusals and withdrawals (R1)."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, console_day_option, print_console_line
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_person, look_up_names_on_console
from bot.documents.register.consent_book import name_consent_book_registrar
from bot.imports.tables.contacts import read_channel_word
from bot.imports.tables.people import DECISIONS
from core.actions.register import consents
from core.model.channels import PAPER, channel_name
from core.model.people import Actor
from core.model.register.consents import ConsentEntry, Decision, NewConsent
from core.model.register.forms import FormKind
from core.ports import UnitOfWork
from core.rules.delivery import timing
from notifiers.discovery import discovered_channel_names

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)


def _read_decision(word: str) -> Decision:
    if (decision := DECISIONS.get(word.strip().casefold())) is None:
        raise BadInputError("consent.no_decision")
    return decision


Decided = Annotated[Decision, typer.Argument(parser=_read_decision, metavar="DECISION")]
Who = Annotated[str, typer.Argument(metavar="PERSON")]
Student = Annotated[str, typer.Argument(metavar="STUDENT")]
Document = Annotated[str, typer.Option()]
On = Annotated[date | None, console_day_option("--date")]
"""A day; today where it is not given."""

ConsentChannels = Annotated[list[str] | None, typer.Option("--names", metavar="CHANNEL", parser=read_channel_word)]
"""Whose processors a document names."""


@commands.command("list")
def list_consents_command(context: typer.Context, student: Annotated[str | None, typer.Option()] = None) -> None:
    """List all entries, the oldest first, or those about one student."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        student_id = (await look_up_named_person(app, uow, student)).id if student else None
        entries = await uow.register.consents(student_id=student_id)
        names = await look_up_names_on_console(
            uow, (id_ for entry in entries for id_ in (entry.person_id, entry.student_id))
        )
        return [_row(desk, entry, names[entry.person_id], names[entry.student_id]) for entry in entries]

    heads = ("number", "date", "decision", "person", "student", "document", "opens", "registered_by")
    desk.print_table("consent.title", heads, desk.run_read(work))


@commands.command("register")
@console_acts_as_staff
def register_consent_command(  # noqa: PLR0913  # what the document says, option by option
    context: typer.Context,
    decision: Decided,
    person: Who,
    student: Student,
    document: Document,
    *,
    on: On = None,
    form: FormKind = FormKind.PAPER,
    expires: Annotated[date | None, console_day_option("--expires")] = None,
    names: ConsentChannels = None,
) -> None:
    """Enter a consent or a refusal of one person about one student; `--names`: whose processors the document names."""
    paper = _Document(document, on, form, expires, known_consent_channels(names))
    _enter(ConsoleDesk.of(context), decision, person, student, paper)


@commands.command("withdraw")
@console_acts_as_staff
def withdraw_consent_command(
    context: typer.Context, person: Who, student: Student, document: Document, *, on: On = None
) -> None:
    """Enter a withdrawal: unsent messages are withdrawn, and obligations go to paper."""
    _enter(ConsoleDesk.of(context), Decision.WITHDRAWAL, person, student, _Document(document, on))


def known_consent_channels(channels: list[str] | None) -> tuple[str, ...] | None:
    """The channels that a document names, None where nobody said; BadInputError for one that is not installed."""
    if channels is None:
        return None
    installed = discovered_channel_names() - {PAPER}
    if not installed.issuperset(channels):
        raise BadInputError("contact.no_channel", channels=", ".join(sorted(installed)))
    return tuple(sorted(set(channels)))


@dataclass(frozen=True, slots=True)
class _Document:
    """What the signed document says; `channels` as of `NewConsent`."""

    name: str
    on: date | None
    form: FormKind = FormKind.PAPER
    expires: date | None = None
    channels: tuple[str, ...] | None = None


def _enter(desk: ConsoleDesk, decision: Decision, person: str, student: str, document: _Document) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> ConsentEntry:
        now = app.clock()
        new = NewConsent(
            person_id=(await look_up_named_person(app, uow, person)).id,
            student_id=(await look_up_named_person(app, uow, student)).id,
            decision=decision,
            decided_on=document.on or timing.local_date_of_time(now, app.policy),
            document=document.name,
            form=document.form,
            expires_on=document.expires,
            channels=document.channels,
        )
        return await consents.register_consent(uow, actor, new, now=now, policy=app.policy)

    entry = desk.run_write(work)
    print_console_line(entry.number)
    desk.print_message("consent.withdrawn" if decision is Decision.WITHDRAWAL else "consent.entered")


def _row(desk: ConsoleDesk, entry: ConsentEntry, person: str, student: str) -> tuple[object, ...]:
    return (
        entry.number,
        f"{entry.decided_on:%d.%m.%Y}",
        desk.t(f"consent.{entry.decision}"),
        person,
        student,
        entry.document,
        ", ".join(channel_name(channel, desk.t) for channel in entry.channels or ()),
        name_consent_book_registrar(entry.registered_by, desk.t),
    )
