"""Faults of settings as sentences that name the setting, never its value (Q103)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from bot.settings.names import setting_variable_name
from core.errors import MustBeMendedError
from core.ports import Translator


@dataclass(frozen=True, slots=True)
class SettingsErrorSentence:
    """A key of the catalogues and its fields: texts without personal data, or nested sentences."""

    key: str
    facts: tuple[tuple[str, "str | SettingsErrorSentence"], ...] = ()

    @classmethod
    def of(cls, key: str, /, **facts: "str | SettingsErrorSentence") -> Self:
        """A sentence with its fields as keyword arguments."""
        return cls(key, tuple(facts.items()))

    def __call__(self, t: Translator) -> str:
        """The sentence in the translator's language."""
        words = {name: fact if isinstance(fact, str) else fact(t) for name, fact in self.facts}
        return t(self.key, None, **words)


class SettingsError(MustBeMendedError):
    """Settings are missing or wrong; `faults` name each one and the remedy, never a value (Q103)."""

    def __init__(self, key: str, /, **facts: str | SettingsErrorSentence) -> None:
        super().__init__(key)
        self.faults: tuple[SettingsErrorSentence, ...] = (SettingsErrorSentence.of(key, **facts),)
        self.language = ""

    @classmethod
    def all_of(cls, faults: Iterable[SettingsErrorSentence], *, language: str = "") -> Self:
        """An error with several faults; `language` is the school's where it could be read."""
        error = cls("settings.several")
        error.faults, error.language = tuple(faults), language
        return error


class BadTokenError(SettingsError):
    """All messengers refuse the tokens of the bot at the start (exit code 75 of `run`)."""

    exit_code: ClassVar[int] = 75

    def __init__(self, *settings: str) -> None:
        super().__init__("settings.bad_token", settings=", ".join(settings))


def wrong_setting_error(field: str, what: str, right: SettingsErrorSentence) -> SettingsErrorSentence:
    """A wrong value: `what` is the end of a key `settings.wrong.…`, `right` describes right values."""
    return SettingsErrorSentence.of(
        "settings.value",
        setting=setting_variable_name(field),
        wrong=SettingsErrorSentence(f"settings.wrong.{what}"),
        right=right,
    )


def right_values(kind: str, facts: Mapping[str, str] | None = None) -> SettingsErrorSentence:
    """Describes right values; `kind` is the end of a key `settings.right.…`."""
    return SettingsErrorSentence(f"settings.right.{kind}", tuple((facts or {}).items()))
