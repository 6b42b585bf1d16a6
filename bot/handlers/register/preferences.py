"""Settings of a person: kinds of notices by frequency and channel, hours, language (Q83)."""

from dataclasses import replace
from datetime import time

from bot.handlers.doors import KNOWN, Ask, Behind, Door, Reply, Visit
from bot.handlers.register.own.contacts import is_here
from bot.locales import LANGUAGES
from bot.questions.model import Intent
from bot.screens.register import preferences as screens
from bot.screens.register.preferences import Wishes
from bot.screens.screen import Screen, Toast
from core.actions.register import contacts, preferences
from core.errors import NotFoundError
from core.model.channels import PAPER
from core.model.notices.kinds import CHOSEN_KINDS, R6_KINDS, NoticeKind
from core.model.register.preferences import Frequency
from core.rules.conversation.buttons import HUSH, SETTINGS


async def open_settings(visit: Visit, ask: Ask) -> Screen:
    """`/settings`; a button with a number replaces the message that it stands under, by the tab of that number."""
    tab = ask.numbers[0] if ask.numbers else 0
    return replace(await _settings(visit, tab), in_place=bool(ask.numbers))


async def toggle_notice_kind(visit: Visit, ask: Ask) -> Reply:
    """Chooses how often a kind of notice comes."""
    place, wanted = ask.exactly(2)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_notice_kind(visit.t))
    if wanted >= len(screens.FREQUENCIES):
        raise NotFoundError
    await _prefer(visit, kind, screens.FREQUENCIES[wanted])
    return replace(await _settings(visit), in_place=True)


async def choose_channel(visit: Visit, ask: Ask) -> Reply:
    """Switches a kind on or off for one of the person's channels."""
    tab, place, wanted = ask.exactly(3)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_notice_kind(visit.t))
    channel = _channel(await _wishes(visit), tab)
    await preferences.choose_channel(
        visit.uow, visit.reader, kind=kind, channel=channel, wanted=bool(wanted), now=visit.now
    )
    return replace(await _settings(visit, tab), in_place=True)


async def choose_quiet_hours(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or keeps, the hours in which nothing comes."""
    if not ask.numbers:
        return screens.quiet_hours_choice(await _wishes(visit), visit.t, visit.seal)
    (place,) = ask.exactly(1)
    if place >= len(screens.QUIET_HOURS):
        raise NotFoundError
    await preferences.choose_quiet_hours(visit.uow, visit.reader, hours=screens.QUIET_HOURS[place], now=visit.now)
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


async def _settings(visit: Visit, tab: int = 0) -> Screen:
    wishes = await _wishes(visit)
    if tab:
        _channel(wishes, tab)
    own = await contacts.own_contacts(visit.uow, visit.reader)
    here = next((contact for contact in own if is_here(contact, visit)), None)
    return screens.settings_screen(wishes, tab, here, visit.t, visit.seal)


async def _wishes(visit: Visit) -> Wishes:
    chosen = await preferences.preferences(visit.uow, visit.reader)
    own = await contacts.own_contacts(visit.uow, visit.reader)
    return Wishes(
        frequencies={preference.kind: preference.frequency for preference in chosen},
        off=await preferences.switched_off(visit.uow, visit.reader),
        channels=tuple(dict.fromkeys(contact.channel for contact in own if contact.channel != PAPER)),
        digest_at=await _digest_at(visit),
        quiet=await preferences.quiet_hours(visit.uow, visit.reader),
        school_quiet=visit.school.policy.quiet,
    )


def _channel(wishes: Wishes, tab: int) -> str:
    """The channel of a tab; NotFoundError for another number."""
    if not 0 < tab <= len(wishes.channels):
        raise NotFoundError
    return wishes.channels[tab - 1]


async def _digest_at(visit: Visit) -> time:
    return await preferences.digest_hour(visit.uow, visit.reader) or visit.school.policy.digest_at


async def _prefer(visit: Visit, kind: NoticeKind, frequency: Frequency) -> None:
    await preferences.choose_frequency(visit.uow, visit.reader, kind=kind, frequency=frequency, now=visit.now)


def _kind(place: int) -> NoticeKind:
    """The kind of notice with this number; NotFoundError for another number, and for kinds that nobody chooses."""
    kind = dict(enumerate(NoticeKind)).get(place)
    if kind not in CHOSEN_KINDS:
        raise NotFoundError
    return kind


DOORS = (
    Door(SETTINGS, open_settings, KNOWN, Behind.NOTHING, command="settings", intent=Intent.SETTINGS, discreet=True),
    Door(screens.TOGGLE, toggle_notice_kind, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(HUSH, switch_off_notice_kind, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.HEAR, switch_on_notice_kind, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.BY_CHANNEL, choose_channel, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.QUIET, choose_quiet_hours, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.HOUR, choose_digest_hour, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.LANGUAGE, choose_language, KNOWN, Behind.NOTHING, discreet=True, writes=True),
)
