"""On the 18th birthday a representative's access ends unless the student consents; all are told before (Q8)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions.marks import lookup
from core.actions.people import coming_of_age, endings
from core.actions.register import consents
from core.errors import NotFoundError
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.model.register.consents import Decision, NewConsent
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.delivery.post import Post, rows
from tests.support.schools.builders import MARK, Builder

BIRTHDAY = date(2026, 12, 12)
EVE, DAY = BIRTHDAY - timedelta(days=1), BIRTHDAY
POLICY = Policy()


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Home:
    """A student who turns 18, the mother, and the secretary."""

    open_uow: UnitOfWorkFactory
    student: int
    mother: int
    secretary: int

    async def mother_reads(self, on: date) -> bool:
        """Whether the chat shows her the child's marks."""
        reader = Actor(self.mother, frozenset({Role.GUARDIAN}), "telegram")
        async with self.open_uow(reading=True) as uow:
            return bool(await lookup.look_up_children(uow, reader, on=on))

    async def roles(self, on: date) -> frozenset[Role]:
        async with self.open_uow(reading=True) as uow:
            return await uow.people.roles(self.mother, on=on)

    async def owed(self, on: date) -> list[tuple[int, Reason | None]]:
        async with self.open_uow(reading=True) as uow:
            return [(each.person_id, each.obstacle) for each in await uow.people.recipients([self.student], on=on)]

    async def agrees(self, person: int, on: date, decision: Decision = Decision.CONSENT) -> None:
        office = Actor(self.secretary, frozenset({Role.SECRETARY}))
        new = NewConsent(person, self.student, decision, on, "С-18")
        async with self.open_uow() as uow:
            await consents.register_consent(uow, office, new, now=noon(on), policy=POLICY)

    async def is_warned(self, on: date) -> int:
        async with self.open_uow() as uow:
            return await coming_of_age.warn_of_coming_of_age(uow, now=noon(on), policy=POLICY)


@pytest.fixture
async def home(open_uow: UnitOfWorkFactory) -> Home:
    async with open_uow() as uow:
        build = Builder(uow)
        student = await uow.people.add(
            "Соколов Пётр Олегович", normal_name("Соколов Пётр Олегович"), birth_date=date(2008, 12, 12)
        )
        await uow.people.add_student(student, leaves_on=None)
        mother = await build.guardian("Соколова Вера Ивановна", student)
        await build.decides(mother, student, Decision.CONSENT, date(2026, 9, 1))
        await build.contact(mother, "telegram", "501")
        secretary = await build.guardian("Тихонова Вера Степановна")
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await build.contact(secretary, "telegram", "502")
        await uow.commit()
    return Home(open_uow, student, mother, secretary)


async def test_the_last_day_of_a_representative_is_the_eve(home: Home) -> None:
    """The chat, the roles and what is sent obey on the birthday itself, without a job (Q8)."""
    assert await home.mother_reads(EVE)
    assert Role.GUARDIAN in await home.roles(EVE)
    assert await home.owed(EVE) == [(home.mother, None)]
    assert not await home.mother_reads(DAY)
    assert Role.GUARDIAN not in await home.roles(DAY)
    assert await home.owed(DAY) == [(home.student, Reason.NO_ACCESS)]


async def test_the_student_is_told_on_paper_where_nobody_else_is(home: Home) -> None:
    """Nobody is left without a channel; an own account and consent make it the student's chat (Q8, Q9, Q30)."""
    async with home.open_uow() as uow:
        await uow.people.set_account(home.student, opened=True)
        await uow.commit()
    assert await home.owed(DAY) == [(home.student, Reason.NO_CONSENT)]
    await home.agrees(home.student, DAY)
    assert await home.owed(DAY) == [(home.student, None)]


async def test_an_adult_may_let_a_representative_in_again(home: Home) -> None:
    """By a consent of the birthday or later, not by one from before it; a withdrawal ends it (Q8)."""
    await home.agrees(home.mother, EVE)
    assert not await home.mother_reads(DAY)
    await home.agrees(home.mother, DAY)
    assert await home.mother_reads(DAY)
    assert await home.owed(DAY) == [(home.mother, None)]
    await home.agrees(home.mother, DAY + timedelta(days=1), Decision.WITHDRAWAL)
    assert await home.mother_reads(DAY)
    assert not await home.mother_reads(DAY + timedelta(days=1))


async def test_what_waits_for_a_representative_on_the_birthday_goes_to_the_student(home: Home) -> None:
    """Neither is it sent to somebody without a right, nor is it lost (Q8, Q30)."""
    post = Post(home.open_uow)
    post.clock.now = noon(EVE) + timedelta(hours=11, minutes=59)  # 23:59 at school: quiet hours
    async with home.open_uow() as uow:
        await uow.outbox.add(
            [NewNotice(home.student, MARK, "entry:1")], received_at=post.clock(), published_at=post.clock()
        )
        await uow.commit()
    await post.drain()
    await post.drain(hours=9)
    assert post.telegram.sent == []
    async with home.open_uow() as uow:
        assert await endings.waive_after_ending(uow, now=post.clock(), policy=POLICY) == 1
    told = {row.obligation.person_id: row.obligation.state for row in await rows(home.open_uow)}
    assert told == {home.mother: State.WAIVED, home.student: State.OPEN}
    (paper,) = [
        each
        for row in await rows(home.open_uow)
        for each in row.deliveries
        if row.obligation.person_id == home.student and each.status is Status.PENDING
    ]
    assert paper.channel == "paper"


async def test_a_month_before_the_family_and_the_secretary_are_told_once(home: Home) -> None:
    """Thirty days ahead and not earlier; the secretary hears the class and the day, no name (Q8)."""
    assert await home.is_warned(BIRTHDAY - timedelta(days=31)) == 0
    assert await home.is_warned(BIRTHDAY - timedelta(days=30)) == 1
    assert await home.is_warned(BIRTHDAY - timedelta(days=29)) == 0
    post = Post(home.open_uow)
    post.clock.now = noon(BIRTHDAY - timedelta(days=30))
    await post.drain()
    await post.drain(minutes=3)
    heard = {address: str(text) for address, text, _ in post.telegram.sent}
    assert "Соколов" in heard["501"]
    assert "18 лет" in heard["501"]
    assert "1 ученику" in heard["502"]
    assert "Соколов" not in heard["502"]
    assert {row.obligation.kind for row in await rows(home.open_uow)} == {NoticeKind.ADULTHOOD, NoticeKind.ADULTS}


async def test_whose_birthday_is_unknown_stays_represented(home: Home) -> None:
    """The school's list must hold the date; without it nothing ends by itself (Q8)."""
    async with home.open_uow() as uow:
        child = await Builder(uow).student("Белова Анна Кирилловна")
        await uow.people.add_guardianship(home.mother, child, relation="parent")
        await uow.commit()
    async with home.open_uow(reading=True) as uow:
        assert [each.person_id for each in await uow.people.recipients([child], on=date(2050, 1, 1))] == [home.mother]


async def test_a_stranger_to_the_student_withdraws_nothing(home: Home) -> None:
    """A withdrawal in the chat needs a consent of one's own that is in force (Q5)."""
    async with home.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await consents.withdraw_own_consent(
                uow, Actor(home.secretary, frozenset()), student_id=home.student, said_in="чат", now=noon(EVE),
                policy=POLICY,
            )  # fmt: skip
