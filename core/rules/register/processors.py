"""Whose processors a consent names, as the office asks for it and as it is shown (152-ФЗ art. 9 p. 4)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from core.model.register.consents import ConsentEntry, NamedProcessors
from core.rules.register.consents import consent_obstacle, is_processor_in_consent


def processors_to_ask(known: NamedProcessors) -> Mapping[str, bool]:
    """The channels of the school, each with whether any paper is taken to name its processor.

    None of them where a paper is taken to name them all, or where nobody knows: then there is nothing to ask.
    """
    printed, usual = set(known.on_forms or ()), set(known.on_papers or ())
    if known.on_papers is None or printed <= usual:
        return {}
    return {channel: channel in usual for channel in sorted(printed)}


def processors_of_paper(known: NamedProcessors, ticked: Collection[str]) -> tuple[str, ...]:
    """What a paper names of which the office ticked these channels; channels that were not asked for as usual."""
    asked = processors_to_ask(known)
    return tuple(sorted({*(known.on_papers or ())} - asked.keys() | {*ticked} & asked.keys()))


def processors_by_naming(
    entry: ConsentEntry | None, channels: Iterable[str], on: date
) -> tuple[Sequence[str], Sequence[str]]:
    """Of these channels those that a consent in force opens, and those whose processor its document does not name."""
    if consent_obstacle(entry, on) is not None:
        return (), ()
    asked = sorted(set(channels))
    named = [channel for channel in asked if is_processor_in_consent(entry, channel)]
    return named, [channel for channel in asked if channel not in named]
