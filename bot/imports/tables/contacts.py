"""Reads contacts and yes-or-no cells of people lists; the channel decides what an address is."""

import re

from core.errors import InvalidAddressError
from core.model.imports.people_lists import BY_CODE
from notifiers.discovery import normalise_discovered_address

_PHONE = re.compile(r"(\+[0-9]|[78][0-9]{3}|8 ?\()[0-9\s().-]{6,}")
"""A phone number with «+», or of eleven digits as Russian ones: no id of a chat has that form."""

_USERNAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_YES = frozenset({"да", "+", "yes", "y", "true", "1", "x", "х", "v", "есть"})
_NO = frozenset({"", "нет", "-", "–", "—", "no", "n", "false", "0"})


def read_contact_address(channel: str, text: str) -> str | None:
    """The address in the form that its channel stores; None for one that cannot be sent to."""
    try:
        return normalise_discovered_address(channel, text)
    except InvalidAddressError:
        return None


def read_contact_chat(messenger: str, text: str) -> str | None:
    """A private chat's number, or `BY_CODE` for a wish without one: «+», «да», a @name or a phone.

    None for anything else, also for the id of a group: marks never go to a group.
    """
    if text.lower() in _YES or _USERNAME.fullmatch(text) or _PHONE.fullmatch(text):
        return BY_CODE
    return read_contact_address(messenger, text)


def read_contact_yes_no(text: str) -> bool | None:
    """«да», «+» … or «нет», «-», an empty cell; None for anything else."""
    word = text.lower()
    return True if word in _YES else False if word in _NO else None
