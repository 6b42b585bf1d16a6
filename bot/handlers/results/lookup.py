"""What families look up of final marks: a period by subjects, all terms in a table."""

from collections.abc import Iterable
from dataclasses import replace

from bot.handlers.doors import Visit
from bot.handlers.lookups import entries_in_dates, lookup_door
from bot.handlers.spans import period_at_hand, reporting_periods_of
from bot.questions.dates.terms import WHOLE_YEAR
from bot.screens.frame import Frame
from bot.screens.marks import lookup as screens
from bot.screens.results import lookup as result_screens
from bot.screens.screen import Screen
from core.actions.results import lookup as result_actions
from core.model.delivery.fact_names import period_mark_fact
from core.model.results.period_marks import PeriodMark


async def look_up_results(visit: Visit, frame: Frame) -> Screen:
    """One reporting period by subjects; the one at hand unless another was chosen."""
    periods = await reporting_periods_of(visit, frame.child.id)
    if frame.look.since is None and (current := period_at_hand(periods, visit.today)) is not None:
        frame = frame.between_dates(current.starts_on, current.ends_on)
    entries = await entries_in_dates(visit, frame)
    deferrals = await result_actions.open_deferrals(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    finals = await final_marks_of(visit, frame)
    record_opened(visit, result_screens.finals_of_period(frame, finals, periods).values())
    return result_screens.period_results(frame, entries, finals, periods, deferrals)


async def look_up_named_term(visit: Visit, frame: Frame) -> Screen:
    """The term that a question names: «за 1 четверть», «итоговые», «за прошлую четверть», «годовые» (Q13)."""
    if frame.look.term == WHOLE_YEAR:
        return await look_up_table(visit, replace(frame, door=result_screens.TABLE))
    frame = replace(frame, door=screens.RESULTS)
    return await look_up_results(visit, frame)


async def look_up_table(visit: Visit, frame: Frame) -> Screen:
    """All final marks of the school year: terms, year, exam, final, and open deferrals (Q68)."""
    deferrals = await result_actions.open_deferrals(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)
    periods = await reporting_periods_of(visit, frame.child.id)
    finals = await final_marks_of(visit, frame)
    record_opened(visit, [final for final, _ in finals])
    return result_screens.final_table(frame, finals, periods, deferrals)


def record_opened(visit: Visit, shown: Iterable[PeriodMark]) -> None:
    """The reader has opened these final marks."""
    visit.record_opened([period_mark_fact(final.id) for final in shown if final.value is not None])


async def final_marks_of(visit: Visit, frame: Frame) -> result_screens.Finals:
    """The final marks of the frame's child in this school year."""
    return await result_actions.final_marks(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)


DOORS = (
    lookup_door(screens.RESULTS, look_up_results, command="results"),
    lookup_door(result_screens.TABLE, look_up_table),
)
