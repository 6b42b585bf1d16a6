"""A student who left and stands in a later list again has come back (Q40)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.actions.imports import people as people_import
from core.actions.imports.people_context import PeopleCounts
from core.model.imports.people_lists import GroupRow, PersonRow
from core.model.people import SYSTEM
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from tests.support.schools.files import PYOTR, people, student

LEFT, AWAY, BACK = date(2026, 10, 30), date(2026, 11, 10), date(2026, 11, 23)
BORN: dict[str, Any] = {"birth_date": date(2012, 5, 1)}
CHOIR = GroupRow(2, "Хор", GroupKind.STREAM, "Музыка", None, PYOTR, "8Б")


async def listed(open_uow: UnitOfWorkFactory, *rows: PersonRow, on: date) -> PeopleCounts:
    now = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    async with open_uow(reading=True) as uow:
        result = await people_import.import_people(uow, SYSTEM, [people(*rows)], now=now, policy=Policy())
    assert result.ok
    return result.files[0].counts


async def groups(open_uow: UnitOfWorkFactory, on: date) -> list[str]:
    """The groups in which the school finds the student on a day: gradebook, broadcasts and homework ask for these."""
    async with open_uow(reading=True) as uow:
        known = {group.id: group.name for group in await uow.year.groups(Everything())}
        homes = await uow.people.households(known, Everything(), on=on)
    return sorted(known[group_id] for home in homes for group_id in home.group_ids)


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """A student of the class 8Б and the choir, whose last day was in October."""
    await listed(open_uow, student(**BORN), CHOIR, on=date(2026, 9, 2))
    await listed(open_uow, student(leaves_on=LEFT, **BORN), on=date(2026, 10, 26))
    assert await groups(open_uow, AWAY) == []
    return open_uow


async def test_a_student_in_the_list_again_has_come_back(school: UnitOfWorkFactory) -> None:
    """Class and other groups begin again today; the time away stays a time away, and the list again changes nothing."""
    counts = await listed(school, student(**BORN), on=BACK)
    assert (counts.returned, counts.persons) == (1, 0)
    assert [await groups(school, day) for day in (LEFT, AWAY, BACK)] == [["8Б", "Хор"], [], ["8Б", "Хор"]]
    assert (await listed(school, student(**BORN), on=BACK)).total == 0


async def test_a_student_comes_back_into_another_class(school: UnitOfWorkFactory) -> None:
    """The class of the list counts; the former one ended with the last day."""
    await listed(school, student(school_class="8В", **BORN), on=BACK)
    assert [await groups(school, day) for day in (LEFT, BACK)] == [["8Б", "Хор"], ["8В", "Хор"]]


async def test_a_student_comes_back_for_a_time(school: UnitOfWorkFactory) -> None:
    """A last day that lies ahead brings the student back until then."""
    assert (await listed(school, student(leaves_on=date(2026, 12, 30), **BORN), on=BACK)).returned == 1
    assert [await groups(school, day) for day in (BACK, date(2026, 12, 31))] == [["8Б", "Хор"], []]


async def test_a_student_leaves_and_comes_back_twice(school: UnitOfWorkFactory) -> None:
    """Each stay has its own dates."""
    await listed(school, student(**BORN), on=BACK)
    await listed(school, student(leaves_on=date(2026, 12, 4), **BORN), on=date(2026, 12, 1))
    await listed(school, student(**BORN), on=date(2027, 1, 11))
    days = (AWAY, BACK, date(2026, 12, 10), date(2027, 1, 11))
    assert [bool(await groups(school, day)) for day in days] == [False, True, False, True]


@pytest.mark.parametrize("left_on", [LEFT, date(2026, 10, 29)])
async def test_a_last_day_that_is_past_brings_nobody_back(school: UnitOfWorkFactory, left_on: date) -> None:
    """A list that still names the last day, or corrects it, speaks of a student who has left."""
    assert (await listed(school, student(leaves_on=left_on, **BORN), on=BACK)).returned == 0
    assert await groups(school, BACK) == []


async def test_a_list_without_last_days_keeps_one_that_lies_ahead(open_uow: UnitOfWorkFactory) -> None:
    """Only a day that is past is contradicted by a list that names the student."""
    await listed(open_uow, student(leaves_on=date(2026, 12, 30)), on=BACK)
    await listed(open_uow, student(), on=BACK)
    assert [await groups(open_uow, day) for day in (BACK, date(2026, 12, 31))] == [["8Б"], []]
