"""The menu: everything that this person may ask, one tap away; and the first words over it."""

from collections.abc import Mapping, Sequence

from bot.screens.frame import Frame, no_children
from bot.screens.screen import Screen, button_rows
from core.model.delivery.text import Button
from core.ports import Translator


def child_menu(frame: Frame, doors: Mapping[str, str], others: Sequence[Button]) -> Screen:
    """The look-ups about a child, `doors` by their labels; then what is about nobody in particular."""
    buttons = [frame.button(label, door) for door, label in doors.items()]
    lines = [frame.t("menu.question"), "", frame.t("menu.plain_words")]
    return frame.screen(frame.head()[:-1], lines, *button_rows([*buttons, *others], width=2))


def general_menu(others: Sequence[Button], t: Translator, *, is_family: bool) -> Screen:
    """For staff, and for a family to whom no child is open."""
    words = no_children(t).text if is_family else t("menu.question")
    return Screen(words, button_rows(others, width=2))
