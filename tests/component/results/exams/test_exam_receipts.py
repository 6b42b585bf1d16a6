"""A corrected moment of receipt moves due times, warnings and channels of what is still owed (Q70, Q73, Q75)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.imports.exams.files import exam_file_of_school, read_exam_file
from core.actions.delivery import deadline_reports, fan_out, obligations
from core.actions.imports.exams import protocols as exam_protocols
from core.actions.results.exams import exam_receipts
from core.errors import NotAllowedError
from core.model.delivery.obligations import ObligationRow
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.schools.builders import Builder
from tests.support.schools.exam_files import OWN, file_at, protocol

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
POLICY = Policy()
ANNA = "Зорина Анна Петровна"
DEPUTY = Actor(None, frozenset({Role.DEPUTY_HEAD}))


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory, tmp_path: Path) -> UnitOfWorkFactory:
    """Anna's result came in at nine; her mother agreed to e-mail, and what is not confirmed goes on paper."""
    async with open_uow() as uow:
        build = Builder(uow)
        anna = await build.student(ANNA, "11А")
        mother = await build.guardian("Зорина Ольга Сергеевна", anna)
        await build.decides(mother, anna, Decision.CONSENT, date(2026, 1, 1))
        await build.contact(mother, "email", "z@example.org")
        await uow.commit()
    file = file_at(tmp_path, "e.csv", protocol("01 - Русский язык 2026.06.04", (ANNA, "11А", 40, 76)))
    read = [exam_file_of_school(read_exam_file(file), frozenset({OWN}))]
    async with open_uow() as uow:
        await exam_protocols.import_exam_protocols(uow, SYSTEM, read, now=NOW, policy=POLICY)
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=POLICY)
    return open_uow


async def correct(open_uow: UnitOfWorkFactory, to: datetime, *, now: datetime, actor: Actor = DEPUTY) -> int:
    async with open_uow() as uow:
        return await exam_receipts.correct_exam_receipt(
            uow, actor, 1, to=to, was=None, reason="Протокол пришёл раньше", now=now, policy=POLICY
        )


async def escalated(open_uow: UnitOfWorkFactory, now: datetime) -> Sequence[str]:
    """The channels that gave no evidence by then."""
    async with open_uow(reading=True) as uow:
        return [each.channel for each in await uow.outbox.to_escalate(now=now, limit=9)]


async def warned(open_uow: UnitOfWorkFactory, now: datetime) -> int:
    async with open_uow() as uow:
        found = await uow.outbox.claim_untold(until=now + POLICY.warn_before, now=now)
        await uow.commit()
        return len(found)


async def owed(open_uow: UnitOfWorkFactory) -> Sequence[ObligationRow]:
    async with open_uow(reading=True) as uow:
        assert await obligations.verify_obligations(uow, policy=POLICY) == []
        return await uow.outbox.obligations()


async def test_an_earlier_receipt_hurries(school: UnitOfWorkFactory) -> None:
    """The next channel starts earlier, and what is late by it is warned of again."""
    later = NOW + timedelta(hours=2)
    assert (await escalated(school, later), await warned(school, NOW + timedelta(hours=21))) == ([], 1)
    assert await correct(school, NOW - timedelta(hours=23), now=later) == 1
    [row] = await owed(school)
    assert row.obligation.due == row.deliveries[-1].due == NOW + timedelta(hours=1)
    assert (await escalated(school, later), await warned(school, later)) == (["email"], 1)


async def test_a_later_receipt_gives_time(school: UnitOfWorkFactory) -> None:
    """Paper, which needs six hours, starts as late as the new due time allows."""
    to = NOW + timedelta(hours=5)
    assert await correct(school, to, now=to) == 1
    before, at = NOW + timedelta(hours=22), NOW + timedelta(hours=23)
    assert (await escalated(school, before), await escalated(school, at)) == ([], ["email"])
    async with school(reading=True) as uow:
        [result] = await uow.exams.results([1])
        [version] = await uow.exams.versions([result.id])
    assert (result.received_at, version.received_at) == (to, NOW)


async def test_the_report_counts_what_was_corrected(school: UnitOfWorkFactory) -> None:
    """From the trail: how many results, from which moment to which, and why; the same moment is no correction."""
    to = NOW - timedelta(hours=1)
    assert (await correct(school, to, now=NOW), await correct(school, to, now=NOW)) == (1, 0)
    async with school(reading=True) as uow:
        day = NOW.date()
        report = await deadline_reports.load_deadline_report(
            uow, DEPUTY, since=day, until=day, closes={}, now=NOW, policy=POLICY
        )
    [correction] = report.corrections
    assert (report.corrected, correction.was, correction.to, correction.results) == (1, NOW, to, 1)


async def test_only_a_deputy_head_corrects(school: UnitOfWorkFactory) -> None:
    """Nobody else moves the 24 hours, and nobody else lists their moments."""
    secretary = Actor(None, frozenset({Role.SECRETARY}))
    with pytest.raises(NotAllowedError):
        await correct(school, NOW, now=NOW, actor=secretary)
    async with school(reading=True) as uow:
        with pytest.raises(NotAllowedError):
            await exam_receipts.load_exam_receipts(uow, secretary, on=NOW.date())
