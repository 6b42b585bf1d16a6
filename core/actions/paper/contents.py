"""What a weekly extract holds: all that the bot shows a person about one student, read as that person (Q31, Q35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.actions import year as year_actions
from core.actions.forecast import outlook
from core.actions.marks import lookup as marks
from core.actions.results import lookup as results
from core.actions.results.exams import exam_lookup
from core.actions.results.exams.exam_lookup import KnownResult
from core.actions.schoolwork import control_works, homework, recommendations
from core.actions.timetable import lookup as timetable
from core.model.channels import PAPER
from core.model.forecast import Forecast
from core.model.marks.entries import Entry
from core.model.marks.gradebook import SeenChange
from core.model.people import Actor, Role
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.homework import AssignedHomework
from core.model.schoolwork.recommendations import ReadRecommendation
from core.model.timetable import Holiday, SchoolDay, Teaching
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import year
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.results.proposals import ResultsPolicy

DAY = timedelta(days=1)
TIMETABLE_AHEAD = timedelta(days=7)
HOMEWORK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Contents:
    """The facts about one student on a date, as one person may see them.

    `period`: the reporting period at hand; the entries and changes are its own, without one those of the school year.
    The timetable is that of the seven days after the date.
    """

    on: date
    period: ReportingPeriod | None
    periods: Sequence[ReportingPeriod]
    entries: Sequence[tuple[Entry, str]]
    changes: Sequence[SeenChange]
    forecasts: Sequence[Forecast]
    finals: Sequence[tuple[PeriodMark, str]]
    deferrals: Sequence[tuple[Deferral, str]]
    exams: Sequence[KnownResult]
    days: Sequence[SchoolDay]
    homework: Sequence[AssignedHomework]
    control_works: Sequence[tuple[ControlWork, str]]
    advice: Sequence[ReadRecommendation]
    teachers: Sequence[Teaching]
    holidays: Sequence[Holiday]


async def load_paper_contents(
    uow: UnitOfWork, person_id: int, student_id: int, *, now: datetime, policy: Policy, results_policy: ResultsPolicy
) -> Contents:
    """Reads them through the same look-ups and the same access rule as the bot, so no other student's data come in."""
    reader = Actor(person_id, frozenset({Role.GUARDIAN, Role.STUDENT}), channel=PAPER)
    on = timing.local_date_of_time(now, policy)
    periods = await year_actions.load_year_periods(uow, reader, student_id=student_id, on=on)
    period = _at_hand(periods, on)
    since = period.starts_on if period else year.first_day_of_year(on)
    ends = year.last_day_of_year(on)
    return Contents(
        on=on,
        period=period,
        periods=periods,
        entries=await marks.look_up_marks(uow, reader, student_id=student_id, since=since, until=on, on=on),
        changes=await marks.look_up_mark_changes(uow, reader, student_id=student_id, since=since, until=on, on=on),
        forecasts=await outlook.load_family_outlook(uow, reader, student_id=student_id, on=on, policy=results_policy),
        finals=await results.look_up_final_marks(uow, reader, student_id=student_id, on=on),
        deferrals=await results.look_up_open_deferrals(uow, reader, student_id=student_id, on=on),
        exams=await exam_lookup.look_up_exam_results(uow, reader, student_id=student_id, on=on),
        days=await timetable.look_up_student_timetable(
            uow, reader, student_id=student_id, since=on + DAY, until=on + TIMETABLE_AHEAD, on=on
        ),
        homework=await homework.load_homework(
            uow, reader, student_id=student_id, since=on + DAY, until=on + HOMEWORK_AHEAD, on=on
        ),
        control_works=await control_works.load_control_works(
            uow, reader, student_id=student_id, since=on + DAY, until=ends, on=on
        ),
        advice=await recommendations.load_printed_recommendations(
            uow, reader, student_id=student_id, since=since, policy=policy, on=on
        ),
        teachers=await timetable.look_up_student_teachers(uow, reader, student_id=student_id, on=on),
        holidays=await timetable.look_up_student_holidays(
            uow, reader, student_id=student_id, since=on, until=ends, on=on
        ),
    )


def _at_hand(periods: Sequence[ReportingPeriod], on: date) -> ReportingPeriod | None:
    """The present period, the shortest of several; in the holidays the one that has just ended."""
    present = [each for each in periods if each.starts_on <= on <= each.ends_on]
    if present:
        return min(present, key=lambda each: each.ends_on - each.starts_on)
    return max((each for each in periods if each.ends_on < on), key=lambda each: each.ends_on, default=None)
