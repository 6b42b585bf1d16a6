"""Whose processors a paper names: what the office has ticked is kept in the chat's draft until the date is known."""

from collections.abc import Mapping, Sequence

from bot.handlers.doors import DoorVisit
from core.rules.conversation.buttons import HandleRefusedError
from core.rules.register.processors import processors_of_paper, processors_to_ask

NAMED = "named"
"""In a draft: the channels that are ticked; absent as long as nothing was ticked."""


def asked_paper_processors(visit: DoorVisit, named: Sequence[str] | None) -> Mapping[str, bool]:
    """The channels to tick; None: as a paper is taken to name them where nobody says it."""
    asked = processors_to_ask(visit.school.policy.processors)
    return asked if named is None else {channel: channel in named for channel in asked}


def turned_paper_processors(visit: DoorVisit, named: Sequence[str] | None, place: int) -> list[str]:
    """The ticks after the button at this place was pressed. HandleRefusedError for a place that is none."""
    asked = asked_paper_processors(visit, named)
    if place >= len(asked):
        raise HandleRefusedError
    turned = list(asked)[place]
    return [channel for channel, ticked in asked.items() if ticked is not (channel == turned)]


def said_paper_processors(visit: DoorVisit, named: Sequence[str] | None) -> tuple[str, ...] | None:
    """What the office said of the paper; None where it said nothing."""
    return None if named is None else processors_of_paper(visit.school.policy.processors, named)
