"""What families look up of the school day: timetable, homework with its files, control works, teachers, holidays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.documents import calendar
from bot.handlers.doors import KNOWN, Ask, Behind, Door, Visit
from bot.handlers.lookups import lookup
from bot.questions.model import Intent
from bot.screens.dates import SUNDAY, WEEK, monday
from bot.screens.frame import Frame
from bot.screens.schoolwork import control_works as work_screens
from bot.screens.schoolwork import homework as tasks
from bot.screens.schoolwork import recommendations as recommendation_screens
from bot.screens.screen import Screen, Shown
from bot.screens.timetable import days as screens
from bot.screens.timetable import year as year_screens
from core.actions import year as year_actions
from core.actions.schoolwork import control_works as control_work_actions
from core.actions.schoolwork import homework as homework_actions
from core.actions.schoolwork import recommendations
from core.actions.timetable import lookup as timetable_lookup
from core.model.people import Actor
from core.model.schoolwork.homework import AssignedHomework, HomeworkFile
from core.model.timetable import SchoolDay
from core.rules import year
from core.rules.conversation.buttons import DAY, HOMEWORK

FORTNIGHT = timedelta(days=14)
FOUR_WEEKS = timedelta(days=28)
CALENDAR = "timetable.ics"
AHEAD = timedelta(days=21)
"""How far homework is looked for when no date was said."""


async def day(visit: Visit, frame: Frame) -> Screen:
    """A day; several days or a single subject are shown in short."""
    look = frame.look
    if look.subject_id or look.since != look.until:
        return await week(visit, frame)
    if look.since is None:
        ahead = await _days(visit, frame, visit.today, visit.today + FORTNIGHT)
        return screens.day(frame, screens.present(ahead, visit.now.astimezone(frame.zone).time()))
    (shown,) = await _days(visit, frame, look.since, look.since)
    return screens.day(frame, shown)


async def week(visit: Visit, frame: Frame) -> Screen:
    """The days that were asked for, else this week; a subject alone is looked for a fortnight ahead."""
    look = frame.look
    first, last = look.since or visit.today, look.until or visit.today + FORTNIGHT
    if look.since is None and not look.subject_id:
        first = monday(visit.today + timedelta(days=1)) if visit.today.weekday() == SUNDAY else monday(visit.today)
        last = first + WEEK - timedelta(days=1)
    days = await _days(visit, frame, first, last)
    return screens.week(frame, [_of_subject(each, frame) for each in days])


async def to_calendar(visit: Visit, frame: Frame) -> Screen:
    """Four weeks as a file, from the week that was looked at."""
    since = monday(frame.look.since or visit.today)
    until = since + FOUR_WEEKS - timedelta(days=1)
    days = await _days(visit, frame, since, until)
    ics = calendar.calendar(days, child=frame.name, zone=visit.school.policy.zone, now=visit.now)
    return screens.calendar_file(frame.within(since, until), Shown(CALENDAR, calendar.MEDIA_TYPE, ics))


async def homework(visit: Visit, frame: Frame) -> Screen:
    """Of the date or subject that was asked for, else of the next school day that has some."""
    look = frame.look
    first = look.since or visit.today
    around = await homework_actions.homework(
        visit.uow, visit.reader, student_id=frame.child.id,
        since=first - FORTNIGHT, until=(look.until or first) + AHEAD, on=visit.today,
    )  # fmt: skip
    subjects = {each.homework.subject_id: each.subject for each in around}
    found = [each for each in around if look.subject_id in {0, each.homework.subject_id}]
    since, until = (
        (look.since, look.until)
        if look.since and look.until
        else _usual(found, visit.today, of_subject=look.subject_id > 0)
    )
    shown = [each for each in found if since <= each.homework.due_on <= until]
    return tasks.homework(frame.within(since, until), shown, subjects)


async def open_file(visit: Visit, ask: Ask) -> Screen:
    """A file of a homework, for those whose homework it is."""
    (file_id,) = ask.numbers

    async def found(reader: Actor) -> HomeworkFile:
        return await homework_actions.homework_file(visit.uow, reader, file_id, on=visit.today)

    file = await visit.first_found(found)
    return tasks.attachment(Shown(file.name, file.media_type, reference=file.reference), visit.t)


async def control_works(visit: Visit, frame: Frame) -> Screen:
    """Of the dates that were asked for, else of the reporting period and what is planned beyond it."""
    period, beyond = None, frame.look.until
    if frame.look.since is None:
        period, beyond = await year_actions.period(visit.uow, on=visit.today), year.last_day(visit.today)
        since, until = (period.starts_on, period.ends_on) if period else (visit.today, visit.today + FORTNIGHT)
        frame = frame.within(since, until)
    works = await control_work_actions.control_works(
        visit.uow, visit.reader, student_id=frame.child.id,
        since=frame.look.since or visit.today, until=beyond or visit.today, on=visit.today,
    )  # fmt: skip
    asked = [each for each in works if frame.look.subject_id in {0, each[0].subject_id}]
    return work_screens.control_works(frame, asked, period.name if period else None)


async def teachers(visit: Visit, frame: Frame) -> Screen:
    """By the four ways of belonging (Q21); of a subject alone where somebody teaches it."""
    found = await timetable_lookup.teachers(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    of_subject = [each for each in found if each.subject == frame.subject] if frame.subject else []
    return year_screens.teachers(frame, of_subject or found)


async def holidays(visit: Visit, frame: Frame) -> Screen:
    """Of the school year, for the child's grade (Q22)."""
    since, until = year.first_day(visit.today), year.last_day(visit.today)
    found = await timetable_lookup.holidays(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )
    return year_screens.holidays(frame, found)


