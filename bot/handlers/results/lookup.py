"""What families look up of final marks: a period by subjects, all terms in a table."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import entries_in_lookup_dates, lookup_door
from bot.handlers.spans import load_door_span_periods, present_door_span_period
from bot.questions.dates.terms import WHOLE_YEAR
from bot.screens.frame import ScreenFrame
from bot.screens.marks import lookup as screens
from bot.screens.results import first_line
from bot.screens.results import lookup as result_screens
from bot.screens.screen import Screen
from core.actions.results import lookup as result_actions
from core.model.delivery.fact_names import period_mark_fact_name
from core.model.results.period_marks import PeriodMark


async def results_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """One reporting period by subjects; the one at hand unless another was chosen."""
    periods = await load_door_span_periods(visit, frame.child.id)
    if frame.look.since is None and (current := present_door_span_period(periods, visit.today)) is not None:
        frame = frame.between_dates(current.starts_on, current.ends_on)
    entries = await entries_in_lookup_dates(visit, frame)
    deferrals = await result_actions.look_up_open_deferrals(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today
    )
    finals = await results_lookup_marks(visit, frame)
    shown = result_screens.final_results_on_screen(frame, finals, periods).values()
    names = {each.subject_id: name for each, name in finals}
    record_results_lookup(visit, shown)
    term = next((each.name for each in periods if (each.starts_on, each.ends_on) == _dates(frame)), None)
    line = first_line.results_screen_first_line(frame, entries, list(shown), term, names)
    screen = result_screens.results_lookup_screen(frame, entries, finals, periods, deferrals)
    return frame.answered(line, replace(screen, rank=first_line.averages_screen_rank(frame, entries)))


def _dates(frame: ScreenFrame) -> tuple[date | None, date | None]:
    return frame.look.since, frame.look.until


async def results_term_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The term that a question names: «за 1 четверть», «итоговые», «за прошлую четверть», «годовые» (Q13)."""
    if frame.look.term == WHOLE_YEAR:
        return await results_table_lookup_door(visit, replace(frame, door=result_screens.TABLE))
    frame = replace(frame, door=screens.RESULTS)
    return await results_lookup_door(visit, frame)


async def results_table_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """All final marks of the school year: terms, year, exam, final, and open deferrals (Q68)."""
    deferrals = await result_actions.look_up_open_deferrals(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today
    )
    periods = await load_door_span_periods(visit, frame.child.id)
    finals = await results_lookup_marks(visit, frame)
    record_results_lookup(visit, [final for final, _ in finals])
    line = first_line.finals_table_screen_first_line(frame, finals)
    return frame.answered(line, result_screens.results_table_lookup_screen(frame, finals, periods, deferrals))


def record_results_lookup(visit: DoorVisit, shown: Iterable[PeriodMark]) -> None:
    """The reader has opened these final marks."""
    visit.record_opened([period_mark_fact_name(final.id) for final in shown if final.value is not None])


async def results_lookup_marks(visit: DoorVisit, frame: ScreenFrame) -> result_screens.Finals:
    """The final marks of the frame's child in this school year."""
    return await result_actions.look_up_final_marks(visit.uow, visit.reader, student_id=frame.child.id, on=visit.today)


DOORS = (
    lookup_door(screens.RESULTS, results_lookup_door, command="results"),
    lookup_door(result_screens.TABLE, results_table_lookup_door),
)
