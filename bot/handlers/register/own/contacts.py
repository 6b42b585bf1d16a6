"""Doors of a person's own contacts: listed, ordered, revoked; added and proven by a code (R7, Q80, Q81, Q83).

Adding and proving also open to a newcomer, who has no role yet: the chat itself says who that is.
"""

from dataclasses import replace

from bot.handlers.doors import KNOWN, WORDS, Behind, Door, DoorRequest, DoorVisit, Reply
from bot.handlers.register.guests import GuestCaller, guest_of_chat
from bot.handlers.register.newcomers import newcomer_ways_reply
from bot.screens.register.own import contacts as screens
from bot.screens.screen import Screen
from core.actions.register import contacts, onboarding, ownership
from core.errors import CodeRefusedError, InvalidAddressError, NotFoundError, TooManyCodesError
from core.model.channels import PAPER
from core.model.conversation import MessageContent
from core.model.register.contacts import Contact


async def own_contacts_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Lists the contacts of this person, with both proofs of each."""
    return replace(await _contact_list(visit), in_place=ask.pressed)


async def put_contact_first_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The owner chooses which contact is used first (Q83)."""
    (contact_id,) = ask.exactly(1)
    own = {contact.id: contact for contact in await contacts.load_own_contacts(visit.uow, visit.reader)}
    if contact_id not in own or own[contact_id].channel == PAPER:
        raise NotFoundError
    await contacts.set_contact_order(visit.uow, visit.reader, [contact_id], now=visit.now)
    return await _contact_list(visit)


async def unbind_own_contact_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Revokes a contact, for example of a lost phone: the first tap asks, the second revokes."""
    contact_id, *confirmed = ask.exactly(1, 2)
    own = await contacts.load_own_contacts(visit.uow, visit.reader)
    meant = next((contact for contact in own if contact.id == contact_id and contact.channel != PAPER), None)
    if meant is None:
        raise NotFoundError
    if not confirmed:
        others = [
            contact
            for contact in own
            if contact.channel != PAPER and contact.proven_at and contact.set_aside_at is None
        ]
        return screens.own_contact_unbinding_screen(
            meant, visit.here, visit.t, visit.seal, is_last=others in ([], [meant])
        )
    policy = visit.school.policy
    await contacts.revoke_contact(visit.uow, visit.reader, contact_id=meant.id, now=visit.now, policy=policy)
    return (
        screens.own_contact_unbound_screen(visit.t) if is_own_contact_here(meant, visit) else await _contact_list(visit)
    )


async def add_own_contact_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Asks for an address on a channel; what is typed is entered, and a code goes there at once (Q81)."""
    chat_id, place = (visit.dialog.draft.get("chat", 0), visit.dialog.draft.get("place", 0))
    if ask.pressed or not ask.text:
        chat_id, place = ask.exactly(2)
    guest = await guest_of_chat(visit, chat_id)
    channel = _typed_channel(visit, place)
    if not ask.text:
        await visit.wait_for(screens.ADD, chat=chat_id, place=place)
        await visit.uow.commit()
        return _address_request(guest, channel)
    try:
        address = visit.school.channels.normalise(channel, ask.text)
    except InvalidAddressError:
        return _address_request(guest, channel, hint="contact_list.wrong_address")
    return await _entered(guest, channel, address)


