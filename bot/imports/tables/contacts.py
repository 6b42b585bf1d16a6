"""Reads contacts and yes-or-no cells of people lists; the channel decides what an address is."""

import re
from collections.abc import Mapping

from bot.imports.tables.schemas import SCHEMAS, normalise_table_schema_title
from core.errors import InvalidAddressError
from core.model.channels import PAPER
from core.model.imports.people_lists import BY_CODE, PeopleKind
from notifiers.discovery import discovered_channels, normalise_discovered_address

_PHONE = re.compile(r"(\+[0-9]|[78][0-9]{3}|8 ?\()[0-9\s().-]{6,}")
"""A phone number with «+», or of eleven digits as Russian ones: no id of a chat has that form."""

_USERNAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_CHANNELS = {"telegram": "telegram", "max": "max", "email": "email", "phone": "sms"}
"""Columns of contacts with their channels: whatever may title the column names the channel too."""

_BETWEEN = re.compile(r"[,;/+\n]| и | and ")
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


def read_contact_processors(text: str) -> tuple[str, ...] | None:
    """The channels in a list of them: «Telegram, MAX, почта»; None where a word names none."""
    words = [normalise_table_schema_title(word) for word in _BETWEEN.split(f" {text.lower()} ")]
    known = _channel_words()
    named = {known.get(word) for word in words if word}
    return None if None in named or not named else tuple(sorted(filter(None, named)))


def read_channel_word(text: str) -> str:
    """The channel that one word names, «почта», «E-mail»; the text itself where it names none."""
    return _channel_words().get(normalise_table_schema_title(text.lower()), text)


def _channel_words() -> Mapping[str, str]:
    """By word: a channel's name, its labels, and what may title the column of its contacts."""
    titles = next(schema.optional for schema in SCHEMAS if schema.kind is PeopleKind.GUARDIANS)
    words = {word: channel for name, channel in _CHANNELS.items() for word in (name, *titles[name].split(", "))}
    for name, traits in discovered_channels().items():
        words |= {normalise_table_schema_title(word): name for word in (name, *traits.label.values()) if name != PAPER}
    return {normalise_table_schema_title(word): channel for word, channel in words.items()}


def read_contact_yes_no(text: str) -> bool | None:
    """«да», «+» … or «нет», «-», an empty cell; None for anything else."""
    word = text.lower()
    return True if word in _YES else False if word in _NO else None
