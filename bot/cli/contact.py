"""`vestnik contact` and `vestnik invite`: where a person agreed to be reached, with both proofs (R7)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.consent import Document, On, Who
from bot.cli.desk import Desk, show, show_table
from bot.cli.errors import BadInputError
from bot.cli.people import find_person
from core.actions import contact
from core.actions.contact import WrittenForm
from core.model.contact import Contact, FormKind
from core.model.people import SYSTEM
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="CONTACT")]


@commands.command("list")
def list_(context: typer.Context, person: Who) -> None:
    """A person's contacts with their proofs."""
    desk = Desk.of(context)

    async def work(app: "App") -> list[tuple[object, ...]]:
        async with app.open_uow(reading=True) as uow:
            who = await find_person(uow, person)
            return [await _row(desk, uow, each) for each in await uow.register.contacts(who.id)]

    heads = ("number", "channel", "address", "proven", "confirmed", "state")
    show_table(desk.t("contact.title"), [desk.t(f"column.{head}") for head in heads], desk.act(work))


@commands.command()
def confirm(
    context: typer.Context,
    number: Number,
    document: Document,
    accepted_by: Annotated[str, typer.Option()],
    *,
    on: On = None,
    form: FormKind = FormKind.PAPER,
    in_person: Annotated[bool, typer.Option("--in-person")] = False,
) -> None:
    """The contact was confirmed in writing: on which form, who accepted it."""
    desk = Desk.of(context)
    written = WrittenForm(document, on.date() if on else None, accepted_by, form, in_person=in_person)

    async def work(app: "App") -> None:
        async with app.open_uow() as uow:
            await contact.confirm(uow, SYSTEM, contact_id=number, written=written, now=app.clock())

    desk.act(work)
    desk.say("contact.confirmed")


@commands.command()
def revoke(context: typer.Context, number: Number) -> None:
    """The contact is taken back: what waits for it goes the next agreed way."""
    desk = Desk.of(context)

    async def work(app: "App") -> None:
        async with app.open_uow() as uow:
            await contact.revoke(uow, SYSTEM, contact_id=number, now=app.clock(), policy=app.policy)

    desk.act(work)
    desk.say("contact.revoked")


@commands.command()
def resume(context: typer.Context, number: Number) -> None:
    """A contact that was set aside is in use again."""
    desk = Desk.of(context)

    async def work(app: "App") -> None:
        async with app.open_uow() as uow:
            if not await contact.resume(uow, SYSTEM, contact_id=number, now=app.clock()):
                raise BadInputError("contact.not_set_aside", number=number)

    desk.act(work)
    desk.say("contact.resumed")


def invite(
    context: typer.Context,
    person: Who,
    channel: Annotated[str, typer.Option()] = "telegram",
    days: Annotated[int, typer.Option(min=1, max=90)] = 14,
) -> None:
    """A one-time code for a person, shown this once."""
    desk = Desk.of(context)

    async def work(app: "App") -> str:
        async with app.open_uow() as uow:
            who = await find_person(uow, person)
            return await contact.invite(
                uow,
                SYSTEM,
                person_id=who.id,
                channel=channel,
                now=app.clock(),
                term=timedelta(days=days),
                key=app.signing_key,
            )

    show(desk.act(work))
    desk.say("contact.invited", days)


async def _row(desk: Desk, uow: UnitOfWork, found: Contact) -> tuple[object, ...]:
    confirmations = await uow.register.confirmations(found.id)
    return (
        found.id,
        found.channel,
        found.address,
        _day(found.proven_at),
        ", ".join(confirmation.document for confirmation in confirmations),
        _state(desk, found),
    )


def _state(desk: Desk, found: Contact) -> str:
    if found.revoked_at is not None:
        return desk.t("contact.state.revoked")
    if found.set_aside_reason is not None:
        return desk.t(f"reason.{found.set_aside_reason}")
    return desk.t("contact.state.in_use")


def _day(moment: datetime | None) -> str:
    return f"{moment:%d.%m.%Y}" if moment else ""
