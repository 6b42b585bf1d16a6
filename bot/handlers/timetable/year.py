"""What families look up of the school year: teachers and holidays (Q21, Q22)."""

from collections.abc import Sequence
from datetime import timedelta

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door
from bot.handlers.spans import load_door_span_periods
from bot.handlers.taught import subjects_taught_to_child, taught_class_name
from bot.handlers.timetable.lookup import timetable_day_lookup_door
from bot.questions.kinds import Asked
from bot.questions.model import Intent
from bot.screens import small_talk
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen, screen_text
from bot.screens.timetable import holiday_line
from bot.screens.timetable import year as year_screens
from core.actions.timetable import lookup as timetable_lookup
from core.model.timetable import Holiday, SchoolDay, Teaching
from core.rules import year

_WAY = "school"
"""Which contact of the school reaches a teacher."""

_BACK_WITHIN = timedelta(days=14)
_BEFORE_HOLIDAYS = {Asked.LAST_DAY, Asked.STUDY_DAYS}
_OF_TERMS = {Asked.ALL_TERMS, Asked.TERM_END, Asked.TERM_START, Asked.TERM_LENGTH, Asked.YEAR_END, Asked.YEAR_START}


async def year_teachers_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The teachers of the child by the four ways of belonging (Q21); of one subject if somebody teaches it."""
    teachings = await timetable_lookup.look_up_student_teachers(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today
    )
    named = frame.question.about if frame.question is not None else ()
    of_subject = [each for each in teachings if each.subject == frame.subject] if frame.subject else []
    of_subject = [each for each in teachings if each.teacher in named] or of_subject
    if frame.asked is Asked.SUBJECTS:
        line = year_screens.taught_subjects_screen_line(frame, await subjects_taught_to_child(visit, frame.child.id))
    elif frame.asked is Asked.CLASS:
        name = await taught_class_name(visit, frame.child.id)
        line = visit.t("teachers.class", name=screen_text(name)) if name else visit.t("teachers.none")
    else:
        line = _teachers_line(visit, frame, of_subject, teachings)
    return frame.answered(line, year_screens.year_teachers_screen(frame, of_subject or teachings))


def _teachers_line(
    visit: DoorVisit, frame: ScreenFrame, of_subject: Sequence[Teaching], teachings: Sequence[Teaching]
) -> str:
    """Who it is, of a subject, as class teacher or all; where a contact is asked for also the school's way to them."""
    if frame.question is not None and frame.question.about and of_subject:
        line = year_screens.teacher_screen_line(frame, of_subject)
    elif frame.subject is not None and of_subject and frame.asked is Asked.CLASS_TEACHER:
        line = year_screens.whether_class_teacher_screen_line(frame, of_subject, teachings)
    elif frame.subject is not None:
        line = year_screens.year_teachers_screen_line(frame, of_subject)
    elif frame.asked in {Asked.CLASS_TEACHER, Asked.CONTACT}:
        line = year_screens.class_teacher_screen_line(frame, teachings)
    else:
        line = year_screens.all_teachers_screen_line(frame, teachings)
    if frame.asked is not Asked.CONTACT:
        return line
    is_named = frame.subject is not None or bool(frame.question and frame.question.about)
    is_alone = not is_named and _WAY not in visit.school.ways
    way = (
        visit.t("talk.no_way_class_teacher")
        if is_alone
        else small_talk.small_talk_screen_way(_WAY, visit.school.ways, visit.t)
    )
    return f"{visit.t('talk.phone')} {line.rstrip('.')}. {way}"


async def year_holidays_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The holidays of the school year for the child's grade (Q22)."""
    since, until = year.first_day_of_year(visit.today), year.last_day_of_year(visit.today)
    holidays = await timetable_lookup.look_up_student_holidays(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )
    is_of_day = frame.question is not None and frame.look.since is not None and frame.look.since == frame.look.until
    if is_of_day and frame.asked is not Asked.TODAY and holiday_line.next_holiday_of_line(frame, holidays) is None:
        return await timetable_day_lookup_door(visit, frame)
    periods = await load_door_span_periods(visit, frame.child.id) if frame.asked in _OF_TERMS else ()
    beside = await _days_beside(visit, frame, holidays)
    line = holiday_line.timetable_screen_holiday_line(frame, holidays, periods, beside)
    return frame.answered(line, year_screens.year_holidays_screen(frame, holidays))


async def _days_beside(visit: DoorVisit, frame: ScreenFrame, holidays: Sequence[Holiday]) -> Sequence[SchoolDay]:
    """The days behind the holidays that are asked about, the first one first; those before them, the last one first."""
    found = holiday_line.next_holiday_of_line(frame, holidays)
    if found is None or frame.asked not in {Asked.AFTER_HOLIDAYS, *_BEFORE_HOLIDAYS}:
        return ()
    if frame.asked in _BEFORE_HOLIDAYS:
        since = visit.today if frame.asked is Asked.STUDY_DAYS else found.starts_on - _BACK_WITHIN
        before = await timetable_lookup.look_up_student_timetable(
            visit.uow, visit.reader, student_id=frame.child.id, since=min(since, found.starts_on),
            until=found.starts_on, on=visit.today,
        )  # fmt: skip
        return before[::-1]
    return await timetable_lookup.look_up_student_timetable(
        visit.uow, visit.reader, student_id=frame.child.id, since=found.ends_on, until=found.ends_on + _BACK_WITHIN,
        on=visit.today,
    )  # fmt: skip


DOORS = (
    lookup_door(year_screens.TEACHERS, year_teachers_door, command="teachers", intent=Intent.TEACHERS),
    lookup_door(year_screens.HOLIDAYS, year_holidays_door, command="holidays", intent=Intent.HOLIDAYS, discreet=True),
)
