"""A teacher's own lessons of a day, each with a button to its gradebook page (Q16, Q17)."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.screens.dates import WEEK, relative_screen_date, screen_date
from bot.screens.frame import screen_frame_button_label, screen_frame_choice_label
from bot.screens.marks.gradebook import DAY
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_button_rows
from bot.screens.timetable.days import timetable_day_screen_lines
from core.model.delivery.text import Button
from core.model.timetable import DayLesson, SchoolDay
from core.ports import Translator
from core.rules.conversation.buttons import Handle, button_day_number
from core.rules.year import first_day_of_week

LESSONS = "tlessons"
"""A button for the lessons of a day."""

_SCHOOL_DAYS = 6


def own_lessons_screen(day: SchoolDay, own: Sequence[DayLesson], today: date, t: Translator, seal: Seal) -> Screen:
    """The teacher's lessons of a day with their changes; buttons for the lessons that are held (`own`)."""
    gradebooks = [_gradebook(lesson, day.on, seal) for lesson in own]
    head = [screen_bold(t("teaching.lessons_title", on=relative_screen_date(day.on, today, t))), ""]
    lines = timetable_day_screen_lines(day, t, with_teacher=False)
    return Screen(
        fit_on_screen_page(head, lines, more=t("teaching.more")),
        (*screen_button_rows(gradebooks, width=2), *_days(day.on, today, t, seal)),
    )


def _gradebook(lesson: DayLesson, on: date, seal: Seal) -> Button:
    label = screen_frame_button_label(f"{lesson.number}. {lesson.group} · {lesson.subject}")
    return Button(label, seal(Handle(DAY, (lesson.group_id, lesson.subject_id, button_day_number(on)))))


def _days(on: date, today: date, t: Translator, seal: Seal) -> tuple[tuple[Button, ...], ...]:
    """Buttons for the days of this week and for the same weekday one week before and after."""
    week = [first_day_of_week(on) + timedelta(days=number) for number in range(_SCHOOL_DAYS)]
    around = (
        (on - WEEK, f"‹ {screen_date(on - WEEK)}"),
        (today, t("day.to_today")),
        (on + WEEK, f"{screen_date(on + WEEK)} ›"),
    )
    return (
        tuple(
            _day(day, screen_frame_choice_label(t(f"day.{day.weekday()}").capitalize(), when=day == on), seal)
            for day in week
        ),
        tuple(_day(day, label, seal) for day, label in around),
    )


def _day(on: date, label: str, seal: Seal) -> Button:
    return Button(label, seal(Handle(LESSONS, (button_day_number(on),))))
