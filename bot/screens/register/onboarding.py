"""The first words: how to get the service, what the bot can do, and why a code did not help (Q82, Q106)."""

from dataclasses import replace

from bot.screens.screen import Screen
from core.ports import Translator


def unknown_chat(t: Translator) -> Screen:
    """How to get the service and nothing else, not even whether a child is at the school."""
    return Screen(t("welcome.stranger"))


def unconfirmed_chat(t: Translator) -> Screen:
    """The chat belongs to the person, but no written form confirms it (Q81)."""
    return Screen(t("welcome.unconfirmed"))


def chat_bound(menu: Screen, t: Translator) -> Screen:
    """The chat is bound; what is open to it now."""
    return replace(menu, text="\n\n".join((t("welcome.bound"), menu.text)))


def code_refused(t: Translator) -> Screen:
    """One answer for an unknown, used, expired or guessed code."""
    return Screen(t("welcome.code_refused"))


def discreet_messenger(t: Translator) -> Screen:
    """The school sends no personal data over this messenger; names the other channels (Q85)."""
    return Screen(t("welcome.discreet"))


def old_button(t: Translator) -> Screen:
    """The button is of another chat or of an earlier release, or opens nothing any more."""
    return Screen(t("welcome.old_button"))


def our_fault(t: Translator) -> Screen:
    """Something broke on our side: the person need not do anything differently."""
    return Screen(t("welcome.our_fault"))


def request_resumed(t: Translator) -> Screen:
    """The request was carried out; its answer was lost in a restart."""
    return Screen(t("welcome.resumed"))
