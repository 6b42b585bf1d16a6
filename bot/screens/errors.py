"""Screens for errors. They contain no personal data, since the asker may have no right to any."""

from dataclasses import replace

from bot.screens.register import onboarding
from bot.screens.screen import Screen
from core.errors import NotAllowedError, NotFoundError, SchoolError, StorageError
from core.model.conversation import MessageContent
from core.ports import Translator
from core.rules.conversation.buttons import HandleRefusedError


def error_screen(error: SchoolError, t: Translator) -> Screen:
    """The sentence for an error of the school's rules; an error without a sentence is reported as our fault."""
    match error:
        case NotFoundError() | HandleRefusedError():
            return onboarding.onboarding_old_button_screen(t)
        case NotAllowedError():
            return Screen(t("refusal.not_allowed"))
        case StorageError():
            return onboarding.onboarding_fault_screen(t)
        case _:
            return _own_words(error, t)


def _own_words(error: SchoolError, t: Translator) -> Screen:
    try:
        return Screen(t(f"error.{type(error).__name__}"))
    except KeyError:
        return onboarding.onboarding_fault_screen(t)


def rate_limit_error_screen(t: Translator) -> Screen:
    """The chat sends more messages a minute than a person can."""
    return Screen(t("refusal.too_many"))


def content_error_screen(content: MessageContent, t: Translator, *, files: bool) -> Screen:
    """A step waits for something else, and goes on waiting (Q115)."""
    wanted = t("content.step_words_or_file") if files else t("content.step_words")
    return Screen(f"{t(f'content.{content.name.lower()}')} {wanted}")


def words_only_error_screen(content: MessageContent, t: Translator) -> Screen:
    """Nothing waits for what was sent: only words are read."""
    return Screen(f"{t(f'content.{content.name.lower()}')} {t('content.ask_in_words')}")


def unread_file_error_screen(answer: Screen, t: Translator) -> Screen:
    """The answer to the words below a file, which itself was not looked at."""
    return replace(answer, text=f"{answer.text}\n\n{t('content.file_unread')}")


def edit_error_screen(t: Translator) -> Screen:
    """What an edited message had said was taken already, and stays."""
    return Screen(t("content.edit_not_taken"))
