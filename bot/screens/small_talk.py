"""Short human answers to what is no question, with the school's own way where a person is wanted (Q114)."""

from collections.abc import Mapping

from bot.questions.model import Talk
from bot.screens.frame import MENU
from bot.screens.screen import Screen, Seal, screen_text
from core.model.delivery.text import Button
from core.ports import Translator
from core.rules.conversation.buttons import SETTINGS, Handle

_WAYS = {
    Talk.PERSON: "school",
    Talk.ELSEWHERE: "school",
    Talk.CHEATING: "teachers",
    Talk.TEACHER: "teachers",
    Talk.ILLNESS: "illness",
    Talk.CERTIFICATE: "school",
    Talk.RELATIVE: "school",
    Talk.REWRITING: "teachers",
    Talk.DEBT_EFFECT: "teachers",
    Talk.LATE_MARKS: "teachers",
    Talk.RECORD: "school",
    Talk.PRIVACY: "data",
    Talk.ERASURE: "data",
}
"""Which contact of the school helps with what."""

_POLITE = {Talk.NOT_YOURS, Talk.THANKS, Talk.WISH, Talk.FAREWELL, Talk.SLIP, Talk.MOOD}
"""Answered by a sentence alone."""

_WITH_SETTINGS = {Talk.PRIVACY, Talk.ERASURE, Talk.REMINDERS}
_WITH_MENU = {Talk.GREETING, Talk.TERMS, Talk.UPDATES, Talk.SIGH, Talk.BOT, Talk.SIGNS, Talk.NUMBER, Talk.JOKE}


def small_talk_screen(talk: Talk, ways: Mapping[str, str], t: Translator, seal: Seal) -> Screen:
    """A sentence, no table; the menu or the settings as a button where they help."""
    text = small_talk_screen_text(talk, ways, t)
    if talk in _POLITE:
        return Screen(text)
    buttons = [Button(t("command.settings"), seal(Handle(SETTINGS)))] if talk in _WITH_SETTINGS else []
    buttons += [Button(t("menu.open"), seal(Handle(MENU)))] if talk in _WITH_MENU else []
    return Screen(text, (tuple(buttons),) if buttons else ())


def small_talk_screen_text(talk: Talk, ways: Mapping[str, str], t: Translator) -> str:
    """The sentence, with the school's own way where one helps."""
    text = t(f"talk.{talk}")
    if (what := _WAYS.get(talk)) is None:
        return text
    return f"{text} {small_talk_screen_way(what, ways, t)}"


def small_talk_screen_way(what: str, ways: Mapping[str, str], t: Translator) -> str:
    """How the school is reached with this: as it has said, else in common words."""
    way = ways.get(what)
    return t("talk.way", way=screen_text(way)) if way else t(f"talk.no_way_{what}")
