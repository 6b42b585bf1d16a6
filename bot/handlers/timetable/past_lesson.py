"""What was done in a lesson: its topic, the marks of the day, what was set (Q110)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door, lookup_entries_of_subject
from bot.questions.model import Intent
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen
from bot.screens.timetable import past_lesson as screens
from bot.screens.timetable.past_lesson import PastLesson
from core.actions.schoolwork import homework as homework_actions
from core.actions.timetable import lookup as timetable_lookup
from core.model.schoolwork.homework import AssignedHomework
from core.model.timetable import SchoolDay

BEHIND, AHEAD = timedelta(days=21), timedelta(days=21)
"""How far the last lesson, and the day for which homework was set, are looked for."""


async def past_lesson_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The lessons of a day, of one subject if the question names one; without a day the last one that was held."""
    days = await _days(visit, frame)
    if not days:
        since = frame.look.since or visit.today
        noted = await lookup_entries_of_subject(visit, frame.between_dates(since, frame.look.until or since))
        return screens.past_lessons_screen(frame, since, [], noted)
    frame = frame.between_dates(days[0].on, days[-1].on)
    entries, given = await lookup_entries_of_subject(visit, frame), await _homework(visit, frame)
    topics = await timetable_lookup.look_up_timetable_topics(
        visit.uow, visit.reader, student_id=frame.child.id, since=days[0].on, until=days[-1].on, on=visit.today
    )
    lessons = [
        PastLesson(
            day.on,
            lesson.subject,
            tuple(
                each.lesson.topic or ""
                for each in topics
                if _is_of(each.lesson.held_on, each.subject, day, lesson.subject)
            ),
            tuple(entry for entry, name in entries if _is_of(entry.on, name, day, lesson.subject)),
            _set_in(given, day.on, lesson.subject, frame),
        )
        for day in days
        for lesson in {each.subject: each for each in day.lessons if each.is_held}.values()
    ]
    shown = {entry.id for lesson in lessons for entry in lesson.entries}
    beside = [(entry, name) for entry, name in entries if entry.id not in shown]
    return screens.past_lessons_screen(frame, days[-1].on, lessons, beside)


def _is_of(on: date, name: str, day: SchoolDay, subject: str) -> bool:
    return on == day.on and name == subject


async def _days(visit: DoorVisit, frame: ScreenFrame) -> Sequence[SchoolDay]:
    """The look's days with lessons that were held until today; without any day the last one."""
    since, until = frame.look.since or visit.today - BEHIND, frame.look.until or visit.today
    days = await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )
    asked = [
        replace(day, lessons=tuple(each for each in day.lessons if frame.subject in {None, each.subject}))
        for day in days
        if day.on <= visit.today
    ]
    held = [day for day in asked if any(lesson.is_held for lesson in day.lessons)]
    return held if frame.look.since else held[-1:]


async def _homework(visit: DoorVisit, frame: ScreenFrame) -> Sequence[AssignedHomework]:
    first, last = frame.look.since or visit.today, frame.look.until or visit.today
    return await homework_actions.load_homework(
        visit.uow, visit.reader, student_id=frame.child.id, since=first, until=last + AHEAD, on=visit.today
    )


def _set_in(given: Sequence[AssignedHomework], on: date, subject: str, frame: ScreenFrame) -> AssignedHomework | None:
    """What was set in the lesson: by the day on which it was given, else the next that is due after it."""
    later = [
        each
        for each in given
        if each.subject == subject and each.homework.due_on > on and each.homework.withdrawn_at is None
    ]
    on_that_day = [each for each in later if frame.day_of(each.homework.given_at) == on]
    return next(iter(on_that_day or later), None)


DOORS = (lookup_door(screens.PAST_LESSON, past_lesson_door, intent=Intent.LESSON),)
