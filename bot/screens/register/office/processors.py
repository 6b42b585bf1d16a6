"""Whose processors a paper names: ticks on the screen that asks for its date, words on those that show a consent."""

from collections.abc import Iterable, Mapping, Sequence

from bot.screens.register.office.desk import OfficeDeskScreenFrame
from bot.screens.screen import screen_button_rows
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.register.families import FamilyPair
from core.rules.register.processors import processors_by_naming

Ticks = Mapping[str, bool]
"""By channel, whether the paper names its processor; none where there is nothing to ask."""


def processors_screen_request(frame: OfficeDeskScreenFrame, ticks: Ticks) -> list[str]:
    """Asks whose processors the paper names."""
    return ["", frame.t("office.which_processors")] if ticks else []


def processors_screen_ticks(
    frame: OfficeDeskScreenFrame, ticks: Ticks, door: str, *numbers: int
) -> tuple[tuple[Button, ...], ...]:
    """A button a channel, which ticks it or takes the tick away."""
    buttons = [
        frame.button(f"{'☑' if named else '☐'} {channel_name(channel, frame.t)}", door, *numbers, place)
        for place, (channel, named) in enumerate(ticks.items())
    ]
    return screen_button_rows(buttons, width=2)


def processors_screen_pair_words(frame: OfficeDeskScreenFrame, pair: FamilyPair) -> list[str]:
    """What the consent of a pair opens, and what stays closed since its paper names no processor for it."""
    channels = {*frame.offered, *(each.contact.channel for each in pair.contacts)}
    opened, unnamed = processors_by_naming(pair.entry, channels, frame.today)
    said = [frame.t("office.opens", channels=_names(frame, opened))] if opened else []
    return [*said, *([frame.t("office.unnamed", channels=_names(frame, unnamed))] if unnamed else [])]


def processors_screen_unnamed(frame: OfficeDeskScreenFrame, pair: FamilyPair) -> str:
    """Why contacts of a pair are closed although it has consented; empty where none is."""
    held = [each.contact.channel for each in pair.contacts]
    _, unnamed = processors_by_naming(pair.entry, held, frame.today)
    return frame.t("office.unnamed", channels=_names(frame, unnamed)) if unnamed else ""


def processors_screen_form(frame: OfficeDeskScreenFrame, channels: Sequence[str] | None) -> list[str]:
    """What a numbered form of consent names, as it was printed."""
    return [frame.t("office.form_names", channels=_names(frame, channels))] if channels else []


def _names(frame: OfficeDeskScreenFrame, channels: Iterable[str]) -> str:
    return ", ".join(channel_name(channel, frame.t) for channel in channels)
