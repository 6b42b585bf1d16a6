"""`vestnik contact`: a person's contacts with both proofs (R7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, print_console_line
from bot.cli.errors import BadInputError
from bot.cli.lookup import LARGEST_NUMBER, look_up_named_person
from bot.cli.register.consents import Document, On, Who
from bot.imports.tables.contacts import read_channel_word
from core.actions.people.names import is_name_of_staff
from core.actions.register import contacts
from core.actions.register.consents import load_consent_registrar
from core.actions.register.office import families
from core.model.channels import PAPER, UNDECLARED, ChannelTraits, channel_name
from core.model.delivery.states import Reason
from core.model.people import SYSTEM, Actor
from core.model.register.contacts import Contact, PendingContact
from core.model.register.families import FamilyPair
from core.model.register.forms import FormKind, WrittenForm
from core.ports import UnitOfWork
from core.rules.year import school_date
from notifiers.discovery import discovered_channel_names, discovered_channels, normalise_discovered_address

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="CONTACT", max=LARGEST_NUMBER)]
Numbers = Annotated[list[int], typer.Argument(metavar="CONTACT…", max=LARGEST_NUMBER)]


@commands.command("list")
def list_contacts_command(context: typer.Context, person: Who) -> None:
    """List a person's contacts with their proofs."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        owner = await look_up_named_person(app, uow, person)
        on = school_date(app.clock(), app.policy.zone)
        owned = await contacts.load_contact_obstacles(uow, SYSTEM, owner.id, on=on)
        return [await _row(desk, uow, contact, obstacle) for contact, obstacle in owned]

    heads = ("number", "channel", "address", "proven", "confirmed", "state")
    desk.print_table("contact.title", heads, desk.run_read(work))


@commands.command("add")
@console_acts_as_staff
def add_contact_command(
    context: typer.Context,
    person: Who,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", parser=read_channel_word)],
    address: Annotated[str | None, typer.Argument(metavar="ADDRESS")] = None,
) -> None:
    """Add a contact without proofs; a Telegram contact may have no address until its code is entered."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        kept = _address(channel, address)
        who = await look_up_named_person(app, uow, person)
        return await contacts.add_contact(uow, actor, person_id=who.id, channel=channel, address=kept, now=app.clock())

    print_console_line(str(desk.run_write(work)))
    desk.print_message("contact.added")


@commands.command("pending")
def list_pending_contacts_command(context: typer.Context) -> None:
    """List contacts that lack a proof."""
    desk = ConsoleDesk.of(context)
    heads = ("number", "person", "channel", "address", "lacks")
    rows = [
        (*_named(desk, each), each.contact.address, _lacking(desk, each))
        for each in desk.run_read(lambda _app, uow: contacts.load_pending_contacts(uow, SYSTEM))
    ]
    desk.print_table("contact.pending", heads, rows)


@commands.command("aside")
def contacts_set_aside_command(context: typer.Context) -> None:
    """List contacts that were set aside, with the reason; `contact resume N` brings one back."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[PendingContact]:
        on = school_date(app.clock(), app.policy.zone)
        return (await families.load_waiting_family_lists(uow, SYSTEM, on=on)).set_aside

    rows = [
        (*_named(desk, each), _day(desk, each.contact.set_aside_at),
         desk.t(f"reason.{each.contact.set_aside_reason}"))
        for each in desk.run_read(work)
    ]  # fmt: skip
    desk.print_table("contact.aside", ("number", "person", "channel", "date", "reason"), rows)


@commands.command("without")
def list_without_contact_command(context: typer.Context) -> None:
    """List consents in force whose person has no channel: they get paper until a contact is added."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[FamilyPair]:
        on = school_date(app.clock(), app.policy.zone)
        return (await families.load_office_family_lists(uow, SYSTEM, on=on)).without_channel

    rows = [(each.person_id, each.person, each.student, each.school_class) for each in desk.run_read(work)]
    desk.print_table("contact.without", ("number", "person", "student", "class"), rows)


@commands.command("waiting")
def list_waiting_contacts_command(context: typer.Context) -> None:
    """List contacts that have lacked a proof for a week, by class: what class teachers are told of."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[tuple[FamilyPair, PendingContact]]:
        return await families.load_families_waiting_long(uow, SYSTEM, now=app.clock(), policy=app.policy)

    rows = [
        (*_named(desk, each), pair.student, pair.school_class, _lacking(desk, each))
        for pair, each in desk.run_read(work)
    ]
    desk.print_table("contact.waiting", ("number", "person", "channel", "student", "class", "lacks"), rows)


@commands.command("order")
@console_acts_as_staff
def order_contacts_command(context: typer.Context, numbers: Numbers) -> None:
    """Set the agreed order of a person's contacts; the others follow in their old order."""
    desk = ConsoleDesk.of(context)
    desk.run_write(lambda app, uow, actor: contacts.set_contact_order(uow, actor, numbers, now=app.clock()))
    desk.print_message("contact.ordered")


