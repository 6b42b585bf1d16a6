"""The menu: a button for everything that this person may ask."""

from collections.abc import Mapping, Sequence

from bot.screens.frame import Frame, no_children
from bot.screens.register.newcomers import awaited_words
from bot.screens.screen import Screen, button_rows
from core.model.delivery.text import Button
from core.model.register.forms import IssuedForm
from core.ports import Translator


def child_menu(frame: Frame, doors: Mapping[str, str], others: Sequence[Button]) -> Screen:
    """The menu of one child: `doors` with their labels, then buttons that are about no child."""
    buttons = [frame.button(label, door) for door, label in doors.items()]
    lines = [frame.t("menu.question"), "", frame.t("menu.plain_words")]
    return frame.screen(frame.head()[:-1], lines, *button_rows([*buttons, *others], width=2))


def general_menu(
    others: Sequence[Button], t: Translator, *, is_family: bool, awaited: Sequence[IssuedForm] = ()
) -> Screen:
    """The menu without a child: for staff, and for a family that may see no child; what is awaited comes first."""
    words = no_children(t).text if is_family else t("menu.question")
    words = awaited_words(awaited, t) if awaited else words
    return Screen(words, button_rows(others, width=2))
