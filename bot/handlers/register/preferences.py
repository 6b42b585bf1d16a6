"""Settings of a person: kinds of notices by frequency and channel, hours, language (Q83)."""

from dataclasses import replace
from datetime import time

from bot.handlers.doors import KNOWN, Behind, Door, DoorRequest, DoorVisit, Reply
from bot.handlers.register.own.contacts import is_own_contact_here, own_contacts_door
from bot.locales import LANGUAGES
from bot.questions.kinds import Asked
from bot.questions.model import Intent
from bot.screens.register import preferences as screens
from bot.screens.register.preferences import PreferencesScreenWishes
from bot.screens.screen import Screen, Toast
from core.actions.register import contacts, preferences
from core.errors import NotFoundError
from core.model.channels import PAPER
from core.model.notices.kinds import CHOSEN_KINDS, R6_KINDS, NoticeKind
from core.model.register.preferences import Frequency
from core.rules.conversation.buttons import HUSH, SETTINGS

_OF_ALL = {
    Asked.WAYS: "preferences.answer.ways",
    Asked.ONLY: "preferences.answer.only",
    Asked.LANGUAGE: "preferences.answer.language",
}
"""What is said above all settings."""


async def preferences_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """`/settings`; a button with a number replaces the message that it stands under, by the tab of that number.

    A question for one of the settings opens that one.
    """
    if ask.question is not None and ask.question.asked is not None:
        return await _asked_setting(visit, ask, ask.question.asked)
    tab = ask.numbers[0] if ask.numbers else 0
    return replace(await _settings(visit, tab), in_place=bool(ask.numbers))


async def toggle_kind_preference_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Chooses how often a kind of notice comes."""
    place, wanted = ask.exactly(2)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_preference_screen(visit.t))
    if wanted >= len(screens.FREQUENCIES):
        raise NotFoundError
    await _prefer(visit, kind, screens.FREQUENCIES[wanted])
    return replace(await _settings(visit), in_place=True)


async def channel_preference_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Switches a kind on or off for one of the person's channels."""
    tab, place, wanted = ask.exactly(3)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_preference_screen(visit.t))
    channel = _channel(await _wishes(visit), tab)
    await preferences.choose_channel_preference(
        visit.uow, visit.reader, kind=kind, channel=channel, wanted=bool(wanted), now=visit.now
    )
    return replace(await _settings(visit, tab), in_place=True)


async def quiet_hours_preference_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or keeps, the hours in which nothing comes."""
    if not ask.numbers:
        return screens.quiet_hours_preference_screen(await _wishes(visit), visit.t, visit.seal)
    (place,) = ask.exactly(1)
    if place >= len(screens.QUIET_HOURS):
        raise NotFoundError
    await preferences.choose_quiet_hours_preference(
        visit.uow, visit.reader, hours=screens.QUIET_HOURS[place], now=visit.now
    )
    return replace(await _settings(visit), in_place=True)


async def switch_preference_off_door(visit: DoorVisit, ask: DoorRequest) -> Reply:
    """Switches the kind of a notice off, by the button under the notice."""
    (place,) = ask.exactly(1)
    kind = _kind(place)
    if kind in R6_KINDS:
        return Toast(screens.mandatory_preference_screen(visit.t))
    await _prefer(visit, kind, Frequency.OFF)
    return screens.preference_off_screen(kind, visit.t, visit.seal)


async def switch_preference_on_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Switches a kind on again."""
    (place,) = ask.exactly(1)
    kind = _kind(place)
    await _prefer(visit, kind, Frequency.AT_ONCE)
    return screens.preference_on_screen(kind, visit.t, visit.seal)


