"""How forecasts of the terms that are over turned out: in the middle of each, and two weeks before its end (R4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.actions.forecast import outlook
from core.model.forecast import MARKS, Forecast
from core.model.people import Actor
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Scope
from core.rules.forecast.advice import likeliest_mark_for_advice
from core.rules.forecast.calls import LAST_CALL
from core.rules.results.proposals import ResultsPolicy


@dataclass(frozen=True, slots=True)
class TermScore:
    """Of the forecasts of one day of a term, how many had a chance to be right, and how many named the final mark.

    Without a final mark from 2 to 5, or with too few marks on that day, a subject is not counted.
    """

    term: str
    on: date
    is_late: bool
    forecasts: int
    right: int


async def load_child_score_card(
    uow: UnitOfWork, actor: Actor, *, student_id: int, on: date, policy: ResultsPolicy
) -> Sequence[TermScore]:
    """The scores of one child of the actor, for the terms of this school year that are over (Q14)."""
    scope = access.family_access_scope(actor, on=on)
    return await _scores(uow, scope, on=on, policy=policy, student_id=student_id)


async def load_class_score_card(
    uow: UnitOfWork, actor: Actor, *, class_id: int, on: date, policy: ResultsPolicy
) -> Sequence[TermScore]:
    """The scores of a class that the actor leads. NotAllowedError for everybody who leads none."""
    scope = access.statistics_access_scope(actor, on=on)
    return await _scores(uow, scope, on=on, policy=policy, group_id=class_id)


async def _scores(
    uow: UnitOfWork,
    scope: Scope,
    *,
    on: date,
    policy: ResultsPolicy,
    student_id: int | None = None,
    group_id: int | None = None,
) -> Sequence[TermScore]:
    """Works the forecasts out anew from the marks of those days, so nothing has to be stored."""
    found: list[TermScore] = []
    for day, is_late in _days(await uow.year.periods(on), on):
        made = await outlook.load_forecast_outlook(
            uow, scope, on=day, policy=policy, group_id=group_id, student_id=student_id
        )
        for term in dict.fromkeys(each.period for each in made):
            counted = [each for each in made if each.period == term and _is_counted(each)]
            right = sum(str(likeliest_mark_for_advice(each)) == each.set_mark for each in counted)
            found.append(TermScore(term, day, is_late, len(counted), right))
    return [each for each in found if each.forecasts]


def _days(periods: Sequence[ReportingPeriod], on: date) -> Sequence[tuple[date, bool]]:
    """The middle of each span of a term that is over, and the day two weeks before its end, where it is later."""
    spans = sorted({(each.starts_on, each.ends_on) for each in periods if each.ends_on < on})
    days = [(since + (until - since) // 2, until - LAST_CALL) for since, until in spans]
    return [
        (day, is_late)
        for middle, late in days
        for day, is_late in ((middle, False), (late, True))
        if not is_late or late > middle
    ]


def _is_counted(each: Forecast) -> bool:
    return each.chances is not None and each.set_mark in {str(mark) for mark in MARKS}
