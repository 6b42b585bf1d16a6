"""Screens for new chats: how to get the service, and why a code did not work (Q82, Q106)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.screens.frame import MENU, ScreenFrameLook
from bot.screens.screen import Screen, Seal, screen_bold
from core.model.delivery.text import Button
from core.ports import Translator


def onboarding_unknown_chat_screen(t: Translator) -> Screen:
    """Says how to get the service and nothing else, not even whether a child is at the school."""
    return Screen(t("welcome.stranger"))


def onboarding_access_ended_screen(t: Translator) -> Screen:
    """The chat belongs to a person who is nothing to the school today: a role has ended, a child came of age (Q8)."""
    return Screen(t("welcome.ended"))


def onboarding_all_signed_screen(t: Translator) -> Screen:
    """Nothing is left to be signed."""
    return Screen(t("joining.all_signed"))


def onboarding_bound_screen(menu: Screen, t: Translator) -> Screen:
    """Says that the chat is bound, above the menu."""
    return replace(menu, text="\n\n".join((t("welcome.bound"), menu.text)))


def onboarding_confirmed_screen(names: Sequence[str], t: Translator, seal: Seal) -> Screen:
    """The school has recorded the form: a test that names the child, unless the messenger is discreet (Q85)."""
    test = [t("joining.test_message", students=screen_bold(", ".join(names)))] if names else []
    return Screen(
        "\n\n".join([t("welcome.confirmed"), *test]), ((Button(t("menu.open"), seal(ScreenFrameLook().handle(MENU))),),)
    )


def onboarding_code_refused_screen(t: Translator) -> Screen:
    """One answer for an unknown, used, expired or guessed code, so that guessing teaches nothing."""
    return Screen(t("welcome.code_refused"))


def onboarding_discreet_screen(t: Translator) -> Screen:
    """The school sends no personal data over this messenger; names the other channels (Q85)."""
    return Screen(t("welcome.discreet"))


def onboarding_old_button_screen(t: Translator) -> Screen:
    """The button belongs to another chat or an earlier release, or its record is gone."""
    return Screen(t("welcome.old_button"))


def onboarding_fault_screen(t: Translator) -> Screen:
    """An internal error: the person can do nothing about it."""
    return Screen(t("welcome.our_fault"))


def onboarding_resumed_screen(t: Translator) -> Screen:
    """The request was carried out; its answer was lost in a restart."""
    return Screen(t("welcome.resumed"))
