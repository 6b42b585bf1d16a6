"""Doors of the way in: the consent in short, channels, forms to sign, what is awaited (Q81, Q106).

They open to whoever has proven a chat by a code, before a form confirms it, so they have no roles; each finds out by
the chat itself who that is, and names nobody.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.documents.register.form_sheets import FormPress, form_sheets_pdf
from bot.handlers.doors import WORDS, Behind, Door, DoorCaller, DoorRequest, DoorVisit, Reply
from bot.handlers.register.guests import GuestCaller, find_newcomer_guest, guest_of_chat
from bot.screens.register import newcomers as screens
from bot.screens.register import onboarding as welcome
from bot.screens.register.own.contacts import SIGN
from bot.screens.screen import Screen, ScreenFile
from core.actions.register import onboarding
from core.errors import EDocumentError, NotFoundError
from core.model.register.forms import IssuedForm


async def newcomer_consent_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """The consent in short."""
    (chat_id,) = ask.exactly(1)
    return _consent(await guest_of_chat(visit, chat_id))


async def newcomer_ways_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """The contacts so far, and what may be added."""
    (chat_id,) = ask.exactly(1)
    return await newcomer_ways_reply(await guest_of_chat(visit, chat_id))


async def newcomer_forms_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Issues the forms that are to be signed, and hands them out."""
    (chat_id,) = ask.exactly(1)
    guest = await guest_of_chat(visit, chat_id)
    issued = await onboarding.issue_onboarding_forms(visit.uow, guest.actor, now=visit.now, policy=visit.school.policy)
    return await _handed_out(guest, issued)


async def newcomer_refusal_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Paper instead: the first tap says what it means, the second issues the refusal to sign."""
    chat_id, *meant = ask.exactly(1, 2)
    guest = await guest_of_chat(visit, chat_id)
    if not meant:
        return screens.newcomer_paper_screen(guest.chat_id, guest.visit.t, visit.seal)
    issued = await onboarding.issue_onboarding_refusals(
        visit.uow, guest.actor, now=visit.now, policy=visit.school.policy
    )
    return await _handed_out(guest, issued)


async def newcomer_document_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Asks for the reference and the SHA-256 of a signed e-document, in one line; then the school is awaited (R7)."""
    chat_id, form_id = visit.dialog.draft.get("chat", 0), visit.dialog.draft.get("form", 0)
    if ask.pressed or not ask.text:
        chat_id, form_id = ask.exactly(2)
    guest = await guest_of_chat(visit, chat_id)
    form = next((each for each in (await guest.admission()).waiting if each.id == form_id), None)
    if form is None:
        raise NotFoundError
    if not ask.text:
        await visit.wait_for(screens.EDOCUMENT, chat=chat_id, form=form_id)
        await visit.uow.commit()
        return screens.newcomer_document_screen(form, chat_id, guest.visit.t, visit.seal)
    reference, _, sha256 = ask.text.strip().rpartition(" ")
    try:
        await onboarding.name_onboarding_document(
            visit.uow, guest.actor, form_id=form_id, reference=reference[:LONGEST_REFERENCE], sha256=sha256.lower(),
            now=visit.now,
        )  # fmt: skip
    except EDocumentError:
        hint = guest.visit.t("joining.e_document_wrong")
        return screens.newcomer_document_screen(form, chat_id, guest.visit.t, visit.seal, hint=hint)
    await visit.wait_for(None)
    await visit.uow.commit()
    return await _state(guest)


async def newcomer_ways_reply(guest: GuestCaller, *, hint: str = "") -> Screen:
    """The choice of channels, with a sentence above it."""
    visit = guest.visit
    shown = screens.newcomer_channel_screen(
        (await guest.admission()).contacts, visit.school.channels.typed_channels(), visit.here, guest.chat_id,
        visit.t, visit.seal,
    )  # fmt: skip
    return replace(shown, text="\n\n".join(filter(None, (hint, shown.text))), in_place=not hint)


async def newcomer_state_reply(caller: DoorCaller) -> Screen | None:
    """How far a newcomer is, whatever is asked; None for a stranger."""
    async with caller.school.open_uow(reading=True) as uow:
        guest = await find_newcomer_guest(caller, uow)
        return None if guest is None else await _state(guest)


async def _state(guest: GuestCaller) -> Screen:
    """What is awaited, in the order of what stops the most: a form that came back, one to be accepted, the choice."""
    visit, so_far = guest.visit, await guest.admission()
    if so_far.returned:
        return screens.newcomer_returned_screen(so_far.returned, guest.chat_id, visit.t, visit.seal)
    if so_far.waiting:
        return screens.newcomer_waiting_screen(so_far.waiting, guest.chat_id, visit.t, visit.seal)
    if so_far.without_consent:
        return replace(_consent(guest), in_place=False)
    return replace(await newcomer_ways_reply(guest), in_place=False)


async def _handed_out(guest: GuestCaller, issued: Sequence[IssuedForm]) -> Screen:
    if not issued:
        return (
            replace(await _state(guest), in_place=True)
            if not guest.is_known
            else welcome.onboarding_all_signed_screen(guest.visit.t)
        )
    files = await _sheets(guest, issued)
    return screens.newcomer_forms_screen(issued, files, guest.chat_id, guest.visit.t, guest.visit.seal)


async def _sheets(guest: GuestCaller, issued: Sequence[IssuedForm]) -> Sequence[ScreenFile]:
    """A file for each form, with blank lines for names and addresses (contracts, Persons)."""
    visit = guest.visit
    press = FormPress(visit.t, visit.school.operator, visit.school.signing_key, visit.school.policy)
    return [
        ScreenFile(
            visit.t("joining.file", number=form.number),
            PDF,
            await form_sheets_pdf(visit.uow, [form], press, named=False),
        )
        for form in issued
    ]


def _consent(guest: GuestCaller) -> Screen:
    visit = guest.visit
    channels = (visit.channel, *visit.school.channels.typed_channels())
    return screens.newcomer_consent_screen(visit.school.name, channels, guest.chat_id, visit.t, visit.seal)


PDF = "application/pdf"
LONGEST_REFERENCE = 200
"""Letters of an e-document's number that are kept."""

DOORS = (
    Door(screens.JOIN, newcomer_consent_door, frozenset(), Behind.RECORD, discreet=True, joint=True),
    Door(screens.WAYS, newcomer_ways_door, frozenset(), Behind.RECORD, discreet=True, joint=True),
    Door(SIGN, newcomer_forms_door, frozenset(), Behind.RECORD, discreet=True, writes=True, joint=True),
    Door(screens.DECLINE, newcomer_refusal_door, frozenset(), Behind.RECORD, discreet=True, writes=True, joint=True),
    Door(
        screens.EDOCUMENT,
        newcomer_document_door,
        frozenset(),
        Behind.RECORD,
        takes=WORDS,
        discreet=True,
        writes=True,
        joint=True,
    ),
)
