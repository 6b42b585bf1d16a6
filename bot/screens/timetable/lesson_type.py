"""Choosing the type of a lesson (Q60)."""

from bot.screens.marks.gradebook import LESSON_TYPE, LessonDesk, back_to_class, lesson_type_words
from bot.screens.screen import Screen, bold, button_rows, plain_text
from core.model.delivery.text import Button
from core.rules.results.statistics.lesson_types import KNOWN_TYPES


def lesson_type_choice(desk: LessonDesk) -> Screen:
    """A button for each type; the present one is marked."""
    buttons = [
        desk.button(_label(desk, lesson_type), LESSON_TYPE, place) for place, lesson_type in enumerate(KNOWN_TYPES)
    ]
    return _screen(desk, "teaching.lesson_type_asked", *button_rows(buttons, width=2))


def no_lesson_to_name(desk: LessonDesk) -> Screen:
    """Refused: the timetable has no such lesson on that day, so no type could be counted."""
    return _screen(desk, "teaching.lesson_type_no_lesson")


def _screen(desk: LessonDesk, key: str, *rows: tuple[Button, ...]) -> Screen:
    words = [bold(desk.name), plain_text(desk.day), "", desk.t(key)]
    return Screen("\n".join(words), (*rows, (back_to_class(desk),)))


def _label(desk: LessonDesk, lesson_type: str) -> str:
    word = lesson_type_words(lesson_type, desk.t)
    return f"• {word}" if lesson_type in desk.lesson_types else word
