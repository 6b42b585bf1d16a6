"""Whether marks became better or worse is told by the last two months, with how many marks each has (Q110)."""

from datetime import date

from bot.screens.frame import ScreenFrameLook
from bot.screens.marks.trend import marks_trend_screen_line
from tests.support.conversation.screens import ANNA, entry, frame

_SEPTEMBER = date(2026, 9, 15)


def test_two_months_are_compared_with_their_numbers_of_marks() -> None:
    """An average of one mark says little, so the number stands beside it."""
    marks = [
        (entry("5", 1, on=_SEPTEMBER), "Химия"), (entry("4", 2, on=_SEPTEMBER), "Химия"),
        (entry("3", 8), "Химия"), (entry("5", 9, subject_id=2), "Физика"),
        (entry("4", 3, subject_id=2, on=_SEPTEMBER), "Физика"),
    ]  # fmt: skip
    assert marks_trend_screen_line(frame("marks"), marks) == (
        "Стало хуже: средний балл 01.09–30.09 – 4,33 (оценок: 3), 01.10–14.10 – 4,00 (оценок: 2)."
        " Ниже стало: Химия (4,50 → 3,00). Выше стало: Физика (4,00 → 5,00)."
    )


def test_one_subject_is_compared_alone() -> None:
    """The weights of one subject count."""
    marks = [(entry("4", 1, on=_SEPTEMBER), "Химия"), (entry("4", 8), "Химия")]
    line = marks_trend_screen_line(frame("marks", ScreenFrameLook(ANNA.id, subject_id=1), subject="Химия"), marks)
    assert line.startswith("Почти не изменилось")
    assert "Химия" not in line


def test_one_month_or_none_is_not_compared() -> None:
    """A school year that has just begun has nothing to compare."""
    assert marks_trend_screen_line(frame("marks"), []).startswith("Оценок в этом учебном году ещё нет")
    assert marks_trend_screen_line(frame("marks"), [(entry("5", 8), "Химия")]).startswith("Сравнить не с чем")
