"""Forecasts reach families without being asked, once a day at most (Q47, Q51)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.actions.forecast.sending import (
    forecast_sending_of_today,
    load_due_forecast_sending,
    send_due_forecasts,
    send_forecast_notices,
)
from core.model.delivery.fact_names import forecast_fact_name
from core.model.delivery.obligations import NewNotice, PublishedNotice
from core.model.marks.entries import EntryKind, NewEntry
from core.model.notices.family import ForecastGiven
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW
from tests.support.schools.term_ends import TermSchool, a_term_school

MONDAY, FRIDAY = date(2026, 11, 9), date(2026, 11, 20)
TERM = "2 четверть"
POLICY, RESULTS = Policy(), ResultsPolicy()
MARKS = {
    "Авдеева Анна": (("4", 10), ("5", 10), ("2", 15)),
    "Белов Борис": (("2", 10), ("2", 10), ("2", 15)),
    "Волков Виктор": (("5", 10),) * 9,
}


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TermSchool:
    """8Б in the second quarter: Анна between «3» and «4», Борис heading for «2», Виктор sure of a «5»."""
    school = await a_term_school(open_uow)
    algebra = school.subjects["Алгебра"]
    async with open_uow() as uow:
        entries = [
            NewEntry(
                school.pupils[pupil], algebra, MONDAY + timedelta(days=place), EntryKind.SCORE, value, "ответ", None,
                Decimal(weight), None,
            )
            for pupil, marks in MARKS.items()
            for place, (value, weight) in enumerate(marks)
        ]  # fmt: skip
        await uow.marks.add_entries(entries, import_id=None, at=NOW)
        await uow.commit()
    return school


def evening(on: date, hour: int = 18) -> datetime:
    """An hour of a day by the clock of Moscow."""
    return datetime(on.year, on.month, on.day, hour - 3, 5, tzinfo=UTC)


async def tell(school: TermSchool, now: datetime) -> int:
    async with school.open_uow(reading=True) as uow:
        call = await load_due_forecast_sending(uow, now=now, policy=POLICY) or await forecast_sending_of_today(
            uow, now=now, policy=POLICY
        )
    return await send_due_forecasts(school.open_uow, call, now=now, results=RESULTS)


async def told(school: TermSchool, on: date) -> list[PublishedNotice]:
    async with school.open_uow(reading=True) as uow:
        return list(await uow.outbox.published_as(forecast_fact_name(TERM, on)))


async def due(school: TermSchool, now: datetime) -> bool:
    async with school.open_uow(reading=True) as uow:
        return await load_due_forecast_sending(uow, now=now, policy=POLICY) is not None


async def test_families_hear_where_something_is_to_be_said(school: TermSchool) -> None:
    """Анна and Борис are told of, with the marks used, weights, average and threshold; Виктор's «5» is clear (Q51)."""
    assert await tell(school, evening(FRIDAY)) == 2
    anna, boris = sorted(await told(school, FRIDAY), key=lambda each: each.student_id or 0)
    assert anna.student_id == school.pupils["Авдеева Анна"]
    assert isinstance(anna.notice, ForecastGiven)
    assert isinstance(boris.notice, ForecastGiven)
    assert (anna.notice.average, anna.notice.count, anna.notice.marks) == ("3.43", 3, "4 5 (×10); 2 (×15)")
    assert (anna.notice.better, anna.notice.fives) == (4, 1)
    assert boris.notice.mark == "2"
    assert (boris.notice.percent or 0) % 5 == 0


async def test_never_twice_on_a_date(school: TermSchool) -> None:
    """A restart, a second process and the command find the day claimed (Q47)."""
    assert await tell(school, evening(FRIDAY)) == 2
    assert await tell(school, evening(FRIDAY, 19)) == 0
    assert not await due(school, evening(FRIDAY, 20))
    assert len(await told(school, FRIDAY)) == 2


async def test_weekly_and_two_weeks_before_the_end(school: TermSchool) -> None:
    """On Fridays after 18:00, and on the day two weeks before the quarter's last day, 29 December (Q47)."""
    heard: list[date] = []
    for number in range(51):
        on = MONDAY + timedelta(days=number)
        if await due(school, evening(on)):
            heard.append(on)
            await tell(school, evening(on))
    assert heard == [
        *(date(2026, 11, day) for day in (13, 20, 27)), date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 15),
        date(2026, 12, 18), date(2026, 12, 25),
    ]  # fmt: skip
    assert not await due(school, evening(FRIDAY, 17))
    assert not await due(school, evening(date(2026, 11, 6)))


LAST_DAY = date(2026, 12, 29)


async def test_a_missed_last_call_is_made_up(school: TermSchool) -> None:
    """The computer was off from Monday to Wednesday: on Thursday families hear of all that is open, once (Q47)."""
    thursday = LAST_DAY - timedelta(days=12)
    assert await tell(school, evening(thursday)) == 2
    assert not await due(school, evening(thursday + timedelta(days=2)))
    assert await due(school, evening(thursday + timedelta(days=1)))
    assert {each.student_id for each in await told(school, thursday)} == {
        school.pupils["Авдеева Анна"], school.pupils["Белов Борис"],
    }  # fmt: skip


async def test_a_last_call_of_an_earlier_version_is_not_repeated(school: TermSchool) -> None:
    """It left notices and no claim: they are proof enough."""
    notice = ForecastGiven("Алгебра", FRIDAY, TERM, "4", 60, "3.60", 3, "4 4 3")
    on = LAST_DAY - timedelta(days=14)
    async with school.open_uow() as uow:
        given = [NewNotice(school.pupils["Авдеева Анна"], notice, forecast_fact_name(TERM, on))]
        await uow.outbox.add(given, received_at=evening(on), published_at=evening(on))
        await uow.commit()
    assert not await due(school, evening(on + timedelta(days=1)))


async def test_on_the_last_day_of_a_term_nothing_is_made_up(school: TermSchool) -> None:
    """Then the final marks say more; the last day of the quarter is a Tuesday."""
    assert not await due(school, evening(LAST_DAY))
    assert await due(school, evening(LAST_DAY - timedelta(days=1)))


async def test_two_processes_publish_one_call(school: TermSchool) -> None:
    """Both found it due; whoever claims second publishes nothing, on both databases (Q47)."""
    now, notice = evening(FRIDAY), ForecastGiven("Алгебра", FRIDAY, TERM, "4", 60, "3.60", 3, "4 4 3")
    given = [NewNotice(school.pupils["Авдеева Анна"], notice, forecast_fact_name(TERM, FRIDAY))]
    async with school.open_uow(reading=True) as uow:
        call = await load_due_forecast_sending(uow, now=now, policy=POLICY)
    assert call is not None
    counts = []
    for _ in range(2):
        async with school.open_uow() as uow:
            counts.append(await send_forecast_notices(uow, given, call, now=now))
    assert counts == [1, 0]
