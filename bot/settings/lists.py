"""Kinds of settings that are lists: of subjects, of a school's codes."""

import re
from typing import Any

from bot.settings.bounds import ValueKind, WrongValueError
from bot.settings.errors import right_values
from core.rules.people.names import normal_name

_SCHOOL_CODE = re.compile(r"[A-Za-z]{0,8}[0-9]{1,12}")


def subject_names() -> ValueKind:
    """«Классный час; Разговоры о важном», or «none»: the normal names of subjects."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        names = [] if value.strip().lower() == "none" else value.split(";")
        if not all(any(map(str.isalpha, name)) for name in names):
            raise WrongValueError("unreadable")
        return frozenset(map(normal_name, names))

    return ValueKind(right_values("subject_names"), read)


def school_codes() -> ValueKind:
    """Codes of a school in exam files, parted by commas: «Код ОО» and the login of ВПР (`edu…`)."""

    def read(value: Any) -> Any:
        found = tuple(each.strip() for each in value.split(",")) if isinstance(value, str) else tuple(value)
        if not all(isinstance(each, str) and _SCHOOL_CODE.fullmatch(each) for each in found):
            raise WrongValueError("unreadable")
        return found

    return ValueKind(right_values("school_codes"), read)
