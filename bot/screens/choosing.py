"""A question that may mean several things: the asker chooses with a tap."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens.frame import short
from bot.screens.screen import Screen, Seal, rows
from core.model.delivery import Button
from core.ports import Translator
from core.rules.handles import Handle


@dataclass(frozen=True, slots=True)
class Option:
    """A button that asks the question anew, plainly."""

    label: str
    handle: Handle


def which_subject(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """«математика» may be algebra or geometry."""
    return Screen(t("choosing.subject"), rows(_buttons(options, seal), width=2))


def which_door(options: Sequence[Option], t: Translator, seal: Seal, *, of_others: bool) -> Screen:
    """All that can be asked, or what comes into question; children who are not the asker's are not spoken of."""
    said = t("choosing.others") if of_others else t("choosing.unclear")
    return Screen(said, rows(_buttons(options, seal), width=2))


def _buttons(options: Sequence[Option], seal: Seal) -> Sequence[Button]:
    return [Button(short(option.label), seal(option.handle)) for option in options]
