"""First lines that compare the days of a span: where lessons are fewest or most, and where a window is (Q110)."""

from collections.abc import Sequence
from datetime import time

from bot.questions.kinds import Asked
from bot.screens.dates import weekday_screen_date
from bot.screens.frame import ScreenFrame
from bot.screens.timetable.held import held_screen_lessons, screen_lesson_span
from core.model.timetable import SchoolDay


def lesson_count_screen_line(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Меньше всего уроков: ср 21.10, пт 23.10 – 4.»; days without any are not meant."""
    counts = [(day.on, len(held_screen_lessons(frame, [day]))) for day in days if held_screen_lessons(frame, [day])]
    if not counts:
        return ""
    key, sign = ("fewest", 1) if frame.asked is Asked.FEWEST_LESSONS else ("most", -1)
    count = min((count for _, count in counts), key=lambda count: sign * count)
    named = ", ".join(weekday_screen_date(on, frame.t) for on, each in counts if each == count)
    return frame.t(f"lessons.{key}", days=named, count=count)


def lesson_windows_screen_line(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Окно: пн 26.10, 3-й урок.», «Окон нет: 19.10–25.10.»: numbers without a lesson between two of a day."""
    found = [
        ", ".join([weekday_screen_date(day.on, frame.t), frame.t("control.number", number=number)])
        for day in days
        if (held := {lesson.number for lesson in day.lessons if lesson.is_held})
        for number in range(min(held), max(held))
        if number not in held
    ]
    if not found:
        return frame.t("lessons.no_windows", dates=screen_lesson_span(frame, days))
    return frame.t("lessons.windows", windows="; ".join(found))
