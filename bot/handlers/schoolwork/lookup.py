"""What families look up of schoolwork: homework with its files, control works (Q19, Q23)."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.handlers.doors import KNOWN, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.lookups import lookup_door, lookup_entries_of_subject, reporting_period_of_lookup
from bot.handlers.timetable.lookup import FORTNIGHT
from bot.questions.kinds import Asked
from bot.questions.model import Intent
from bot.questions.spelling import shares_spelling_word
from bot.screens.dates import is_screen_weekend
from bot.screens.frame import ScreenFrame
from bot.screens.marks.first_line import last_marked_work_screen_words
from bot.screens.schoolwork import control_works as work_screens
from bot.screens.schoolwork import first_line
from bot.screens.schoolwork import homework as tasks
from bot.screens.screen import Screen, ScreenFile
from core.actions.schoolwork import control_works as control_work_actions
from core.actions.schoolwork import homework as homework_actions
from core.actions.timetable import lookup as timetable_lookup
from core.model.people import Actor
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.homework import AssignedHomework, HomeworkFile
from core.rules import year
from core.rules.conversation.buttons import HOMEWORK

DAY = timedelta(days=1)
"""What is set for a weekend is due on Monday."""

AHEAD = timedelta(days=21)
"""How far homework is looked for without a date."""


async def homework_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Homework of the look's dates or subject, else of the next day that has some."""
    look, question = frame.look, frame.question
    first = look.since or visit.today
    around = await homework_actions.load_homework(
        visit.uow, visit.reader, student_id=frame.child.id,
        since=first - FORTNIGHT, until=(look.until or first) + AHEAD, on=visit.today,
    )  # fmt: skip
    is_of_subject = question is not None and look.subject_id > 0 and look.since is None
    past = visit.today if is_of_subject and await _is_lesson_over(visit, frame) else visit.today - DAY
    subjects = {assignment.homework.subject_id: assignment.subject for assignment in around}
    of_subject = [assignment for assignment in around if look.subject_id in {0, assignment.homework.subject_id}]
    since, until = (
        (look.since, look.until)
        if look.since and look.until
        else _usual_homework_dates(of_subject, visit.today, of_subject=look.subject_id > 0)
    )
    due: Sequence[AssignedHomework] = [
        assignment for assignment in of_subject if since <= assignment.homework.due_on <= until
    ]
    if not due and question is not None and is_screen_weekend(since, until):
        until += DAY
        due = [assignment for assignment in of_subject if assignment.homework.due_on == until]
    frame = frame.between_dates(since, until)
    if question is not None and question.is_given and look.since is not None and since <= visit.today:
        due = _given_then(of_subject, frame) or due
    holiday = None if due else await _holiday(visit, frame)
    line = first_line.homework_screen_first_line(frame, due, holiday, past=past)
    return frame.answered(line, tasks.homework_screen(frame, due, subjects, holiday))


async def _is_lesson_over(visit: DoorVisit, frame: ScreenFrame) -> bool:
    """Whether the subject was taught today and is over, so that what was due then is no homework any more."""
    (day,) = await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=frame.child.id, since=visit.today, until=visit.today, on=visit.today
    )
    clock = visit.now.astimezone(frame.zone).time()
    ends = [lesson.ends_at for lesson in day.lessons if lesson.is_held and lesson.subject == frame.subject]
    return bool(ends) and all(at is not None and at <= clock for at in ends)


def _given_then(assigned: Sequence[AssignedHomework], frame: ScreenFrame) -> Sequence[AssignedHomework]:
    """«что задали вчера»: what was given on the look's days, whenever it is due."""
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    return [each for each in assigned if since <= frame.day_of(each.homework.given_at) <= until]


async def _holiday(visit: DoorVisit, frame: ScreenFrame) -> str | None:
    """The holidays that all the look's days lie in."""
    since, until = frame.look.since or visit.today, frame.look.until or visit.today
    days = await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )
    return days[0].holiday if days and all(day.holiday for day in days) else None


async def homework_file_lookup_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A file of a homework, for those whose homework it is."""
    (file_id,) = ask.exactly(1)

    async def found(reader: Actor) -> HomeworkFile:
        return await homework_actions.load_homework_file(visit.uow, reader, file_id, on=visit.today)

    file = await visit.first_allowed(found)
    if file.channel == visit.channel:
        return tasks.homework_file_screen(ScreenFile(file.name, file.media_type, reference=file.reference), visit.t)
    content = await homework_actions.load_homework_file_bytes(visit.uow, file)
    if content is None:
        return tasks.homework_file_elsewhere_screen(file, visit.t)
    return tasks.homework_file_screen(ScreenFile(file.name, file.media_type, content), visit.t)


async def control_works_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Control works of the look's dates, else of the reporting period and of the rest of the school year."""
    period, beyond = None, frame.look.until
    if frame.look.since is None:
        period, beyond = await reporting_period_of_lookup(visit, frame), year.last_day_of_year(visit.today)
        since, until = (period.starts_on, period.ends_on) if period else (visit.today, visit.today + FORTNIGHT)
        frame = frame.between_dates(since, until)
    works = await control_work_actions.load_control_works(
        visit.uow, visit.reader, student_id=frame.child.id,
        since=frame.look.since or visit.today, until=beyond or visit.today, on=visit.today,
    )  # fmt: skip
    asked = [work for work in works if frame.look.subject_id in {0, work[0].subject_id}]
    if frame.question is not None and frame.question.work:
        asked = [each for each in asked if _is_of_kind(each[0], frame.question.work)] or asked
    line = first_line.control_screen_first_line(frame, asked)
    is_open = frame.asked is None or (frame.asked is Asked.WHETHER and not _names_days(frame))
    if is_open and not any(work.on >= visit.today for work, _ in asked):
        line = f"{line} {await _last_marked(visit, frame)}".rstrip()
    return frame.answered(line, work_screens.control_works_screen(frame, asked, period.name if period else None))


def _names_days(frame: ScreenFrame) -> bool:
    question = frame.question
    return question is not None and (question.since is not None or question.calendar_days is not None)


async def _last_marked(visit: DoorVisit, frame: ScreenFrame) -> str:
    """«Последняя с оценкой: 12.10 Математика: 3.», where none is planned."""
    since = year.first_day_of_year(visit.today)
    entries = await lookup_entries_of_subject(visit, frame.between_dates(since, visit.today))
    return last_marked_work_screen_words(frame, entries)


def _is_of_kind(work: ControlWork, words: Sequence[str]) -> bool:
    """«когда диктант»; «контрольная» is any work."""
    return any(word.startswith("контр") for word in words) or shares_spelling_word(
        words, f"{work.work_kind} {work.topic}"
    )


def _usual_homework_dates(assigned: Sequence[AssignedHomework], today: date, *, of_subject: bool) -> tuple[date, date]:
    """The next day with homework; for one subject everything ahead, else the last fortnight."""
    ahead = [assignment.homework.due_on for assignment in assigned if assignment.homework.due_on > today]
    if of_subject:
        return (today, today + AHEAD) if ahead else (today - FORTNIGHT, today)
    on = min(ahead, default=today + timedelta(days=1))
    return on, on


DOORS = (
    lookup_door(HOMEWORK, homework_lookup_door, command="homework", intent=Intent.HOMEWORK, discreet=True),
    Door(tasks.FILE, homework_file_lookup_door, KNOWN, Behind.RECORD, discreet=True, joint=True),
    lookup_door(work_screens.CONTROL, control_works_lookup_door, command="control", intent=Intent.CONTROL_WORKS),
)
