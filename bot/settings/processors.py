"""Who processes data on the school's behalf, and which consents name them."""

from collections.abc import Iterable
from typing import Any

from bot.settings.bounds import ValueKind, WrongValueError, json_object_in_bounds
from bot.settings.errors import right_values
from core.model.channels import PAPER
from core.model.register.consents import NamedProcessors
from notifiers.discovery import discovered_channel_names, discovered_channels

LONGEST = 300


def settings_processor_names() -> ValueKind:
    """JSON: channel → name and address of its processor, as a consent must name them (152-ФЗ art. 9 p. 4)."""

    def read(value: Any) -> dict[str, str]:
        named = json_object_in_bounds(value, discovered_channel_names() - {PAPER}, "channel")
        if not all(isinstance(name, str) and 0 < len(name.strip()) <= LONGEST for name in named.values()):
            raise WrongValueError("unreadable")
        return {channel: " ".join(name.split()) for channel, name in named.items()}

    return ValueKind(right_values("processors"), read)


def named_processors(on_forms: Iterable[str]) -> NamedProcessors:
    """Our forms name the channels that are set up; other papers are not taken to name one that must be named."""
    usual = [name for name, traits in discovered_channels().items() if not traits.needs_naming and name != PAPER]
    return NamedProcessors(tuple(on_forms), tuple(sorted(usual)))
