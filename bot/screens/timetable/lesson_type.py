"""Choosing the type of a lesson (Q60)."""

from bot.screens.marks.gradebook import (
    LESSON_TYPE,
    GradebookScreenDesk,
    gradebook_screen_back_button,
    gradebook_screen_type_words,
)
from bot.screens.screen import Screen, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.rules.results.statistics.lesson_types import KNOWN_TYPES


def lesson_type_screen(desk: GradebookScreenDesk) -> Screen:
    """A button for each type; the present one is marked."""
    buttons = [
        desk.button(_label(desk, lesson_type), LESSON_TYPE, place) for place, lesson_type in enumerate(KNOWN_TYPES)
    ]
    return _screen(desk, "teaching.lesson_type_asked", *screen_button_rows(buttons, width=2))


def no_lesson_type_screen(desk: GradebookScreenDesk) -> Screen:
    """Refused: the timetable has no such lesson on that day, so no type could be counted."""
    return _screen(desk, "teaching.lesson_type_no_lesson")


def _screen(desk: GradebookScreenDesk, key: str, *rows: tuple[Button, ...]) -> Screen:
    words = [screen_bold(desk.name), screen_text(desk.day), "", desk.t(key)]
    return Screen("\n".join(words), (*rows, (gradebook_screen_back_button(desk),)))


def _label(desk: GradebookScreenDesk, lesson_type: str) -> str:
    word = gradebook_screen_type_words(lesson_type, desk.t)
    return f"• {word}" if lesson_type in desk.lesson_types else word
