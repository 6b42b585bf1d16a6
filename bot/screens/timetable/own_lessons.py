"""A teacher's own lessons of a day, each with a button to its gradebook page (Q16, Q17)."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.screens.dates import WEEK, relative_date, short_date
from bot.screens.frame import button_label, choice_label
from bot.screens.marks.gradebook import DAY
from bot.screens.screen import Screen, Seal, bold, button_rows, fit_on_page
from bot.screens.timetable.days import lesson_lines
from core.model.delivery.text import Button
from core.model.timetable import DayLesson, SchoolDay
from core.ports import Translator
from core.rules.conversation.buttons import Handle, button_day_number
from core.rules.timetable.days import first_day_of_week

LESSONS = "tlessons"
"""A button for the lessons of a day."""

_SCHOOL_DAYS = 6


def own_lessons_of_day(day: SchoolDay, own: Sequence[DayLesson], today: date, t: Translator, seal: Seal) -> Screen:
    """The teacher's lessons of a day with their changes; buttons for the lessons that are held (`own`)."""
    gradebooks = [_gradebook(lesson, day.on, seal) for lesson in own]
    head = [bold(t("teaching.lessons_title", on=relative_date(day.on, today, t))), ""]
    lines = lesson_lines(day, t, with_teacher=False)
    return Screen(
        fit_on_page(head, lines, more=t("teaching.more")),
        (*button_rows(gradebooks, width=2), *_days(day.on, today, t, seal)),
    )


def _gradebook(lesson: DayLesson, on: date, seal: Seal) -> Button:
    label = button_label(f"{lesson.number}. {lesson.group} · {lesson.subject}")
    return Button(label, seal(Handle(DAY, (lesson.group_id, lesson.subject_id, button_day_number(on)))))


def _days(on: date, today: date, t: Translator, seal: Seal) -> tuple[tuple[Button, ...], ...]:
    """Buttons for the days of this week and for the same weekday one week before and after."""
    week = [first_day_of_week(on) + timedelta(days=number) for number in range(_SCHOOL_DAYS)]
    around = (
        (on - WEEK, f"‹ {short_date(on - WEEK)}"),
        (today, t("day.to_today")),
        (on + WEEK, f"{short_date(on + WEEK)} ›"),
    )
    return (
        tuple(_day(day, choice_label(t(f"day.{day.weekday()}").capitalize(), when=day == on), seal) for day in week),
        tuple(_day(day, label, seal) for day, label in around),
    )


def _day(on: date, label: str, seal: Seal) -> Button:
    return Button(label, seal(Handle(LESSONS, (button_day_number(on),))))
