"""Families hear of forecasts once a week and once before a term ends, in every zone, whatever runs when (Q47)."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from core.actions.forecast.sending import load_due_forecast_sending, send_forecast_notices
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules.delivery.timing import Policy

ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
    "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
)  # fmt: skip
FIRST, DAYS, FRIDAY, EVENING = date(2026, 8, 25), 400, 4, time(18)
QUARTERS = ((9, 1, 10, 25), (11, 5, 12, 29), (1, 11, 3, 26), (4, 5, 5, 28))
HALVES = ((9, 1, 12, 29), (1, 11, 5, 28))


def terms() -> list[ReportingPeriod]:
    """Quarters and half-years of two school years."""
    spans = [
        (f"{kind} {number}", *span)
        for kind, spans_ in (("четверть", QUARTERS), ("полугодие", HALVES))
        for number, span in enumerate(spans_)
    ]
    return [
        ReportingPeriod(place, year, name, _day(year, first), _day(year, last))
        for year in (2026, 2027)
        for place, (name, *span) in enumerate(spans)
        for first, last in [((span[0], span[1]), (span[2], span[3]))]
    ]


def _day(year: int, month_and_day: tuple[int, int]) -> date:
    month, day = month_and_day
    return date(year if month >= 8 else year + 1, month, day)  # August: a school year begins


class Tables:
    """The claims and notices of a school in memory, with the reads that a call needs."""

    def __init__(self) -> None:
        self.year = self.leases = self.outbox = self
        self.claims: set[tuple[str, date]] = set()
        self.published: list[datetime] = []
        self._terms = terms()

    async def periods(self, _on: date) -> list[ReportingPeriod]:
        return self._terms

    async def has_run(self, job: str, on: date) -> bool:
        return (job, on) in self.claims

    async def claim_run(self, job: str, on: date) -> bool:
        is_new = (job, on) not in self.claims
        self.claims.add((job, on))
        return is_new

    async def published_as(self, _fact: str) -> list[Any]:
        return []

    async def add(self, _notices: object, *, received_at: datetime, published_at: datetime) -> None:
        assert received_at == published_at
        self.published.append(published_at)

    async def commit(self) -> None:
        """Nothing to do."""


async def run(zone: ZoneInfo, off: set[int]) -> tuple[Tables, list[frozenset[date]]]:
    """400 local days; two processes ask every quarter of an hour from 17:30 on, unless the machine is off that day."""
    tables, policy, calls = Tables(), Policy(zone=zone), list[frozenset[date]]()
    uow = cast("UnitOfWork", tables)
    for number in set(range(DAYS)) - off:
        day = FIRST + timedelta(days=number)
        for minutes in range(17 * 60 + 30, 24 * 60, 45):
            now = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone).astimezone(UTC)
            seen = [await load_due_forecast_sending(uow, now=now, policy=policy) for _ in range(2)]
            for call in filter(None, seen):
                before = len(tables.published)
                await send_forecast_notices(uow, (), call, now=now)
                calls += [call.ends] if len(tables.published) > before else []
    return tables, calls


@pytest.mark.parametrize("city", ZONES)
@pytest.mark.parametrize("share_off", [0, 40], ids=["always on", "often off"])
def test_each_week_and_each_end_is_told_once(city: str, share_off: int) -> None:
    """400 days: each Friday of a term on which the machine ran, each end of a term once, no date twice (Q47)."""
    zone = ZoneInfo(city)
    off = set(random.Random(city).sample(range(DAYS), DAYS * share_off // 100))  # noqa: S311  # dice, not secrets
    tables, calls = asyncio.run(run(zone, off))
    told = [at.astimezone(zone) for at in tables.published]
    assert max(Counter(at.date() for at in told).values()) == 1
    assert min(at.time() for at in told) >= EVENING
    on = [FIRST + timedelta(days=number) for number in range(DAYS) if number not in off]
    fridays = {day for day in on if day.weekday() == FRIDAY and any(_within(day, each) for each in terms())}
    assert fridays <= {at.date() for at in told}
    ends = Counter(end for each in calls for end in each)
    wanted = {
        each.ends_on for each in terms() if any(each.ends_on - timedelta(days=14) <= day < each.ends_on for day in on)
    }
    assert ends == Counter(dict.fromkeys(wanted, 1))


def _within(day: date, period: ReportingPeriod) -> bool:
    return period.starts_on <= day <= period.ends_on