async def advice(visit: Visit, frame: Frame) -> Screen:
    """What teachers advise, on all subjects or the one asked about; on the screen it is read (Q24)."""
    found = await recommendations.read_recommendations(
        visit.uow, visit.reader, student_id=frame.child.id, subject_id=frame.look.subject_id or None, now=visit.now,
        on=visit.today,
    )  # fmt: skip
    return recommendation_screens.advice(frame, found)


async def _days(visit: Visit, frame: Frame, since: date, until: date) -> Sequence[SchoolDay]:
    return await timetable_lookup.days(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


def _of_subject(day: SchoolDay, frame: Frame) -> SchoolDay:
    """Lessons of the look's subject, also those that it was taken from."""
    if frame.subject is None:
        return day
    return replace(
        day, lessons=tuple(each for each in day.lessons if frame.subject in {each.subject, each.was_subject})
    )


def _usual(found: Sequence[AssignedHomework], today: date, *, of_subject: bool) -> tuple[date, date]:
    """The next day that has some; of one subject all that is ahead, else what was last."""
    ahead = [each.homework.due_on for each in found if each.homework.due_on > today]
    if of_subject:
        return (today, today + AHEAD) if ahead else (today - FORTNIGHT, today)
    on = min(ahead, default=today + timedelta(days=1))
    return on, on


DOORS = (
    lookup(DAY, day, command="timetable", intent=Intent.TIMETABLE, discreet=True),
    lookup(screens.WEEKLY, week, discreet=True),
    lookup(screens.CALENDAR, to_calendar, discreet=True),
    lookup(HOMEWORK, homework, command="homework", intent=Intent.HOMEWORK, discreet=True),
    Door(tasks.FILE, open_file, KNOWN, Behind.RECORD, discreet=True, joint=True),
    lookup(work_screens.CONTROL, control_works, command="control", intent=Intent.CONTROL_WORKS),
    lookup(year_screens.TEACHERS, teachers, command="teachers", intent=Intent.TEACHERS),
    lookup(year_screens.HOLIDAYS, holidays, command="holidays", intent=Intent.HOLIDAYS, discreet=True),
    lookup(recommendation_screens.ADVICE, advice, command="advice", intent=Intent.RECOMMENDATIONS, writes=True),
)
