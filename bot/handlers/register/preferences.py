"""Settings of a person: kinds of notices, hour of the digest, language, revoking a lost phone (Q83, R7)."""

from dataclasses import replace
from datetime import time

from bot.handlers.doors import KNOWN, Ask, Behind, Door, Reply, Visit
from bot.locales import LANGUAGES
from bot.questions.model import Intent
from bot.screens.register import preferences as screens
from bot.screens.screen import Screen, Toast
from core.actions.register import contacts, preferences
from core.errors import NotFoundError
from core.model.channels import PAPER
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.register.contacts import Contact
from core.model.register.preferences import Frequency
from core.rules.conversation.buttons import HUSH, SETTINGS


async def open_settings(visit: Visit, ask: Ask) -> Screen:
    """`/settings`; a button with a number replaces the message that it stands under."""
    return replace(await _settings(visit), in_place=bool(ask.numbers))


async def toggle_notice_kind(visit: Visit, ask: Ask) -> Reply:
    """Switches a kind of notice on or off."""
    place, on = ask.exactly(2)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_notice_kind(visit.t))
    await _prefer(visit, kind, Frequency.AT_ONCE if on else Frequency.OFF)
    return replace(await _settings(visit), in_place=True)


async def switch_off_notice_kind(visit: Visit, ask: Ask) -> Reply:
    """Switches the kind of a notice off, by the button under the notice."""
    (place,) = ask.exactly(1)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_notice_kind(visit.t))
    await _prefer(visit, kind, Frequency.OFF)
    return screens.notice_kind_off(kind, visit.t, visit.seal)


async def switch_on_notice_kind(visit: Visit, ask: Ask) -> Screen:
    """Switches a kind on again."""
    (place,) = ask.exactly(1)
    kind = _kind(place)
    await _prefer(visit, kind, Frequency.AT_ONCE)
    return screens.notice_kind_on(kind, visit.t, visit.seal)


async def choose_digest_hour(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or keeps, the hour of the digest."""
    if not ask.numbers:
        return screens.digest_hour_choice(await _digest_at(visit), visit.t, visit.seal)
    (hour,) = ask.exactly(1)
    if hour not in screens.HOURS:
        raise NotFoundError
    await preferences.choose_digest_hour(visit.uow, visit.reader, at=time(hour), now=visit.now)
    return replace(await _settings(visit), in_place=True)


async def choose_language(visit: Visit, ask: Ask) -> Screen:
    """Changes the language."""
    (place,) = ask.exactly(1)
    if place >= len(LANGUAGES):
        raise NotFoundError
    await preferences.choose_language(visit.uow, visit.reader, language=LANGUAGES[place], now=visit.now)
    spoken = replace(visit, t=visit.school.catalogues.translator(LANGUAGES[place]))
    return replace(await _settings(spoken), in_place=True)


async def list_own_contacts(visit: Visit, _ask: Ask) -> Screen:
    """Lists the contacts of this person."""
    own = await contacts.own_contacts(visit.uow, visit.reader)
    return screens.own_contacts(own, visit.here, visit.t, visit.seal)


async def put_contact_first(visit: Visit, ask: Ask) -> Screen:
    """The owner chooses which contact is used first (Q83)."""
    (contact_id,) = ask.exactly(1)
    own = {contact.id: contact for contact in await contacts.own_contacts(visit.uow, visit.reader)}
    if contact_id not in own or own[contact_id].channel == PAPER:
        raise NotFoundError
    await contacts.order_contacts(visit.uow, visit.reader, [contact_id], now=visit.now)
    return await list_own_contacts(visit, ask)


async def unbind_contact(visit: Visit, ask: Ask) -> Screen:
    """Revokes a contact, for example of a lost phone: the first tap asks, the second revokes."""
    contact_id, *confirmed = ask.exactly(1, 2)
    own = await contacts.own_contacts(visit.uow, visit.reader)
    meant = next((contact for contact in own if contact.id == contact_id and contact.channel != PAPER), None)
    if meant is None:
        raise NotFoundError
    if not confirmed:
        others = [
            contact
            for contact in own
            if contact.channel != PAPER and contact.proven_at and contact.set_aside_at is None
        ]
        return screens.unbind_confirmation(meant, visit.here, visit.t, visit.seal, is_last=others in ([], [meant]))
    policy = visit.school.policy
    await contacts.revoke_contact(visit.uow, visit.reader, contact_id=meant.id, now=visit.now, policy=policy)
    if _is_here(meant, visit):
        return screens.contact_unbound(visit.t)
    return screens.own_contacts([contact for contact in own if contact != meant], visit.here, visit.t, visit.seal)


async def _settings(visit: Visit) -> Screen:
    chosen = await preferences.preferences(visit.uow, visit.reader)
    off = {preference.kind for preference in chosen if preference.frequency is Frequency.OFF}
    own = await contacts.own_contacts(visit.uow, visit.reader)
    here = next((contact for contact in own if _is_here(contact, visit)), None)
    return screens.settings_screen(off, await _digest_at(visit), here, visit.t, visit.seal)


async def _digest_at(visit: Visit) -> time:
    return await preferences.digest_hour(visit.uow, visit.reader) or visit.school.policy.digest_at


def _is_here(contact: Contact, visit: Visit) -> bool:
    return (contact.channel, contact.address) == visit.here


async def _prefer(visit: Visit, kind: NoticeKind, frequency: Frequency) -> None:
    await preferences.choose_frequency(visit.uow, visit.reader, kind=kind, frequency=frequency, now=visit.now)


def _kind(place: int) -> NoticeKind:
    """The kind of notice at this place; NotFoundError for another number."""
    if place >= len(screens.KINDS):
        raise NotFoundError
    return screens.KINDS[place]


DOORS = (
    Door(SETTINGS, open_settings, KNOWN, Behind.NOTHING, command="settings", intent=Intent.SETTINGS, discreet=True),
    Door(screens.TOGGLE, toggle_notice_kind, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(HUSH, switch_off_notice_kind, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.HEAR, switch_on_notice_kind, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.HOUR, choose_digest_hour, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.LANGUAGE, choose_language, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.CONTACTS, list_own_contacts, KNOWN, Behind.NOTHING, discreet=True),
    Door(screens.FIRST, put_contact_first, KNOWN, Behind.RECORD, discreet=True, writes=True),
    Door(screens.UNBIND, unbind_contact, KNOWN, Behind.RECORD, discreet=True, writes=True),
)
