"""What families hear before a day without asking: once, at their hour, and only what they want."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.actions.delivery import fan_out
from core.actions.register import preferences
from core.actions.schoolwork import reminders
from core.model.delivery.obligations import PublishedNotice
from core.model.notices.family import ControlWorkAhead, HomeworkDue
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.model.register.preferences import Frequency
from core.model.schoolwork.control_works import NewControlWork
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.schools.builders import NOW, Builder, Family, a_family

MOSCOW = ZoneInfo("Europe/Moscow")
POLICY = Policy()
SCHOOL_HOUR = time(18)
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the school's wall clock."""
    return datetime.combine(on, time(hour, minute), tzinfo=MOSCOW).astimezone(UTC)


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """A student whose mother agreed to Telegram, then e-mail."""
    return await a_family(open_uow)


async def subject_and_class(family: Family) -> tuple[int, int]:
    """The ids of Алгебра and of 8Б."""
    async with family.open_uow() as uow:
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        await uow.commit()
    return subjects["алгебра"], group


async def gives(family: Family, text: str, *, due_on: date = MONDAY) -> None:
    """The teacher gives homework in Алгебра."""
    subject, group = await subject_and_class(family)
    async with family.open_uow() as uow:
        await uow.schoolwork.give_homework(group, subject, due_on=due_on, text=text, by=None, at=NOW)
        await uow.commit()


async def plans(family: Family, on: date) -> None:
    """A control work in Алгебра is planned."""
    subject, group = await subject_and_class(family)
    async with family.open_uow() as uow:
        new = NewControlWork(group, subject, on, 2, "Контрольная работа", "Корни")
        await uow.schoolwork.plan_control_work(new, by=None, at=NOW)
        await uow.commit()


async def evening(family: Family, now: datetime) -> int:
    """The job wakes: every hour that has come is looked at; how many notices were made."""
    async with family.open_uow(reading=True) as uow:
        come = await reminders.load_schoolwork_reminder_hours(uow, now=now, policy=POLICY)
    made = 0
    for hour in come:
        async with family.open_uow() as uow:
            made += await reminders.publish_schoolwork_reminders(uow, hour, now=now, policy=POLICY)
    return made


async def told(family: Family, fact: str) -> list[PublishedNotice]:
    """What was published about a day."""
    async with family.open_uow(reading=True) as uow:
        return list(await uow.outbox.published_as(fact))


def mother(family: Family) -> Actor:
    return Actor(family.mother, frozenset({Role.GUARDIAN}), "telegram")


async def test_homework_of_the_next_school_day_comes_at_six(family: Family) -> None:
    """On Friday evening a family hears of Monday's homework, each person of it for themself (Q23)."""
    await gives(family, "№ 5, № 7")
    assert await evening(family, at(FRIDAY, 17, 59)) == 0
    assert await evening(family, at(FRIDAY, 18)) == 1
    (notice,) = await told(family, "homework:2026-11-23")
    assert notice.notice == HomeworkDue("Алгебра", MONDAY, "№ 5, № 7")
    assert (notice.student_id, notice.person_id) == (family.student, family.mother)


async def test_a_reminder_goes_at_once_whatever_was_chosen_for_digests(family: Family) -> None:
    """It is made at the family's hour, so it does not wait for the next evening (Q83)."""
    async with family.open_uow() as uow:
        await preferences.choose_frequency_preference(
            uow, mother(family), kind=NoticeKind.HOMEWORK, frequency=Frequency.DIGEST, now=NOW
        )
    await gives(family, "№ 5")
    now = at(FRIDAY, 18)
    await evening(family, now)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=now, policy=POLICY)
    async with family.open_uow(reading=True) as uow:
        assert await uow.outbox.waiting("telegram", now=now + POLICY.window, limit=9) == [f"contact:{family.telegram}"]


async def test_running_again_tells_nothing_again(family: Family) -> None:
    """Neither a second wake-up nor another hour nor the next day repeats what was told; new homework is told (Q88)."""
    await gives(family, "№ 5")
    assert await evening(family, at(FRIDAY, 18)) == 1
    assert await evening(family, at(FRIDAY, 18, 5)) == 0
    async with family.open_uow() as uow:
        await preferences.choose_digest_hour_preference(uow, mother(family), at=time(19), now=NOW)
    assert await evening(family, at(FRIDAY, 19)) == 0
    await gives(family, "Прочитать § 12")
    assert await evening(family, at(SATURDAY, 19)) == 1


async def test_a_family_hears_at_its_own_hour(family: Family) -> None:
    """The chosen hour replaces the school's, leaves a trace and can be given back (Q83)."""
    await gives(family, "№ 5")
    async with family.open_uow() as uow:
        await preferences.choose_digest_hour_preference(uow, mother(family), at=time(20, 30), now=NOW)
    assert await evening(family, at(FRIDAY, 20, 29)) == 0
    assert await evening(family, at(FRIDAY, 20, 30)) == 1
    async with family.open_uow() as uow:
        assert await uow.register.digest_hour(family.mother) == time(20, 30)
        assert await uow.register.digest_hours() == [time(20, 30)]
        await preferences.choose_digest_hour_preference(uow, mother(family), at=None, now=NOW)
    async with family.open_uow(reading=True) as uow:
        assert await uow.register.digest_hour(family.mother) is None
        assert [line.action for line in await uow.audit.lines(limit=9)].count("digest_hour_chosen") == 2


async def test_who_switched_homework_off_gets_none(family: Family) -> None:
    """The kind is off for this person; the control work of tomorrow still comes (Q83)."""
    async with family.open_uow() as uow:
        await preferences.choose_frequency_preference(
            uow, mother(family), kind=NoticeKind.HOMEWORK, frequency=Frequency.OFF, now=NOW
        )
    await gives(family, "№ 5", due_on=SATURDAY)
    await plans(family, SATURDAY)
    assert await evening(family, at(FRIDAY, 18)) == 1
    (notice,) = await told(family, "control_works:2026-11-21")
    assert notice.notice == ControlWorkAhead("Алгебра", SATURDAY, "Контрольная работа", "Корни")


async def test_a_control_work_is_announced_the_evening_before(family: Family) -> None:
    """Not earlier: on Friday nothing is said of Monday's (Q19)."""
    await plans(family, MONDAY)
    assert await evening(family, at(FRIDAY, 18)) == 0
    assert await evening(family, at(MONDAY - timedelta(days=1), 18)) == 1


async def test_paper_families_are_not_reminded(open_uow: UnitOfWorkFactory) -> None:
    """A reminder that would be printed on Friday comes too late; the extract has the same (Q30)."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Тихонов Лев")
        parent = await build.guardian("Тихонова Ия", student)
        await uow.commit()
    family = Family(open_uow, student, parent, 0, 0)
    await gives(family, "№ 5")
    assert await evening(family, at(FRIDAY, 18)) == 0


async def test_holidays_are_quiet(family: Family) -> None:
    """What is due long after is not told on the first evening of the holidays."""
    await gives(family, "№ 5", due_on=date(2026, 12, 1))
    assert await evening(family, at(FRIDAY, 18)) == 0