async def digest_hour_preference_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or keeps, the hour of the digest."""
    if not ask.numbers:
        return screens.digest_hour_preference_screen(await _digest_at(visit), visit.t, visit.seal)
    (hour,) = ask.exactly(1)
    if hour not in screens.HOURS:
        raise NotFoundError
    await preferences.choose_digest_hour_preference(visit.uow, visit.reader, at=time(hour), now=visit.now)
    return replace(await _settings(visit), in_place=True)


async def language_preference_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Changes the language."""
    (place,) = ask.exactly(1)
    if place >= len(LANGUAGES):
        raise NotFoundError
    await preferences.choose_language_preference(visit.uow, visit.reader, language=LANGUAGES[place], now=visit.now)
    spoken = replace(visit, t=visit.school.catalogues.translator(LANGUAGES[place]))
    return replace(await _settings(spoken), in_place=True)


async def _asked_setting(visit: DoorVisit, ask: DoorRequest, asked: Asked) -> Screen:
    """What is asked of the settings, above the buttons that change it."""
    t = visit.t
    if asked is Asked.QUIET_HOURS:
        return screens.asked_quiet_hours_preference_screen(await _wishes(visit), t, visit.seal)
    if asked is Asked.CONTACT:
        shown, line = await own_contacts_door(visit, ask), t("preferences.answer.contacts")
    elif asked in _OF_ALL:
        shown, line = await _settings(visit), t(_OF_ALL[asked])
    elif len(await visit.children()) > 1:
        shown, line = await _settings(visit), t("preferences.answer.one_child")
    else:
        return await _settings(visit)
    return replace(shown, text=f"{line}\n\n{shown.text}")


async def _settings(visit: DoorVisit, tab: int = 0) -> Screen:
    wishes = await _wishes(visit)
    if tab:
        _channel(wishes, tab)
    own = await contacts.load_own_contacts(visit.uow, visit.reader)
    here = next((contact for contact in own if is_own_contact_here(contact, visit)), None)
    return screens.preferences_screen(wishes, tab, here, visit.t, visit.seal)


async def _wishes(visit: DoorVisit) -> PreferencesScreenWishes:
    chosen = await preferences.load_preferences(visit.uow, visit.reader)
    own = await contacts.load_own_contacts(visit.uow, visit.reader)
    return PreferencesScreenWishes(
        frequencies={preference.kind: preference.frequency for preference in chosen},
        off=await preferences.load_switched_off_preferences(visit.uow, visit.reader),
        channels=tuple(dict.fromkeys(contact.channel for contact in own if contact.channel != PAPER)),
        digest_at=await _digest_at(visit),
        quiet=await preferences.load_quiet_hours_preference(visit.uow, visit.reader),
        school_quiet=visit.school.policy.quiet,
    )


def _channel(wishes: PreferencesScreenWishes, tab: int) -> str:
    """The channel of a tab; NotFoundError for another number."""
    if not 0 < tab <= len(wishes.channels):
        raise NotFoundError
    return wishes.channels[tab - 1]


async def _digest_at(visit: DoorVisit) -> time:
    return await preferences.load_digest_hour_preference(visit.uow, visit.reader) or visit.school.policy.digest_at


async def _prefer(visit: DoorVisit, kind: NoticeKind, frequency: Frequency) -> None:
    await preferences.choose_frequency_preference(
        visit.uow, visit.reader, kind=kind, frequency=frequency, now=visit.now
    )


def _kind(place: int) -> NoticeKind:
    """The kind of notice with this number; NotFoundError for another number, and for kinds that nobody chooses."""
    kind = dict(enumerate(NoticeKind)).get(place)
    if kind not in CHOSEN_KINDS:
        raise NotFoundError
    return kind


DOORS = (
    Door(SETTINGS, preferences_door, KNOWN, Behind.NOTHING, command="settings", intent=Intent.SETTINGS, discreet=True),
    Door(screens.TOGGLE, toggle_kind_preference_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(HUSH, switch_preference_off_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.HEAR, switch_preference_on_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.BY_CHANNEL, channel_preference_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.QUIET, quiet_hours_preference_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.HOUR, digest_hour_preference_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
    Door(screens.LANGUAGE, language_preference_door, KNOWN, Behind.NOTHING, discreet=True, writes=True),
)
