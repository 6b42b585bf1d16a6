"""Whatever happens to consents, contacts and representatives: nobody is without a channel (Q30)."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actions.paper import weekly
from core.actions.people import endings
from core.errors import AlreadyBarredError
from core.model.delivery.states import Reason
from core.model.people import SYSTEM
from core.model.register.consents import Decision
from core.ports import UnitOfWorkFactory
from core.rules.delivery import planning
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory
from tests.support.delivery.post import POLICY
from tests.support.schools.builders import NOW, Builder

EVENTS = st.sampled_from(
    ["consent", "refusal", "withdrawal", "contact", "unsigned", "blocked", "revoked", "barred", "week"]
)


@pytest.fixture
def school(sqlite_url: str) -> Iterator[tuple[asyncio.Runner, UnitOfWorkFactory]]:
    """One school, whose loop runs example after example, each with a pupil more."""
    with asyncio.Runner() as runner:
        engine = create_database_engine(sqlite_url)
        yield runner, unit_of_work_factory(engine)
        runner.run(engine.dispose())


async def meet(open_uow: UnitOfWorkFactory, event: str, mother: int, student: int, number: int) -> None:
    """One thing happens in the register."""
    async with open_uow() as uow:
        build = Builder(uow)
        contacts = [each.id for each in await uow.register.contacts(mother)]
        match event:
            case "consent" | "refusal" | "withdrawal":
                await build.decides(mother, student, Decision(event), on=date(2026, 11, 1))
            case "contact" | "unsigned":
                address = f"{mother}-{number}@example.org"
                await build.contact(mother, "email", address, rank=number + 1, signed=event == "contact")
            case "blocked" if contacts:
                await uow.register.set_aside(contacts[-1], Reason.BLOCKED, at=NOW)
            case "revoked" if contacts:
                await uow.register.revoke(contacts[0], at=NOW)
            case "barred":
                with suppress(AlreadyBarredError):
                    await endings.end_guardianship_by_court(
                        uow, SYSTEM, guardian_id=mother, student_id=student, document="решение", now=NOW, policy=POLICY
                    )
        await uow.commit()


def test_everybody_has_an_electronic_recipient_or_stands_in_the_queue(
    school: tuple[asyncio.Runner, UnitOfWorkFactory],
) -> None:
    """After each event and the clock's next look, over random histories; and nobody has both (Q30)."""
    runner, open_uow = school
    pupils = itertools.count()

    async def live(events: list[str]) -> None:
        now, name = NOW - timedelta(hours=1), f"Ученик Номер{next(pupils)}"
        async with open_uow() as uow:
            build = Builder(uow)
            student = await build.student(name)
            mother = await build.guardian(f"Мать {name}", student)
            await uow.commit()
        for number, event in enumerate(events):
            await meet(open_uow, event, mother, student, number)
            now += timedelta(days=7 if event == "week" else 0)
            async with open_uow(reading=True) as uow:
                due = await weekly.load_due_weekly_paper(uow, now=now, policy=POLICY)
                owed = await uow.people.recipients({student}, on=now.date())
            on_paper = {each.person_id for each in owed if planning.is_planned_on_paper(each)}
            assert {each.person_id for each in due if each.student_id == student} <= on_paper
            async with open_uow() as uow:
                await weekly.publish_weekly_paper(uow, now=now, policy=POLICY)
            async with open_uow(reading=True) as uow:
                assert await weekly.students_without_weekly_paper(uow, now=now, policy=POLICY) == frozenset()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(EVENTS, min_size=1, max_size=8))
    def check(events: list[str]) -> None:
        runner.run(live(events))

    check()
