"""What families look up of the timetable: a day, a week, a calendar file (Q16)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from bot.documents import calendar
from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door
from bot.questions.kinds import Asked
from bot.questions.model import Intent
from bot.screens.dates import SUNDAY, WEEK
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen, ScreenFile
from bot.screens.timetable import days as screens
from bot.screens.timetable import first_line
from bot.screens.timetable.bells import bells_screen_line
from core.actions.timetable import lookup as timetable_lookup
from core.model.timetable import SchoolDay
from core.rules.conversation.buttons import DAY
from core.rules.year import first_day_of_week

FORTNIGHT = timedelta(days=14)
FOUR_WEEKS = timedelta(days=28)
CALENDAR = "timetable.ics"


async def timetable_day_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """One day in full; several days, or one subject, in short."""
    look = frame.look
    if frame.asked is Asked.CALENDAR:
        return await calendar_lookup_door(visit, frame)
    if frame.asked is Asked.BELLS:
        return await _bells(visit, frame)
    if frame.subject and frame.asked in {Asked.AFTER, Asked.BEFORE}:
        return await _beside_lesson(visit, frame)
    if look.subject_id or look.since != look.until:
        return await timetable_week_lookup_door(visit, frame)
    if look.since is None:
        ahead = await _days(visit, frame, visit.today, visit.today + FORTNIGHT)
        day = screens.timetable_day_on_screen(ahead, _clock(visit, frame))
        later = [each for each in ahead if each.on > day.on]
    else:
        (day,) = await _days(visit, frame, look.since, look.since)
        later = []
    line = first_line.timetable_screen_first_line(frame, [day], _clock(visit, frame), later=later)
    shown = frame.answered(line, screens.timetable_day_screen(frame, day))
    return replace(shown, rank=first_line.timetable_screen_rank(frame, day))


async def _bells(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The bells of the longest day of the week ahead, which has them all."""
    since = frame.look.since or visit.today
    until = frame.look.until or visit.today + WEEK - timedelta(days=1)
    days = await _days(visit, frame, since, until)
    longest = max(days, key=lambda day: len(day.lessons))
    line = bells_screen_line(frame, longest)
    return frame.answered(line, screens.timetable_day_screen(frame.between_dates(longest.on, longest.on), longest))


async def _beside_lesson(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The whole day that has the subject, below what stands before or after it; without one the subject alone."""
    since, until = frame.look.since or visit.today, frame.look.until or visit.today + FORTNIGHT
    days = [day for day in await _days(visit, frame, since, until) if first_line.has_screen_line_lesson(frame, day)]
    if not days:
        return await timetable_week_lookup_door(visit, frame)
    clock = _clock(visit, frame)
    ahead = [day for day in days if frame.look.since or first_line.has_screen_line_lesson(frame, day, clock)]
    days = ahead or days
    line = first_line.beside_lesson_screen_line(frame, days[0])
    whole = replace(frame.between_dates(days[0].on, days[0].on), subject=None)
    whole = replace(whole, look=replace(whole.look, subject_id=0))
    return frame.answered(line, screens.timetable_day_screen(whole, days[0]))


async def timetable_week_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The look's days, else this week; for a subject without dates the next fortnight, unless its lessons are counted.

    "No lessons" is said only of a subject that the timetable names within a fortnight of them: another may stand there
    under a name that is not known as its own.
    """
    look = frame.look
    first, last = look.since or visit.today, look.until or visit.today + FORTNIGHT
    if look.since is None and (not look.subject_id or frame.asked is Asked.COUNT):
        first = (
            first_day_of_week(visit.today + timedelta(days=1))
            if visit.today.weekday() == SUNDAY
            else first_day_of_week(visit.today)
        )
        last = first + WEEK - timedelta(days=1)
    around = FORTNIGHT if frame.subject else timedelta(0)
    found = await _days(visit, frame, first - around, last + around)
    has_subject = frame.subject is None or any(_of_subject(day, frame).lessons for day in found)
    days = found if frame.asked is Asked.NUMBER else [_of_subject(day, frame) for day in found]
    shown = [day for day in days if first <= day.on <= last]
    later = [day for day in days if day.on > last]
    line = first_line.timetable_screen_first_line(
        frame, shown, _clock(visit, frame), has_subject=has_subject, later=later
    )
    return frame.answered(line, screens.timetable_days_screen(frame, shown, has_subject=has_subject))


def _clock(visit: DoorVisit, frame: ScreenFrame) -> time:
    """The school's time of day."""
    return visit.now.astimezone(frame.zone).time()


async def calendar_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Four weeks as a calendar file, from the week of the look."""
    since = first_day_of_week(frame.look.since or visit.today)
    until = since + FOUR_WEEKS - timedelta(days=1)
    days = await _days(visit, frame, since, until)
    ics = calendar.lesson_calendar_document(days, child=frame.name, zone=visit.school.policy.zone, now=visit.now)
    return screens.timetable_days_calendar_screen(
        frame.between_dates(since, until), ScreenFile(CALENDAR, calendar.MEDIA_TYPE, ics)
    )


async def _days(visit: DoorVisit, frame: ScreenFrame, since: date, until: date) -> Sequence[SchoolDay]:
    return await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


def _of_subject(day: SchoolDay, frame: ScreenFrame) -> SchoolDay:
    """Keeps the lessons of the look's subject, also those that another subject replaces."""
    if frame.subject is None:
        return day
    return replace(
        day, lessons=tuple(lesson for lesson in day.lessons if frame.subject in {lesson.subject, lesson.was_subject})
    )


DOORS = (
    lookup_door(DAY, timetable_day_lookup_door, command="timetable", intent=Intent.TIMETABLE, discreet=True),
    lookup_door(screens.WEEKLY, timetable_week_lookup_door, discreet=True),
    lookup_door(screens.CALENDAR, calendar_lookup_door, discreet=True),
)
