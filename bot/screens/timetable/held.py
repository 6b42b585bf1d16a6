"""The lessons of some days that take place, and how a line names their day, place and time (Q110)."""

from collections.abc import Sequence
from datetime import time

from bot.screens.dates import relative_screen_date, screen_date_span
from bot.screens.frame import ScreenFrame
from core.model.timetable import DayLesson, SchoolDay

FoundLesson = tuple[SchoolDay, DayLesson]


def held_screen_lessons(frame: ScreenFrame, days: Sequence[SchoolDay]) -> list[FoundLesson]:
    """The lessons that take place; of a subject not those that another one replaces."""
    return [
        (day, lesson)
        for day in days
        for lesson in day.lessons
        if lesson.is_held and frame.subject in {None, lesson.subject}
    ]


def screen_lessons_ahead(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> list[FoundLesson]:
    """The lessons that are not over; of a day that the question names all of them."""
    held = held_screen_lessons(frame, days)
    if frame.question is not None and frame.question.since is not None:
        return held
    return [each for each in held if not is_screen_lesson_over(frame, each, clock)]


def is_screen_lesson_over(frame: ScreenFrame, found: FoundLesson, clock: time) -> bool:
    day, lesson = found
    return day.on < frame.today or (day.on == frame.today and (lesson.ends_at or time.max) <= clock)


def screen_lesson_place(frame: ScreenFrame, found: FoundLesson) -> str:
    """«завтра, ср 10.12, 3-й урок, 10:20–11:00»."""
    day, lesson = found
    number = frame.t("control.number", number=lesson.number)
    return ", ".join(
        filter(None, (relative_screen_date(day.on, frame.today, frame.t), number, screen_lesson_times([lesson])))
    )


def screen_lesson_times(lessons: Sequence[DayLesson]) -> str:
    starts, ends = lessons[0].starts_at, lessons[-1].ends_at
    return f"{starts:%H:%M}–{ends:%H:%M}" if starts and ends else ""


def screen_lesson_day(frame: ScreenFrame, day: SchoolDay) -> str:
    """«Завтра», «Ср 16.12:»."""
    near, comma, _ = relative_screen_date(day.on, frame.today, frame.t).partition(",")
    return near.capitalize() if comma else f"{near.capitalize()}:"


def screen_lesson_span(frame: ScreenFrame, days: Sequence[SchoolDay]) -> str:
    first, last = days[0].on, days[-1].on
    return (
        relative_screen_date(first, frame.today, frame.t) if first == last else screen_date_span(first, last, frame.t)
    )
