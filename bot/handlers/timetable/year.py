"""What families look up of the school year: teachers and holidays (Q21, Q22)."""

from bot.handlers.doors import Visit
from bot.handlers.lookups import lookup_door
from bot.handlers.spans import reporting_periods_of
from bot.questions.model import Asked, Intent
from bot.screens.frame import Frame
from bot.screens.screen import Screen
from bot.screens.timetable import holiday_line
from bot.screens.timetable import year as year_screens
from core.actions.timetable import lookup as timetable_lookup
from core.rules import year

_OF_TERMS = {Asked.TERM_END, Asked.TERM_START}


async def look_up_teachers(visit: Visit, frame: Frame) -> Screen:
    """The teachers of the child by the four ways of belonging (Q21); of one subject if somebody teaches it."""
    teachings = await timetable_lookup.student_teachers(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today
    )
    of_subject = [teaching for teaching in teachings if teaching.subject == frame.subject] if frame.subject else []
    line = year_screens.teacher_answer(frame, of_subject)
    return frame.answered(line, year_screens.student_teachers(frame, of_subject or teachings))


async def look_up_holidays(visit: Visit, frame: Frame) -> Screen:
    """The holidays of the school year for the child's grade (Q22)."""
    since, until = year.first_day(visit.today), year.last_day(visit.today)
    holidays = await timetable_lookup.student_holidays(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )
    periods = await reporting_periods_of(visit, frame.child.id) if frame.asked in _OF_TERMS else ()
    line = holiday_line.holidays_answer(frame, holidays, periods)
    return frame.answered(line, year_screens.holidays(frame, holidays))


DOORS = (
    lookup_door(year_screens.TEACHERS, look_up_teachers, command="teachers", intent=Intent.TEACHERS),
    lookup_door(year_screens.HOLIDAYS, look_up_holidays, command="holidays", intent=Intent.HOLIDAYS, discreet=True),
)
