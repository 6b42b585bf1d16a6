"""`vestnik invite`: one-time codes that bind a chat to a person, one or a sheet of them for a class (Q82)."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import (
    ConsoleDesk,
    acting_staff_on_console,
    console_acts_as_staff,
    print_console_line,
    write_console_file,
)
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_class, look_up_named_person
from bot.cli.register.contacts import contact_traits_on_console
from bot.imports.tables.contacts import read_channel_word
from bot.settings.messengers import MESSENGERS
from core.actions.register import codes
from core.actions.register.codes import LONGEST_TERM
from core.actions.register.office import class_forms
from core.actions.register.office.class_forms import ClassParent
from core.model.people import Actor
from core.model.register.contacts import Invitation
from core.ports import UnitOfWork
from core.rules.delivery import timing
from notifiers.discovery import discovered_channels

if TYPE_CHECKING:
    from bot.app import App


@console_acts_as_staff
def print_invitations_command(
    context: typer.Context,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]")] = None,
    channel: Annotated[str | None, typer.Option(metavar="CHANNEL", parser=read_channel_word)] = None,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_TERM.days)] = LONGEST_TERM.days,
    school_class: Annotated[str | None, typer.Option("--class")] = None,
    pdf: Annotated[Path | None, typer.Option(dir_okay=False)] = None,
) -> None:
    """Print a one-time code for a person, shown only once; or a sheet of strips for a class."""
    desk, term = ConsoleDesk.of(context), timedelta(days=days)
    bound = _messengers(desk, channel)
    if (person is None) is (school_class is None) or (school_class is None) is not (pdf is None):
        raise BadInputError("invitation.whom")
    if person is not None:
        _invite_person(desk, person, bound, term)
    elif school_class is not None and pdf is not None:
        _invite_class(desk, school_class, bound, term, pdf)


def _invite_person(desk: ConsoleDesk, person: str, messengers: Sequence[str], term: timedelta) -> None:
    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> Invitation:
        who = await look_up_named_person(app, uow, person)
        return await _issue(app, uow, actor, who.id, messengers, term)

    invitation = desk.run_write(work)
    print_console_line(invitation.code)
    desk.print_message("contact.invited", term.days)
    if not desk.settings.offered_messengers():
        desk.print_message("invitation.no_bot_yet")
    for messenger in messengers:
        if not contact_traits_on_console(messenger).start_link:
            continue
        if desk.settings.bot_name_in(messenger) is None:
            desk.print_message("contact.no_link", channel=desk.t(f"channel.{messenger}"))
        else:
            desk.print_message("contact.link", url=_link(desk, messenger, invitation.token))


def _invite_class(desk: ConsoleDesk, school_class: str, messengers: Sequence[str], term: timedelta, pdf: Path) -> None:
    """A code for each representative of the class; the codes are on the sheet and nowhere else."""
    from bot.documents.register.invitations import InvitationStrip, invitations_pdf  # noqa: PLC0415  # typst: 0.02 s

    bots = {each: bot for each in messengers if (bot := desk.settings.bot_name_in(each))}
    who = desk.acting_person()

    async def work(app: "App") -> Sequence[InvitationStrip]:
        async with app.open_uow(reading=True) as uow:
            actor, group = await acting_staff_on_console(app, uow, who), await look_up_named_class(uow, school_class)
            if not bots:
                raise BadInputError("invitation.no_bot_name")
            parents = await class_forms.load_class_form_parents(
                uow, actor, group.id, now=app.clock(), policy=app.policy
            )
        until = timing.local_date_of_time(app.clock() + term, app.policy)
        strips = []
        for parent in parents:
            async with app.open_uow() as uow:
                invitation = await _issue(app, uow, actor, parent.person_id, list(bots), term)
            links = {each: _link(desk, each, invitation.token) for each in bots}
            strips.append(InvitationStrip(parent.name, _students(parent, group.name), invitation.code, links, until))
        return strips

    strips = desk.run_work(work)
    if not strips:
        raise BadInputError("form.nobody")
    write_console_file(pdf, invitations_pdf(strips, desk.t, school=desk.settings.school, bots=bots))
    desk.print_message("invitation.printed_to", len(strips), file=pdf)


async def _issue(
    app: "App", uow: UnitOfWork, actor: Actor, person_id: int, messengers: Sequence[str], term: timedelta
) -> Invitation:
    first, *others = messengers
    return await codes.issue_code(
        uow, actor, person_id=person_id, channel=first, also=others, now=app.clock(), term=term, key=app.signing_key
    )


def _students(parent: ClassParent, school_class: str) -> str:
    return ", ".join(f"{name}, {school_class}" for _, name in parent.students)


def _link(desk: ConsoleDesk, channel: str, token: str) -> str:
    link = contact_traits_on_console(channel).start_link or "{code}"
    return link.format(bot=desk.settings.bot_name_in(channel), code=token)


def _messengers(desk: ConsoleDesk, channel: str | None) -> Sequence[str]:
    """Where a code may be entered: in all messengers that the school offers, or in the one that is named.

    BadInputError for one where nobody can answer, or that is unknown.
    """
    conversing = sorted(name for name, traits in discovered_channels().items() if traits.converses)
    if channel is not None and channel not in conversing:
        raise BadInputError("contact.takes_no_code", channel=channel, channels=", ".join(conversing))
    named = [name for name in MESSENGERS if desk.settings.bot_name_in(name)]
    return (
        [channel] if channel is not None else (named or desk.settings.offered_messengers() or [next(iter(MESSENGERS))])
    )