async def prove_own_contact_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Takes the code that came over a contact, or sends another one."""
    chat_id, contact_id = (visit.dialog.draft.get("chat", 0), visit.dialog.draft.get("contact", 0))
    again: list[int] = []
    if ask.pressed or not ask.text:
        chat_id, contact_id, *again = ask.exactly(2, 3)
    guest = await guest_of_chat(visit, chat_id)
    contact = await _open_contact(guest, contact_id)
    if ask.text:
        return await _typed_code(guest, contact, ask.text)
    if again:
        try:
            await ownership.send_ownership_code(
                visit.uow, guest.actor, contact_id=contact.id, now=visit.now, policy=visit.school.policy,
                key=visit.school.signing_key,
            )  # fmt: skip
        except TooManyCodesError:
            return _code_request(guest, contact, hint="contact_list.too_many_codes")
    await visit.wait_for(screens.PROVE, chat=chat_id, contact=contact.id)
    await visit.uow.commit()
    return _code_request(guest, contact, hint="contact_list.code_sent" if again else "")


async def _entered(guest: GuestCaller, channel: str, address: str) -> Reply:
    visit = guest.visit
    try:
        contact = await ownership.begin_contact_ownership(
            visit.uow, guest.actor, channel=channel, address=address, now=visit.now, policy=visit.school.policy,
            key=visit.school.signing_key,
        )  # fmt: skip
    except TooManyCodesError:
        return _address_request(guest, channel, hint="contact_list.too_many_codes")
    if contact.proven_at is not None:
        await visit.wait_for(None)
        await visit.uow.commit()
        return await _after(guest, hint="contact_list.known_address")
    await visit.wait_for(screens.PROVE, chat=guest.chat_id, contact=contact.id)
    await visit.uow.commit()
    return _code_request(guest, contact, hint="contact_list.code_sent")


async def _typed_code(guest: GuestCaller, contact: Contact, said: str) -> Reply:
    visit = guest.visit
    try:
        await ownership.prove_contact_ownership(
            visit.uow, guest.actor, said, contact_id=contact.id, origin=visit.address, now=visit.now,
            policy=visit.school.policy, key=visit.school.signing_key,
        )  # fmt: skip
    except CodeRefusedError:
        return _code_request(guest, contact, hint="contact_list.wrong_code")
    await visit.wait_for(None)
    await visit.uow.commit()
    return await _after(guest, hint="contact_list.proven_now")


async def _after(guest: GuestCaller, *, hint: str) -> Screen:
    """Back where adding a contact began, with what was done above."""
    words = guest.visit.t(hint)
    if not guest.is_known:
        return await newcomer_ways_reply(guest, hint=words)
    shown = await _contact_list(guest.visit)
    return replace(shown, text=f"{words}\n\n{shown.text}", in_place=False)


async def _contact_list(visit: DoorVisit) -> Screen:
    own = await contacts.load_own_contacts(visit.uow, visit.reader)
    so_far = await onboarding.load_onboarding_admission(
        visit.uow, visit.reader, now=visit.now, policy=visit.school.policy
    )
    here = next((contact for contact in own if is_own_contact_here(contact, visit) and contact.proven_at), None)
    typed = visit.school.channels.typed_channels()
    chat_id = here.id if here else None
    awaits = {id_: form.number for form in so_far.waiting for id_ in form.contact_ids if id_ not in so_far.confirmed}
    papers = screens.Papers(so_far.confirmed, awaits, so_far.returned)
    return screens.own_contacts_screen(own, papers, visit.here, chat_id, typed, visit.t, visit.seal)


async def _open_contact(guest: GuestCaller, contact_id: int) -> Contact:
    """The person's contact that waits for its code; NotFoundError for any other."""
    so_far = await guest.admission()
    for contact in so_far.contacts:
        if contact.id == contact_id and contact.proven_at is None and contact.address is not None:
            return contact
    raise NotFoundError


def _address_request(guest: GuestCaller, channel: str, *, hint: str = "") -> Screen:
    visit = guest.visit
    is_phone = visit.school.channels.takes_phone(channel)
    words = visit.t(hint) if hint else ""
    return screens.own_contact_address_screen(channel, visit.t, visit.seal, guest.back, is_phone=is_phone, hint=words)


def _code_request(guest: GuestCaller, contact: Contact, *, hint: str) -> Screen:
    visit = guest.visit
    words, is_phone = visit.t(hint) if hint else "", visit.school.channels.takes_phone(contact.channel)
    return screens.own_contact_code_screen(
        contact, guest.chat_id, visit.here, visit.t, visit.seal, guest.back, hint=words, is_phone=is_phone
    )


def _typed_channel(visit: DoorVisit, place: int) -> str:
    typed = visit.school.channels.typed_channels()
    if place >= len(typed):
        raise NotFoundError
    return typed[place]


def is_own_contact_here(contact: Contact, visit: DoorVisit) -> bool:
    """Whether the contact is this chat."""
    return (contact.channel, contact.address) == visit.here


TYPED = WORDS | {MessageContent.CONTACT}

DOORS = (
    Door(screens.CONTACTS, own_contacts_door, KNOWN, Behind.NOTHING, command="contacts", discreet=True),
    Door(screens.FIRST, put_contact_first_door, KNOWN, Behind.RECORD, discreet=True, writes=True),
    Door(screens.UNBIND, unbind_own_contact_door, KNOWN, Behind.RECORD, discreet=True, writes=True),
    Door(
        screens.ADD,
        add_own_contact_door,
        frozenset(),
        Behind.RECORD,
        takes=TYPED,
        discreet=True,
        writes=True,
        joint=True,
    ),
    Door(
        screens.PROVE,
        prove_own_contact_door,
        frozenset(),
        Behind.RECORD,
        takes=WORDS,
        discreet=True,
        writes=True,
        joint=True,
    ),
)
