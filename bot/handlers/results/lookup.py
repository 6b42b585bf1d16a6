"""What families look up of final marks: a period by subjects."""

from bot.handlers.doors import Visit
from bot.handlers.lookups import entries_in_dates, lookup_door, reporting_period_of
from bot.screens.frame import Frame
from bot.screens.marks import lookup as screens
from bot.screens.results import lookup as result_screens
from bot.screens.screen import Screen
from core.actions import year as year_actions
from core.actions.results import lookup as result_actions


async def look_up_results(visit: Visit, frame: Frame) -> Screen:
    """One reporting period by subjects; the present one unless another was chosen."""
    periods = await year_actions.reporting_periods(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    current = await reporting_period_of(visit, frame)
    if frame.look.since is None and current is not None:
        frame = frame.between_dates(current.starts_on, current.ends_on)
    return result_screens.period_results(
        frame, await entries_in_dates(visit, frame), await final_marks_of(visit, frame), periods
    )


async def final_marks_of(visit: Visit, frame: Frame) -> result_screens.Finals:
    return await result_actions.final_marks(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)


DOORS = (lookup_door(screens.RESULTS, look_up_results),)
