"""Contacts and yes-or-no cells of the people tables, as people write them; what an address is, its channel says."""

import re

from core.errors import InvalidAddressError
from core.model.imports.people_lists import BY_CODE
from notifiers.discovery import normalise

_PHONE = re.compile(r"(\+[0-9]|[78][0-9]{3}|8 ?\()[0-9\s().-]{6,}")
"""A phone with its plus, or the eleven figures of a Russian one: no chat is known by so long a number."""

_USERNAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_YES = frozenset({"да", "+", "yes", "y", "true", "1", "x", "х", "v", "есть"})
_NO = frozenset({"", "нет", "-", "–", "—", "no", "n", "false", "0"})


def read_address(channel: str, text: str) -> str | None:
    """The address in the form that its channel keeps, or None: a table takes what can be sent to, and nothing else."""
    try:
        return normalise(channel, text)
    except InvalidAddressError:
        return None


def read_telegram(text: str) -> str | None:
    """A private chat's number, or `BY_CODE` for a wish without one: «+», «да», a @name or a phone.

    None for anything else, a group's number among it: nobody's marks are read out to a group.
    """
    if text.lower() in _YES or _USERNAME.fullmatch(text) or _PHONE.fullmatch(text):
        return BY_CODE
    return read_address("telegram", text)


def read_yes_no(text: str) -> bool | None:
    """«да», «+» … or «нет», «-», an empty cell; None for anything else."""
    word = text.lower()
    return True if word in _YES else False if word in _NO else None
