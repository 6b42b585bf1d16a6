"""A student's own account: from 14, by the secretary (Q9)."""

from datetime import date

import pytest

from core.actions.register import accounts
from core.errors import NotAllowedError, UnderAgeError
from core.model.people import SYSTEM, Actor, Role
from core.ports import UnitOfWorkFactory
from core.rules.people import ages
from core.rules.people.names import normal_name
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()


async def a_student(open_uow: UnitOfWorkFactory, born: date | None) -> int:
    async with open_uow() as uow:
        person = await uow.people.add("Лосев Пётр", normal_name("Лосев Пётр"), birth_date=born)
        await uow.people.add_student(person, leaves_on=None)
        await uow.commit()
    return person


@pytest.mark.parametrize(("born", "allowed"), [(date(2012, 11, 20), True), (date(2012, 11, 21), False), (None, False)])
async def test_an_account_is_opened_on_the_fourteenth_birthday(
    open_uow: UnitOfWorkFactory, *, born: date | None, allowed: bool
) -> None:
    """On the birthday itself the account may be opened, a day before it may not (Q9)."""
    student = await a_student(open_uow, born)
    async with open_uow() as uow:
        if allowed:
            await accounts.open_student_account(uow, SYSTEM, student_id=student, on=TODAY, now=NOW)
        else:
            with pytest.raises(UnderAgeError):
                await accounts.open_student_account(uow, SYSTEM, student_id=student, on=TODAY, now=NOW)
    async with open_uow(reading=True) as uow:
        assert (Role.STUDENT in await uow.people.roles(student, on=TODAY)) is allowed


async def test_a_closed_account_opens_nothing(open_uow: UnitOfWorkFactory) -> None:
    """After closing the student is no recipient of their own facts any more."""
    student = await a_student(open_uow, date(2010, 1, 1))
    async with open_uow() as uow:
        await accounts.open_student_account(uow, SYSTEM, student_id=student, on=TODAY, now=NOW)
    async with open_uow() as uow:
        await accounts.close_student_account(uow, SYSTEM, student_id=student, now=NOW)
    async with open_uow(reading=True) as uow:
        assert await uow.people.roles(student, on=TODAY) == frozenset()


async def test_a_parent_opens_no_account(open_uow: UnitOfWorkFactory) -> None:
    """Accounts are the secretary's matter (Q14)."""
    student = await a_student(open_uow, date(2010, 1, 1))
    async with open_uow() as uow:
        parent = await Builder(uow).guardian("Лосева Ирина", student)
        with pytest.raises(NotAllowedError):
            await accounts.open_student_account(
                uow, Actor(parent, frozenset({Role.GUARDIAN})), student_id=student, on=TODAY, now=NOW
            )


def test_years_are_full_on_the_birthday() -> None:
    """Whoever was born on 29 February is a year older from 1 March."""
    assert ages.age_of_person(date(2012, 2, 29), date(2026, 2, 28)) == 13
    assert ages.age_of_person(date(2012, 2, 29), date(2026, 3, 1)) == 14
