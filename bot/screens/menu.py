"""The menu: a button for everything that this person may ask."""

from collections.abc import Mapping, Sequence

from bot.screens.frame import ScreenFrame, frame_no_children_screen
from bot.screens.register.newcomers import newcomer_screen_awaited_words
from bot.screens.screen import Screen, screen_button_rows
from core.model.delivery.text import Button
from core.model.register.forms import IssuedForm
from core.ports import Translator


def child_menu_screen(frame: ScreenFrame, doors: Mapping[str, str], others: Sequence[Button]) -> Screen:
    """The menu of one child: `doors` with their labels, then buttons that are about no child."""
    buttons = [frame.button(label, door) for door, label in doors.items()]
    lines = [frame.t("menu.question"), "", frame.t("menu.plain_words")]
    return frame.screen(frame.head()[:-1], lines, *screen_button_rows([*buttons, *others], width=2))


def general_menu_screen(
    others: Sequence[Button], t: Translator, *, is_family: bool, awaited: Sequence[IssuedForm] = ()
) -> Screen:
    """The menu without a child: for staff, and for a family that may see no child; what is awaited comes first."""
    words = frame_no_children_screen(t).text if is_family else t("menu.question")
    words = newcomer_screen_awaited_words(awaited, t) if awaited else words
    return Screen(words, screen_button_rows(others, width=2))
