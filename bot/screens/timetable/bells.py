"""The times of lessons and breaks: what the first line says of the bells (Q110)."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise

from bot.screens.frame import ScreenFrame
from bot.screens.timetable.held import held_screen_lessons, screen_lesson_span, screen_lesson_times
from core.model.timetable import DayLesson, SchoolDay


def bells_screen_line(frame: ScreenFrame, day: SchoolDay) -> str:
    """«Звонки: 1-й 08:30–09:15, 2-й 09:25–10:10.»."""
    timed = [lesson for lesson in day.lessons if lesson.starts_at and lesson.ends_at]
    if not timed:
        return frame.t("lessons.no_bells", dates=screen_lesson_span(frame, [day]))
    bells = dict.fromkeys(
        f"{frame.t('control.number', number=lesson.number)} {screen_lesson_times([lesson])}" for lesson in timed
    )
    return frame.t("lessons.bells", bells=", ".join(bells))


def break_screen_line(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Самая длинная перемена: 20 минут, 10:05–10:25, после 2-го урока.»; that after the lesson that is named."""
    number = frame.question.number if frame.question else None
    held = _timed(frame, days)
    breaks = [(first, second) for first, second in pairwise(held) if first.number + 1 == second.number]
    named = [each for each in breaks if each[0].number == number] or breaks
    if not named:
        return frame.t("lessons.no_bells", dates=screen_lesson_span(frame, days))
    first, second = max(named, key=lambda each: _minutes(each[0].ends_at, each[1].starts_at))
    longest = _minutes(first.ends_at, second.starts_at)
    others = [str(each.number) for each, after in named if _minutes(each.ends_at, after.starts_at) == longest][1:]
    key = "lessons.break" if first.number == number else "lessons.longest_break"
    times = f"{first.ends_at:%H:%M}–{second.starts_at:%H:%M}"
    line = frame.t(key, longest, times=times, number=first.number)
    return f"{line} {frame.t('lessons.break_too', numbers=', '.join(others))}" if others else line


def lesson_length_screen_line(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Урок длится 45 минут: 08:30–09:15.»."""
    held = _timed(frame, days)
    if not held:
        return frame.t("lessons.no_bells", dates=screen_lesson_span(frame, days))
    number = frame.question.number if frame.question else None
    lesson = next((each for each in held if each.number == number), held[0])
    return frame.t("lessons.length", _minutes(lesson.starts_at, lesson.ends_at), times=screen_lesson_times([lesson]))


def _timed(frame: ScreenFrame, days: Sequence[SchoolDay]) -> list[DayLesson]:
    """The lessons of the first day that has any, whose bells are known."""
    held = held_screen_lessons(frame, days)
    return [lesson for day, lesson in held if day is held[0][0] and lesson.starts_at and lesson.ends_at]


def _minutes(since: time | None, until: time | None) -> int:
    start, end = (each or time.min for each in (since, until))
    return (end.hour - start.hour) * 60 + end.minute - start.minute
