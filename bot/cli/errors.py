"""What a command says and returns when it cannot be done (contracts, Commands)."""

from bot.anchor import AnchorError
from bot.settings import SettingsError
from core.errors import (
    ConflictError,
    DocumentDateError,
    LeaseLostError,
    MustBeMendedError,
    NotAllowedError,
    SchoolError,
    StorageError,
)
from core.ports import Translator

OUR_FAULT, BAD_INPUT, NOT_ALLOWED, FOUND = 1, 2, 3, 4


class BadInputError(SchoolError):
    """What was typed or given cannot be used; `key` names the sentence, its facts are harmless words (Q103)."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def exit_code(error: Exception) -> int:
    """1 our fault, 2 bad input, 3 not allowed; what only a person can mend has a code of its own."""
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


def sentence(error: Exception, t: Translator) -> str:
    """What went wrong in a sentence, of wrong settings one each.

    An unexpected error tells its type only, since its text may hold a name.
    """
    match error:
        case BadInputError() | AnchorError():
            return t(error.key, None, **error.facts)
        case SettingsError():
            return "\n".join(fault(t) for fault in error.faults)
        case DocumentDateError():
            return t(f"error.date.{error.fault}")
        case SchoolError():
            return _rule(error, t)
        case _:
            return t("error.unexpected", type=type(error).__name__)


def _rule(error: SchoolError, t: Translator) -> str:
    try:
        return t(f"error.{type(error).__name__}")
    except KeyError:
        return str(error)
