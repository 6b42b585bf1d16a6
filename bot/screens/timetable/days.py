"""The timetable of a day or a week; what a change replaced is struck through (Q16–Q18)."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import groupby
from typing import assert_never

from bot.screens.dates import WEEK, relative_screen_date, screen_date_span, weekday_screen_date
from bot.screens.frame import Rows, ScreenFrame
from bot.screens.screen import Screen, ScreenFile, screen_bold, screen_struck, screen_text
from core.model.delivery.text import Button
from core.model.timetable import DayLesson, LessonState, SchoolDay
from core.ports import Translator
from core.rules.conversation.buttons import DAY
from core.rules.people.initials import with_initials
from core.rules.year import first_day_of_week

WEEKLY, CALENDAR = "week", "calendar"
"""Buttons of these screens: a week, a file for the phone's calendar."""


def timetable_day_screen(frame: ScreenFrame, day: SchoolDay) -> Screen:
    """The lessons of one day, with teachers."""
    t = frame.t
    title = screen_bold(t("timetable.title", on=relative_screen_date(day.on, frame.today, t)))
    return frame.screen(
        frame.head(title), timetable_day_screen_lines(day, t), *frame.days(day.on), _ways(frame, day.on)
    )


def timetable_days_screen(frame: ScreenFrame, days: Sequence[SchoolDay], *, has_subject: bool = True) -> Screen:
    """The lessons of several days, without teachers; `has_subject`: the timetable has the look's subject at all."""
    t = frame.t
    first, last = days[0].on, days[-1].on
    shown = groupby((day for day in days if day.lessons or day.holiday), key=lambda day: day.holiday)
    lines = [line for holiday, group in shown for line in _in_short([*group], holiday, t)]
    head = frame.head_of_subject(screen_bold(t("timetable.week", dates=screen_date_span(first, last, t))))
    return frame.screen(
        head,
        lines or [t("timetable.no_lessons" if has_subject else "timetable.no_subject")],
        *_weeks(frame, first),
        _ways(frame, first),
    )


def timetable_days_calendar_screen(frame: ScreenFrame, file: ScreenFile) -> Screen:
    """A calendar file with the lessons of the look's dates."""
    dates = screen_date_span(frame.look.since or frame.today, frame.look.until or frame.today, frame.t)
    title = screen_bold(frame.t("timetable.week", dates=dates))
    return Screen("\n".join([*frame.head(title), frame.t("timetable.calendar_ready")]), files=(file,))


def _ways(frame: ScreenFrame, on: date) -> tuple[Button, ...]:
    first = first_day_of_week(on)
    until = first + WEEK - timedelta(days=1)
    week = frame.button(frame.t("timetable.as_week"), WEEKLY, since=first, until=until, subject_id=0)
    file = frame.button(frame.t("timetable.calendar"), CALENDAR, since=first, until=until, subject_id=0)
    return (file,) if frame.door == WEEKLY else (week, file)


def _weeks(frame: ScreenFrame, on: date) -> Rows:
    """Buttons for the days of this week, and for the weeks before and after."""
    first = first_day_of_week(on)
    days = [first + timedelta(days=number) for number in range(6)]
    around = ((first - WEEK, "‹ {}"), (first + WEEK, "{} ›"))
    last = timedelta(days=6)
    return (
        tuple(_day(frame, day) for day in days),
        tuple(
            frame.button(arrow.format(screen_date_span(day, day + last, frame.t)), since=day, until=day + last)
            for day, arrow in around
        ),
    )


def _day(frame: ScreenFrame, on: date) -> Button:
    """A button for a day with all its lessons, also in a look-up of one subject."""
    return frame.button(frame.t(f"day.{on.weekday()}").capitalize(), DAY, since=on, until=on, subject_id=0)


def timetable_day_screen_lines(day: SchoolDay, t: Translator, *, with_teacher: bool = True) -> list[str]:
    """A line for each lesson of a day, or the reason why there are none."""
    if day.holiday is not None:
        return [t("timetable.holiday", name=screen_bold(day.holiday))]
    return [_line(lesson, t, with_teacher=with_teacher) for lesson in day.lessons] or [t("timetable.no_lessons")]


