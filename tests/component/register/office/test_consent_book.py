"""The register for reading: the entries of a period by class, and the state on a date (Q6, Q12)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from core.actions.register.office import consent_book
from core.errors import NotAllowedError
from core.model.people import Actor, Role
from core.model.register.consents import Decision, NewConsent
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.register.consents import consent_obstacle
from tests.support.schools.builders import Builder

OFFICE = Actor(99, frozenset({Role.SECRETARY}))
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@dataclass(frozen=True)
class Register:
    """Two children of two classes; one parent consented and withdrew, another refused."""

    open_uow: UnitOfWorkFactory
    anna: int
    boris: int
    vera: int
    oleg: int


@pytest.fixture
async def register(open_uow: UnitOfWorkFactory) -> Register:
    async with open_uow() as uow:
        build = Builder(uow)
        anna, boris = await build.student("Анна", "10А"), await build.student("Борис", "2Б")
        vera, oleg = await build.guardian("Вера", anna), await build.guardian("Олег", boris)
        await _enter(uow, vera, anna, Decision.CONSENT, SEPTEMBER)
        await _enter(uow, oleg, boris, Decision.REFUSAL, OCTOBER)
        await _enter(uow, vera, anna, Decision.WITHDRAWAL, NOVEMBER)
        await uow.commit()
    return Register(open_uow, anna, boris, vera, oleg)


async def _enter(uow: UnitOfWork, person: int, student: int, decision: Decision, on: date) -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    await uow.register.add_consent(NewConsent(person, student, decision, on, "С-1"), registered_by="С", at=at)


async def test_a_period_holds_its_entries_by_class(register: Register) -> None:
    """Consents, refusals and withdrawals whose documents are of these days, 2Б before 10А (Q12)."""
    async with register.open_uow(reading=True) as uow:
        all_year = await consent_book.load_consent_book_period(uow, OFFICE, since=SEPTEMBER, until=NOVEMBER)
        autumn = await consent_book.load_consent_book_period(
            uow, OFFICE, since=date(2026, 9, 2), until=date(2026, 10, 31)
        )
    assert [(line.school_class, line.person, line.entry.decision) for line in all_year] == [
        ("2Б", "Олег", Decision.REFUSAL),
        ("10А", "Вера", Decision.CONSENT),
        ("10А", "Вера", Decision.WITHDRAWAL),
    ]
    assert [line.student for line in autumn] == ["Борис"]


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        (date(2026, 8, 31), []),
        (SEPTEMBER, [("Анна", True)]),
        (date(2026, 10, 31), [("Борис", False), ("Анна", True)]),
        (NOVEMBER, [("Борис", False), ("Анна", False)]),
    ],
)
async def test_the_state_on_a_date_comes_from_the_entries(
    register: Register, on: date, counted: list[tuple[str, bool]]
) -> None:
    """Each pair has the entry that counted then, whenever it was typed in (Q6)."""
    async with register.open_uow(reading=True) as uow:
        lines = await consent_book.load_consent_book_state(uow, OFFICE, on=on)
    assert [(line.student, consent_obstacle(line.entry, on) is None) for line in lines] == counted


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.TEACHER, Role.CLASS_TEACHER, Role.STUDENT])
async def test_only_the_office_reads_the_whole_register(register: Register, role: Role) -> None:
    """Nobody else sees what others decided (Q14)."""
    reader = Actor(register.vera, frozenset({role}))
    async with register.open_uow(reading=True) as uow:
        with pytest.raises(NotAllowedError):
            await consent_book.load_consent_book_period(uow, reader, since=SEPTEMBER, until=NOVEMBER)
        with pytest.raises(NotAllowedError):
            await consent_book.load_consent_book_state(uow, reader, on=NOVEMBER)
