"""The sentence and the exit code of a failed command (contracts, Commands)."""

from bot.anchor import AnchorError
from bot.settings import SettingsError
from core.errors import (
    CommentMissingError,
    ConflictError,
    DocumentDateError,
    LeaseLostError,
    MustBeMendedError,
    NotAllowedError,
    SchoolError,
    StorageError,
)
from core.ports import Translator

OUR_FAULT, BAD_INPUT, NOT_ALLOWED, CHECK_FAILED = 1, 2, 3, 4


class BadInputError(SchoolError):
    """Wrong input; `key` names the sentence, and its facts hold no personal data (Q103)."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def error_exit_code(error: Exception) -> int:
    """1 our fault, 2 bad input, 3 not allowed; a MustBeMendedError carries its own code."""
    match error:
        case NotAllowedError():
            return NOT_ALLOWED
        case MustBeMendedError():
            return error.exit_code
        case ConflictError() | LeaseLostError() | StorageError():
            return OUR_FAULT
        case SchoolError():
            return BAD_INPUT
        case _:
            return OUR_FAULT


def error_sentence_on_console(error: Exception, t: Translator) -> str:
    """The sentence for an error; for wrong settings one sentence each.

    An unexpected error shows its type only, since its text may hold a name.
    """
    match error:
        case BadInputError() | AnchorError():
            return t(error.key, None, **error.facts)
        case SettingsError():
            return "\n".join(fault(t) for fault in error.faults)
        case CommentMissingError():
            return t("error.CommentMissingError", proposal=error.proposal)
        case DocumentDateError():
            return t(f"error.date.{error.fault}")
        case SchoolError():
            return _school_error_sentence(error, t)
        case _:
            return t("error.unexpected", type=type(error).__name__)


def _school_error_sentence(error: SchoolError, t: Translator) -> str:
    try:
        return t(f"error.{type(error).__name__}")
    except KeyError:
        return str(error)
