"""Forecasts reach families without being asked, once a day at most (Q47, Q51)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.actions.forecast.sending import is_due, publish_forecasts, tell_forecasts
from core.model.delivery.fact_names import forecast_fact
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
    return await tell_forecasts(school.open_uow, now=now, policy=POLICY, results=RESULTS)


async def told(school: TermSchool, on: date) -> list[PublishedNotice]:
    async with school.open_uow(reading=True) as uow:
        return list(await uow.outbox.published_as(forecast_fact(TERM, on)))


async def due(school: TermSchool, now: datetime) -> bool:
    async with school.open_uow(reading=True) as uow:
        return await is_due(uow, now=now, policy=POLICY)


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
    days = [MONDAY + timedelta(days=number) for number in range(51)]
    assert [on for on in days if await due(school, evening(on))] == [
        *(date(2026, 11, day) for day in (13, 20, 27)), date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 15),
        date(2026, 12, 18), date(2026, 12, 25),
    ]  # fmt: skip
    assert not await due(school, evening(FRIDAY, 17))
    assert not await due(school, evening(date(2026, 11, 6)))


ZONES = (
    "Kaliningrad", "Moscow", "Samara", "Yekaterinburg", "Omsk", "Novosibirsk", "Irkutsk", "Yakutsk", "Vladivostok",
    "Magadan", "Kamchatka",
)  # fmt: skip


async def test_once_a_local_date_in_every_zone(school: TermSchool) -> None:
    """36 days in each of 11 zones, the day tried twice by two processes: told once a date, never twice (Q47)."""
    notice = ForecastGiven("Алгебра", FRIDAY, TERM, "4", 60, "3.60", 3, "4 4 3")
    for place, city in enumerate(ZONES):
        zone = ZoneInfo(f"{'Europe' if place in {0, 1, 2} else 'Asia'}/{city}")
        policy, first = Policy(zone=zone), date(2027, 1, 1) + timedelta(days=40 * place)
        for number in range(36):
            on = first + timedelta(days=number)
            given = [NewNotice(school.pupils["Авдеева Анна"], notice, forecast_fact(TERM, on))]
            counts = []
            for hour in (18, 23):
                now = datetime(on.year, on.month, on.day, hour, 59, tzinfo=zone).astimezone(UTC)
                async with school.open_uow() as uow:
                    counts.append(await publish_forecasts(uow, given, now=now, policy=policy))
            assert counts == [1, 0]
