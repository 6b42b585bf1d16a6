"""Settings of a person: kinds of notices by frequency and channel, hours, language (Q83)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from bot.locales import LANGUAGES
from bot.screens.frame import MENU, Rows, ScreenFrameLook, screen_frame_choice_label
from bot.screens.register.own.consents import CONSENTS
from bot.screens.register.own.contacts import CONTACTS, UNBIND, own_contact_screen_back
from bot.screens.register.own.data import DATA
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.notices.kinds import CHOSEN_KINDS, R6_KINDS, REMINDER_KINDS, NoticeKind
from core.model.register.contacts import Contact
from core.model.register.preferences import Frequency
from core.ports import Translator
from core.rules.conversation.buttons import HUSH, SETTINGS, Handle

TOGGLE, HEAR, LANGUAGE, HOUR, QUIET, BY_CHANNEL = "toggle", "hear", "language", "hour", "quiet", "bychannel"
"""Buttons: a kind more or less often, a kind on again, a language, the digest's hour, quiet hours, a kind by a channel.

A kind is named by its place in `NoticeKind`.
"""

HOURS = (15, 16, 17, 18, 19, 20)
PLACES: Mapping[NoticeKind, int] = {kind: place for place, kind in enumerate(NoticeKind)}

FREQUENCIES = (Frequency.OFF, Frequency.AT_ONCE, Frequency.DIGEST)
"""As buttons number them: 0 and 1 are those of earlier releases."""

NO_QUIET = (time(0), time(0))
QUIET_HOURS: tuple[tuple[time, time] | None, ...] = (
    None, (time(20), time(8)), (time(21), time(8)), (time(22), time(7)), (time(22), time(9)), NO_QUIET,
)  # fmt: skip
"""What may be chosen; None: as at the school."""

Hours = tuple[time, time]


@dataclass(frozen=True, slots=True)
class PreferencesScreenWishes:
    """What a person has chosen. `channels`: of their own contacts, in the agreed order; `off`: not by this channel."""

    frequencies: Mapping[NoticeKind, Frequency]
    off: Collection[tuple[str, NoticeKind]]
    channels: Sequence[str]
    digest_at: time
    quiet: Hours | None
    school_quiet: Hours | None

    def frequency(self, kind: NoticeKind) -> Frequency:
        """How often a kind comes; reminders come at the hour of the digest in any case."""
        agreed = self.frequencies.get(kind, Frequency.AT_ONCE)
        return Frequency.DIGEST if kind in REMINDER_KINDS and agreed is not Frequency.OFF else agreed


def preferences_screen(
    wishes: PreferencesScreenWishes, tab: int, here: Contact | None, t: Translator, seal: Seal
) -> Screen:
    """All settings in one screen. A tap changes a kind: at once, once a day, not at all; kinds of R6 always come.

    `tab` 0 is the frequency; with several channels, tab N is what comes by the Nth of them. `here`: the contact of this
    chat.
    """
    parts = [screen_bold(t("preferences.title")), _explained(wishes, tab, t)]
    kinds = [
        _by_channel(kind, wishes, tab, t, seal) if tab else _by_frequency(kind, wishes, t, seal)
        for kind in CHOSEN_KINDS
    ]
    buttons = (*_tabs(wishes, tab, t, seal), *screen_button_rows(kinds, width=2), *_others(wishes, here, t, seal))
    return Screen("\n\n".join(parts), buttons)


def preference_off_screen(kind: NoticeKind, t: Translator, seal: Seal) -> Screen:
    """A kind was switched off; a button switches it on again."""
    buttons = (
        Button(t("preferences.undo"), seal(Handle(HEAR, (PLACES[kind],)))),
        Button(t("command.settings"), seal(Handle(SETTINGS))),
    )
    return Screen(t("preferences.hushed", kind=screen_bold(t(f"preferences.kind.{kind}"))), (buttons,))


def preference_on_screen(kind: NoticeKind, t: Translator, seal: Seal) -> Screen:
    """A kind was switched on; a button switches it off again."""
    hush = Button(t("preferences.hush"), seal(Handle(HUSH, (PLACES[kind],))))
    return Screen(t("preferences.heard", kind=screen_bold(t(f"preferences.kind.{kind}"))), ((hush,),), in_place=True)


def mandatory_preference_screen(t: Translator) -> str:
    """The sentence why a kind of R6 cannot be switched off."""
    return t("preferences.always")


def digest_hour_preference_screen(digest_at: time, t: Translator, seal: Seal) -> Screen:
    """Asks at which hour the digest comes."""
    buttons = [
        Button(screen_frame_choice_label(f"{hour}:00", when=hour == digest_at.hour), seal(Handle(HOUR, (hour,))))
        for hour in HOURS
    ]
    return Screen(
        t("preferences.which_hour"),
        (*screen_button_rows(buttons, width=3), own_contact_screen_back(t, seal)),
        in_place=True,
    )


def quiet_hours_preference_screen(wishes: PreferencesScreenWishes, t: Translator, seal: Seal) -> Screen:
    """Asks between which hours nothing comes."""
    buttons = [
        Button(
            screen_frame_choice_label(_quiet_words(hours, wishes.school_quiet, t), when=hours == wishes.quiet),
            seal(Handle(QUIET, (place,))),
        )
        for place, hours in enumerate(QUIET_HOURS)
    ]
    return Screen(
        t("preferences.which_quiet"),
        (*screen_button_rows(buttons, width=1), own_contact_screen_back(t, seal)),
        in_place=True,
    )


def asked_quiet_hours_preference_screen(wishes: PreferencesScreenWishes, t: Translator, seal: Seal) -> Screen:
    """The quiet hours as they are, in answer to words, with the choice below."""
    since, until = wishes.quiet or wishes.school_quiet or NO_QUIET
    is_set = since != until
    hours = _quiet_words((since, until), None, t)
    line = t("preferences.answer.quiet", hours=hours) if is_set else t("preferences.answer.no_quiet")
    choice = quiet_hours_preference_screen(wishes, t, seal)
    return Screen(f"{line}\n\n{choice.text}", choice.buttons)


def _explained(wishes: PreferencesScreenWishes, tab: int, t: Translator) -> str:
    if tab:
        return t("preferences.by_channel", channel=channel_name(wishes.channels[tab - 1], t))
    return t("preferences.kinds", at=f"{wishes.digest_at:%H:%M}")


def _tabs(wishes: PreferencesScreenWishes, tab: int, t: Translator, seal: Seal) -> Rows:
    """How often, and what by which channel; nothing to choose with a single channel."""
    if len(wishes.channels) < 2:  # noqa: PLR2004  # one channel is no choice
        return ()
    names = (t("preferences.how_often"), *(channel_name(channel, t) for channel in wishes.channels))
    buttons = [
        Button(screen_frame_choice_label(name, when=place == tab), seal(Handle(SETTINGS, (place,))))
        for place, name in enumerate(names)
    ]
    return screen_button_rows(buttons, width=4)


def _by_frequency(kind: NoticeKind, wishes: PreferencesScreenWishes, t: Translator, seal: Seal) -> Button:
    name, chosen = t(f"preferences.kind.{kind}"), wishes.frequency(kind)
    if kind in R6_KINDS:
        return Button(t("preferences.kind_always", kind=name), seal(Handle(TOGGLE, (PLACES[kind], 1))))
    label = t(f"preferences.kind_{chosen}", kind=name)
    return Button(label, seal(Handle(TOGGLE, (PLACES[kind], FREQUENCIES.index(_following(kind, chosen))))))


def _following(kind: NoticeKind, chosen: Frequency) -> Frequency:
    """What a tap makes of it; a reminder is only there or not."""
    if kind in REMINDER_KINDS:
        return Frequency.OFF if chosen is not Frequency.OFF else Frequency.AT_ONCE
    order = (Frequency.AT_ONCE, Frequency.DIGEST, Frequency.OFF)
    return order[(order.index(chosen) + 1) % len(order)]


def _by_channel(kind: NoticeKind, wishes: PreferencesScreenWishes, tab: int, t: Translator, seal: Seal) -> Button:
    name, is_off = t(f"preferences.kind.{kind}"), (wishes.channels[tab - 1], kind) in wishes.off
    state = "always" if kind in R6_KINDS else "off" if is_off else "at_once"
    return Button(t(f"preferences.kind_{state}", kind=name), seal(Handle(BY_CHANNEL, (tab, PLACES[kind], int(is_off)))))


def _others(wishes: PreferencesScreenWishes, here: Contact | None, t: Translator, seal: Seal) -> Rows:
    quiet = _quiet_words(wishes.quiet, wishes.school_quiet, t)
    return (
        (
            Button(t("preferences.hour", at=f"{wishes.digest_at:%H:%M}"), seal(Handle(HOUR))),
            Button(t("preferences.quiet", hours=quiet), seal(Handle(QUIET))),
        ),
        (
            Button(t("preferences.contacts"), seal(Handle(CONTACTS, (0,)))),
            Button(t("preferences.consents"), seal(Handle(CONSENTS))),
        ),
        (*_languages(t, seal), Button(t("preferences.data"), seal(Handle(DATA)))),
        *(((Button(t("contact_list.unbind_here"), seal(Handle(UNBIND, (here.id,)))),),) if here else ()),
        (Button(t("menu.open"), seal(ScreenFrameLook().handle(MENU))),),
    )


def _quiet_words(hours: Hours | None, school: Hours | None, t: Translator) -> str:
    """«22:00–7:00», «как в школе (21:00–7:00)», «нет»."""
    if hours is None:
        return t("preferences.quiet_school", hours=_quiet_words(school or NO_QUIET, None, t))
    if hours[0] == hours[1]:
        return t("preferences.quiet_none")
    return f"{hours[0]:%H:%M}–{hours[1]:%H:%M}"


def _languages(t: Translator, seal: Seal) -> tuple[Button, ...]:
    """Buttons of the other languages."""
    return tuple(
        Button(t(f"preferences.language_{language}"), seal(Handle(LANGUAGE, (place,))))
        for place, language in enumerate(LANGUAGES)
        if language != t.language
    )