def _in_short(days: Sequence[SchoolDay], holiday: str | None, t: Translator) -> Iterator[str]:
    """Each day with its lessons; holidays in a row are one span."""
    if holiday is not None:
        first, last = days[0].on, days[-1].on
        span = screen_date_span(first, last, t) if last > first else weekday_screen_date(first, t).capitalize()
        yield from (screen_bold(span), t("timetable.holiday", name=screen_text(holiday)))
        return
    for day in days:
        yield screen_bold(weekday_screen_date(day.on, t).capitalize())
        yield from (_line(lesson, t, with_teacher=False) for lesson in day.lessons)


def _line(lesson: DayLesson, t: Translator, *, with_teacher: bool) -> str:
    return f"{_place(lesson)} {_what(lesson, t, with_teacher=with_teacher)}"


def _place(lesson: DayLesson) -> str:
    """«3. 10:20–11:00»; the number alone where no bell times are known."""
    if lesson.starts_at is None or lesson.ends_at is None:
        return f"{lesson.number}."
    return f"{lesson.number}. {_clock(lesson.starts_at)}–{_clock(lesson.ends_at)}"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _what(lesson: DayLesson, t: Translator, *, with_teacher: bool) -> str:
    """The subject with its present state and what the change replaced (Q17)."""
    group = f" ({screen_text(lesson.group)})" if lesson.group else ""
    subject = f"{screen_bold(lesson.subject)}{group}"
    gone = f"{screen_struck(lesson.subject)}{group}"
    match lesson.state:
        case LessonState.CANCELLED:
            return f"{gone} – {t('timetable.cancelled')}"
        case LessonState.MOVED_AWAY:
            return f"{gone} → {t('timetable.moved_to', place=_moved(lesson, t))}"
        case LessonState.MOVED_HERE:
            origin = t("timetable.moved_from", place=_moved(lesson, t))
            return f"{subject}{_where(lesson, t, with_teacher=with_teacher)} ({origin})"
        case LessonState.SUBSTITUTED:
            was = f"{screen_struck(lesson.was_subject)} → " if lesson.was_subject else ""
            return f"{was}{subject}{_where(lesson, t, with_teacher=True)} ({t('timetable.substituted')})"
        case LessonState.ROOM_CHANGED | LessonState.PLANNED:
            return f"{subject}{_where(lesson, t, with_teacher=with_teacher)}"
        case _:
            assert_never(lesson.state)


def _where(lesson: DayLesson, t: Translator, *, with_teacher: bool) -> str:
    """Room and teacher; replaced ones are struck through."""
    room = _old_new(lesson.was_room, lesson.room)
    parts = [t("timetable.room", room=room)] if room else []
    if with_teacher and (teacher := _old_new(_short(lesson.was_teacher), _short(lesson.teacher))):
        parts.append(teacher)
    return "".join(f", {part}" for part in parts)


def _old_new(old: str | None, new: str | None) -> str:
    if old is None or old == new:
        return screen_text(new or "")
    return f"{screen_struck(old)} → {screen_text(new or '–')}"


def _short(teacher: str | None) -> str | None:
    return with_initials(teacher) if teacher else None


def _moved(lesson: DayLesson, t: Translator) -> str:
    """«чт 15.10, 5-й урок»."""
    if lesson.moved is None:
        return "–"
    on, number = lesson.moved
    return t("timetable.lesson_at", on=weekday_screen_date(on, t), number=number)


def timetable_day_on_screen(days: Sequence[SchoolDay], clock: time) -> SchoolDay:
    """Today until its last lesson ends, then the next day with lessons. `days` begin today."""
    today, *ahead = days
    ends = [lesson.ends_at or time.max for lesson in today.lessons if lesson.is_held]
    if ends and clock <= max(ends):
        return today
    return next((day for day in ahead if any(lesson.is_held for lesson in day.lessons)), today)
