"""What an import dates by itself bears the school's date, not that of UTC (Q135)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.actions.imports import journal as journal_import
from core.actions.imports import people as people_import
from core.model.imports.people_lists import PersonRow
from core.model.imports.reports import PrintedTerm, ReadFile
from core.model.people import SYSTEM
from core.model.register.consents import Decision
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.files import MOTHER, PYOTR, file, finals, guardian, people, report, signed, student

KAMCHATKA, KALININGRAD = Policy(ZoneInfo("Asia/Kamchatka")), Policy(ZoneInfo("Europe/Kaliningrad"))
MORNING = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
"""09:30 of 1 December in Kamchatka, 23:30 of 30 November in Kaliningrad."""
PLACES = pytest.mark.parametrize(
    ("policy", "today"), [(KAMCHATKA, date(2026, 12, 1)), (KALININGRAD, date(2026, 11, 30))]
)


async def listed(open_uow: UnitOfWorkFactory, *rows: PersonRow, now: datetime, policy: Policy) -> None:
    async with open_uow(reading=True) as uow:
        assert (await people_import.import_people(uow, SYSTEM, [people(*rows)], now=now, policy=policy)).ok


async def journal(open_uow: UnitOfWorkFactory, read: ReadFile, *, now: datetime, policy: Policy) -> bool:
    async with open_uow(reading=True) as uow:
        return (await journal_import.import_journal(uow, SYSTEM, [read], now=now, policy=policy)).ok


@PLACES
async def test_a_class_change_counts_from_the_schools_date(
    open_uow: UnitOfWorkFactory, policy: Policy, today: date
) -> None:
    """The former class ends the day before, and a journal of the same hour finds the pupil in the new one."""
    born = date(2012, 5, 1)
    await listed(open_uow, student(birth_date=born), now=datetime(2026, 9, 1, 9, tzinfo=UTC), policy=policy)
    await listed(open_uow, student(school_class="8В", birth_date=born), now=MORNING, policy=policy)
    async with open_uow(reading=True) as uow:
        classes = [(await uow.people.roll(on))[0].class_name for on in (today.replace(day=29, month=11), today)]
    assert classes == ["8Б", "8В"]
    assert await journal(open_uow, file(report({"Алгебра": {9: "5"}}, school_class="8В")), now=MORNING, policy=policy)


@PLACES
async def test_a_withdrawal_without_a_date_bears_the_schools(
    open_uow: UnitOfWorkFactory, policy: Policy, today: date
) -> None:
    """A withdrawal of consent that a list reports undated was decided on the school's day."""
    await listed(open_uow, student(), guardian(**signed()), now=datetime(2026, 9, 2, tzinfo=UTC), policy=policy)
    await listed(open_uow, guardian(consent=Decision.WITHDRAWAL), now=MORNING, policy=policy)
    async with open_uow(reading=True) as uow:
        (mother,) = await uow.people.named([normal_name(MOTHER)])
        assert (await uow.register.consents(mother.id))[-1].decided_on == today


@pytest.mark.parametrize(("policy", "first"), [(KAMCHATKA, 2026), (KALININGRAD, 2025)])
async def test_undated_terms_belong_to_the_schools_year(
    open_uow: UnitOfWorkFactory, policy: Policy, first: int
) -> None:
    """At 21:30 UTC of 31 August the new school year has begun in Kamchatka and not in Kaliningrad."""
    now = datetime(2026, 8, 31, 21, 30, tzinfo=UTC)
    await listed(open_uow, student(), now=now, policy=policy)
    printed = finals(PrintedTerm(None, None, "4"))
    undated = file(*[type(printed)(printed.kind, PYOTR, "8Б", None, printed.subjects)])
    assert await journal(open_uow, undated, now=now, policy=policy)
    async with open_uow(reading=True) as uow:
        years = [await uow.year.year(date(year, 9, 1)) for year in (2025, 2026)]
    assert [year is not None for year in years] == [first == 2025, first == 2026]
