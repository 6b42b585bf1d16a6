"""Screens for errors. They contain no personal data, since the asker may have no right to any."""

from bot.screens.register import onboarding
from bot.screens.screen import Screen
from core.errors import NotAllowedError, NotFoundError, SchoolError, StorageError
from core.ports import Translator
from core.rules.conversation.buttons import HandleRefusedError


def error_screen(error: SchoolError, t: Translator) -> Screen:
    """The sentence for an error of the school's rules; an error without a sentence is reported as our fault."""
    match error:
        case NotFoundError() | HandleRefusedError():
            return onboarding.old_button(t)
        case NotAllowedError():
            return Screen(t("refusal.not_allowed"))
        case StorageError():
            return onboarding.our_fault(t)
        case _:
            return _own_words(error, t)


def _own_words(error: SchoolError, t: Translator) -> Screen:
    try:
        return Screen(t(f"error.{type(error).__name__}"))
    except KeyError:
        return onboarding.our_fault(t)


def rate_limit_warning(t: Translator) -> Screen:
    """The chat sends more messages a minute than a person can."""
    return Screen(t("refusal.too_many"))
