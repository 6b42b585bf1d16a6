"""Tells families where marks are heading: weekly, and two weeks before a term ends, once a day at most (Q47).

The day and each last call are claimed in the transaction that publishes, so restarts and a second process never tell
twice. How often a person hears of it is the person's own preference, as for every kind of notice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from core.actions.forecast import outlook
from core.model.delivery.fact_names import forecast_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.forecast import HIGHEST, LOWEST, MARKS, Forecast, MarkedWork
from core.model.notices.family import ForecastGiven
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.forecast.advice import (
    chance_for_advice,
    is_advice_worth_telling,
    likeliest_mark_for_advice,
    percent_for_advice,
    usual_kind_for_advice,
)
from core.rules.forecast.calls import LAST_CALL, DueForecastCall, due_forecast_call, last_forecast_calls
from core.rules.forecast.exact import exact_mark_of_average, exact_marks_needed
from core.rules.marks.averages import format_average
from core.rules.marks.tokens import NOT_ASSESSED
from core.rules.results.proposals import ResultsPolicy

JOB, LAST_JOB = "forecast", "forecast_last_call"
"""Claimed for a local date, and for the last day of a term: once each."""

MOST_MARKS = 15
"""Marks that are written out; of more only how often each came."""


async def load_due_forecast_sending(uow: UnitOfWork, *, now: datetime, policy: Policy) -> DueForecastCall | None:
    """What families are to hear now; None where nothing is due, or forecasts were told on this date."""
    on = timing.local_date_of_time(now, policy)
    periods = await uow.year.periods(on)
    called = {each.ends_on for each in last_forecast_calls(periods, on) if await _is_called(uow, each)}
    call = due_forecast_call(periods, now=now, policy=policy, called=called)
    return None if call is None or await uow.leases.has_run(JOB, on) else call


async def _is_called(uow: UnitOfWork, period: ReportingPeriod) -> bool:
    """Whether the last call of a term was made, also by a version that kept no claim of it."""
    if await uow.leases.has_run(LAST_JOB, period.ends_on):
        return True
    return bool(await uow.outbox.published_as(forecast_fact_name(period.name, period.ends_on - LAST_CALL)))


async def forecast_sending_of_today(uow: UnitOfWork, *, now: datetime, policy: Policy) -> DueForecastCall:
    """What a person tells today, whatever the weekday and hour: of all terms, of those that end all that is open."""
    on = timing.local_date_of_time(now, policy)
    ends = [
        each.ends_on for each in last_forecast_calls(await uow.year.periods(on), on) if not await _is_called(uow, each)
    ]
    return DueForecastCall(on, is_weekly=True, ends=frozenset(ends))


async def send_due_forecasts(
    open_uow: UnitOfWorkFactory, call: DueForecastCall, *, now: datetime, results: ResultsPolicy
) -> int:
    """Works the forecasts out while others may write, then claims the day and publishes; returns how many."""
    async with open_uow(reading=True) as uow:
        notices = await _forecast_notices(uow, call, results=results)
    async with open_uow() as uow:
        return await send_forecast_notices(uow, notices, call, now=now)


async def _forecast_notices(uow: UnitOfWork, call: DueForecastCall, *, results: ResultsPolicy) -> Sequence[NewNotice]:
    """What there is to be told today, by student; nothing of subjects in which all is clear."""
    thresholds = [Fraction(each) for each in results.thresholds]
    return [
        NewNotice(each.student_id, _notice(each, thresholds), forecast_fact_name(each.period, call.on))
        for each in await outlook.load_forecast_outlook(uow, Everything(), on=call.on, policy=results)
        if call.covers(each.until) and is_advice_worth_telling(each, thresholds, is_last_call=each.until in call.ends)
    ]


async def send_forecast_notices(
    uow: UnitOfWork, notices: Sequence[NewNotice], call: DueForecastCall, *, now: datetime
) -> int:
    """Publishes the notices unless forecasts were told on this date; returns how many.

    The last calls are claimed with them, so a missed one is made up once.
    """
    if not await uow.leases.claim_run(JOB, call.on):
        return 0
    for until in sorted(call.ends):
        await uow.leases.claim_run(LAST_JOB, until)
    await uow.outbox.add(notices, received_at=now, published_at=now)
    await uow.commit()
    return len(notices)


def _notice(each: Forecast, thresholds: Sequence[Fraction]) -> ForecastGiven:
    mark = likeliest_mark_for_advice(each)
    count = len(each.term.marked)
    if mark is None or each.not_assessed or each.average is None:
        return ForecastGiven(
            each.subject, each.on, each.period, NOT_ASSESSED, None, None, count, "", subject_id=each.subject_id
        )
    better, fives = _next_step(each, each.average, thresholds)
    return ForecastGiven(
        subject=each.subject,
        on=each.on,
        term=each.period,
        mark=str(mark),
        percent=percent_for_advice(chance_for_advice(each, mark), is_before_half=each.is_before_half),
        average=format_average(each.average, point="."),
        count=count,
        marks=_marks_used(each.term.marked, each.scale),
        threshold=None if mark == LOWEST else format_average(thresholds[mark - LOWEST - 1], point="."),
        better=better,
        fives=fives,
        subject_id=each.subject_id,
    )


def _next_step(each: Forecast, average: Fraction, thresholds: Sequence[Fraction]) -> tuple[int | None, int | None]:
    """The next better mark and how many «5» of the usual weight it takes; None where it is out of reach."""
    better, kind = exact_mark_of_average(average, thresholds) + 1, usual_kind_for_advice(each.term)
    if better > HIGHEST or kind is None:
        return None, None
    fives = exact_marks_needed(each.term.marked, thresholds[better - LOWEST - 1], mark=HIGHEST, weight=kind.weight)
    return (None, None) if fives is None or fives > each.lessons_left else (better, fives)


def _marks_used(works: Iterable[MarkedWork], scale: int) -> str:
    """«4 5 (×10); 2 (×15)»: marks with their weights; without weights the marks alone."""
    ordered = sorted(works, key=lambda work: work.kind.weight)
    if len(ordered) > MOST_MARKS:
        counts = Counter(work.mark for work in ordered)
        return ", ".join(f"{mark} × {counts[mark]}" for mark in reversed(MARKS) if counts[mark])
    groups = {
        weight: " ".join(str(work.mark) for work in of_weight)
        for weight, of_weight in groupby(ordered, key=lambda work: work.kind.weight)
    }
    if set(groups) == {scale}:
        return groups[scale]
    return "; ".join(f"{marks} (×{Decimal(weight) / Decimal(scale):f})" for weight, marks in groups.items())
