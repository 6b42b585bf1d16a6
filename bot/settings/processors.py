"""The kind of a setting that names who processes data on the school's behalf."""

from typing import Any

from bot.settings.bounds import ValueKind, WrongValueError, json_object
from bot.settings.errors import right_values
from core.model.channels import PAPER
from notifiers.discovery import known_channels

LONGEST = 300


def processor_names() -> ValueKind:
    """JSON: channel → name and address of its processor, as a consent must name them (152-ФЗ art. 9 p. 4)."""

    def read(value: Any) -> dict[str, str]:
        named = json_object(value, known_channels() - {PAPER}, "channel")
        if not all(isinstance(name, str) and 0 < len(name.strip()) <= LONGEST for name in named.values()):
            raise WrongValueError("unreadable")
        return {channel: " ".join(name.split()) for channel, name in named.items()}

    return ValueKind(right_values("processors"), read)
