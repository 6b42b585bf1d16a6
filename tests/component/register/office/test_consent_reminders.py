"""Consents that expire: the secretary and whoever signed are reminded once, before it is too late (Q7)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions.register.office import consent_reminders
from core.model.notices.personal import ConsentExpiring
from core.model.notices.staff import ConsentsExpiring
from core.model.people import Role
from core.model.register.consents import Decision, NewConsent
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.builders import Builder

POLICY = Policy()
LAST_DAY = date(2027, 5, 31)
BEFORE = timedelta(days=30)
SECRETARY = "Секретарёва Инна Олеговна"


@dataclass(frozen=True)
class Office:
    """A parent whose consent ends on the last of May, and one whose consent never ends."""

    open_uow: UnitOfWorkFactory
    secretary: int
    parent: int
    child: int

    async def reminds(self, on: date) -> int:
        now = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        async with self.open_uow() as uow:
            return await consent_reminders.remind_of_expiring_consents(uow, before=BEFORE, now=now, policy=POLICY)

    async def told(self) -> list[tuple[int | None, int | None, object]]:
        async with self.open_uow(reading=True) as uow:
            return [(each.person_id, each.student_id, each.notice) for each in await uow.outbox.unplanned(10)]

    async def decides(self, decision: Decision, on: date, expires_on: date | None = None) -> None:
        async with self.open_uow() as uow:
            new = NewConsent(self.parent, self.child, decision, on, "З-2", expires_on=expires_on)
            at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
            await uow.register.add_consent(new, registered_by="Секретарь", at=at)
            await uow.commit()


@pytest.fixture
async def office(open_uow: UnitOfWorkFactory) -> Office:
    async with open_uow() as uow:
        build = Builder(uow)
        child, other = [await build.student(name) for name in ("Соколова Анна Олеговна", "Орлов Тимофей")]
        parent, second = await build.guardian("Соколова Вера Ивановна", child), await build.guardian("Орлов", other)
        secretary = await uow.people.add(SECRETARY, normal_name(SECRETARY))
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await build.decides(second, other, Decision.CONSENT, date(2026, 9, 1))
        await uow.commit()
    office = Office(open_uow, secretary, parent, child)
    await office.decides(Decision.CONSENT, date(2026, 9, 1), LAST_DAY)
    return office


async def test_both_are_reminded_once(office: Office) -> None:
    """From the thirtieth day before on, the secretary with a number, the parent about the own child (Q7)."""
    reminded = [await office.reminds(LAST_DAY - timedelta(days=days)) for days in (31, 30, 29, 1, 0)]
    assert reminded == [0, 1, 0, 0, 0]
    assert await office.told() == [
        (office.parent, office.child, ConsentExpiring(LAST_DAY)),
        (office.secretary, None, ConsentsExpiring(LAST_DAY, 1)),
    ]


async def test_a_machine_that_was_off_reminds_later(office: Office) -> None:
    """On the last day still, after it no more: then there is no consent (Q7)."""
    assert await office.reminds(LAST_DAY + timedelta(days=1)) == 0
    assert await office.reminds(LAST_DAY) == 1


async def test_a_renewed_or_withdrawn_consent_reminds_nobody(office: Office) -> None:
    """Only the entry that counts is looked at; a renewed one is told of before its own last day (Q6, Q7)."""
    renewed = date(2027, 5, 20)
    await office.decides(Decision.CONSENT, renewed, date(2028, 5, 31))
    assert await office.reminds(renewed + timedelta(days=1)) == 0
    assert await office.reminds(date(2028, 5, 10)) == 1
    await office.decides(Decision.CONSENT, date(2028, 5, 11), date(2029, 5, 31))
    await office.decides(Decision.WITHDRAWAL, date(2028, 6, 1))
    assert await office.reminds(date(2029, 5, 10)) == 0