@commands.command("confirm")
@console_acts_as_staff
def confirm_contact_command(
    context: typer.Context,
    number: Number,
    document: Document,
    accepted_by: Annotated[str | None, typer.Option()] = None,
    *,
    on: On = None,
    form: FormKind = FormKind.PAPER,
    in_person: Annotated[bool, typer.Option("--in-person")] = False,
) -> None:
    """Record a written confirmation: the form and who accepted it."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> tuple[bool, Sequence[str]]:
        taker = accepted_by or await load_consent_registrar(uow, actor)
        is_known = accepted_by is None or await is_name_of_staff(uow, await uow.people.find(""), taker)
        written = WrittenForm(document, on, taker, form, in_person=in_person)
        lacks = await contacts.confirm_contact(
            uow, actor, contact_id=number, written=written, now=app.clock(), policy=app.policy
        )
        return is_known, lacks

    is_known, lacks = desk.run_write(work)
    if not is_known:
        desk.print_message("contact.accepted_by_stranger")
    print_contact_lacks(desk, lacks, "contact.confirmed")


@commands.command("revoke")
@console_acts_as_staff
def revoke_contact_command(context: typer.Context, number: Number) -> None:
    """Revoke a contact: its waiting messages go to the next agreed channel."""
    desk = ConsoleDesk.of(context)
    desk.run_write(
        lambda app, uow, actor: contacts.revoke_contact(
            uow, actor, contact_id=number, now=app.clock(), policy=app.policy
        )
    )
    desk.print_message("contact.revoked")


@commands.command("resume")
@console_acts_as_staff
def resume_contact_command(context: typer.Context, number: Number) -> None:
    """Use a contact again that was set aside."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        if not await contacts.resume_contact(uow, actor, contact_id=number, now=app.clock()):
            raise BadInputError("contact.not_set_aside", number=number)

    desk.run_write(work)
    desk.print_message("contact.resumed")


def contact_traits_on_console(channel: str) -> ChannelTraits:
    """What a channel declares about itself."""
    return discovered_channels().get(channel, UNDECLARED)


def print_contact_lacks(desk: ConsoleDesk, lacks: Sequence[str], done: str | None = None) -> None:
    """Say what a contact still lacks after its form was accepted, or the sentence `done` where it lacks nothing."""
    if lacks:
        desk.print_message("contact.still_lacks", lacks=", ".join(desk.t(f"contact.lacks.{what}") for what in lacks))
    elif done is not None:
        desk.print_message(done)


def _address(channel: str, address: str | None) -> str | None:
    """The address in the form that the channel stores. Raises BadInputError, InvalidAddressError."""
    channels = discovered_channel_names() - {PAPER}
    if channel not in channels:
        raise BadInputError("contact.no_channel", channels=", ".join(sorted(channels)))
    if address is None and not contact_traits_on_console(channel).converses:
        raise BadInputError("contact.no_address")
    return None if address is None else normalise_discovered_address(channel, address)


def _named(desk: ConsoleDesk, found: PendingContact) -> tuple[int, str, str]:
    return found.contact.id, found.owner, channel_name(found.contact.channel, desk.t)


def _lacking(desk: ConsoleDesk, found: PendingContact) -> str:
    return ", ".join(desk.t(f"contact.lacks.{what}") for what in found.lacks)


async def _row(desk: ConsoleDesk, uow: UnitOfWork, found: Contact, obstacle: Reason | None) -> tuple[object, ...]:
    confirmations = await uow.register.confirmations(found.id)
    return (
        found.id,
        channel_name(found.channel, desk.t),
        found.address,
        _day(desk, found.proven_at),
        ", ".join(dict.fromkeys(confirmation.document for confirmation in confirmations)),
        _state(desk, found, obstacle, is_confirmed=bool(confirmations)),
    )


def _state(desk: ConsoleDesk, found: Contact, obstacle: Reason | None, *, is_confirmed: bool) -> str:
    if found.destroyed_at is not None:
        return desk.t("contact.state.destroyed")
    if found.revoked_at is not None:
        return desk.t("contact.state.revoked")
    if found.set_aside_reason is not None:
        return desk.t(f"reason.{found.set_aside_reason}")
    if found.lacks(is_confirmed=is_confirmed):
        return desk.t("contact.state.waiting")
    if obstacle is not None:
        return desk.t(f"reason.{obstacle}")
    return desk.t("reason.muted" if found.muted_until else "contact.state.in_use")


def _day(desk: ConsoleDesk, moment: datetime | None) -> str:
    return f"{school_date(moment, desk.settings.zone):%d.%m.%Y}" if moment else ""
