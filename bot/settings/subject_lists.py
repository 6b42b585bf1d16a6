"""The kind of a setting that lists subjects."""

from typing import Any

from bot.settings.bounds import ValueKind, WrongValueError
from bot.settings.errors import right_values
from core.rules.people.names import normal_name


def settings_subject_list() -> ValueKind:
    """«Классный час; Разговоры о важном», or «none»: the normal names of subjects."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        names = [] if value.strip().lower() == "none" else value.split(";")
        if not all(any(map(str.isalpha, name)) for name in names):
            raise WrongValueError("unreadable")
        return frozenset(map(normal_name, names))

    return ValueKind(right_values("subject_names"), read)
