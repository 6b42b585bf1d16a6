"""The 24 hours of an exam result to the second, and of one that changes in the last minute (R6)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.imports.exams.files import exam_file_of_school, read_exam_file
from core.actions.imports.exams import protocols as exam_protocols
from core.model.delivery.deliveries import Receipt
from core.model.delivery.fact_names import exam_result_fact_name
from core.model.delivery.states import State, Status
from core.model.people import SYSTEM
from core.model.register.consents import Decision
from core.ports import UnitOfWorkFactory
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.post import POLICY, Post, rows
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.exam_files import OWN, file_at, protocol, review

ANNA = "Зорина Анна Петровна"
RUSSIAN = "01 - Русский язык 2026.11.18"
TERM, SECOND, LAST_MINUTE = timedelta(hours=24), timedelta(seconds=1), timedelta(hours=23, minutes=59)
CHANGED = review(RUSSIAN, f"{ANNA};11А;Апелляция удовлетворена;76;43;80")


@pytest.fixture
async def post(open_uow: UnitOfWorkFactory, tmp_path: Path) -> Post:
    """Anna's mother refused, so she gets paper; the protocol came now."""
    async with open_uow() as uow:
        build = Builder(uow)
        anna = await build.student(ANNA, "11А")
        mother = await build.guardian("Зорина Ольга Сергеевна", anna)
        await build.decides(mother, anna, Decision.REFUSAL, date(2026, 11, 1))
        await uow.commit()
    await receives(open_uow, tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76)), at=NOW)
    post = Post(open_uow)
    await post.drain()
    return post


async def receives(open_uow: UnitOfWorkFactory, folder: Path, text: str, *, at: datetime) -> None:
    """The school receives and imports a file."""
    read = exam_file_of_school(read_exam_file(file_at(folder, "e.csv", text)), frozenset({OWN}))
    async with open_uow() as uow:
        assert (await exam_protocols.import_exam_protocols(uow, SYSTEM, [read], now=at, policy=POLICY)).ok


async def prints(open_uow: UnitOfWorkFactory, post: Post, *, at: datetime) -> None:
    """The secretary prints the latest extract."""
    async with open_uow() as uow:
        attempt = await uow.outbox.attempt(post.paper.sent[-1][2])
        assert attempt is not None
        await uow.outbox.record_receipt(attempt.id, Receipt(Status.PRINTED), CLOSES, at=at)
        await uow.commit()


async def late(open_uow: UnitOfWorkFactory, *, at: datetime) -> Collection[datetime]:
    """When those results were received that the report calls late."""
    async with open_uow(reading=True) as uow:
        return [row.obligation.received_at for row in await uow.outbox.obligations(late_at=at)]


@pytest.mark.parametrize(("after", "is_late"), [(TERM - SECOND, False), (TERM, False), (TERM + SECOND, True)])
async def test_evidence_counts_to_the_second(
    open_uow: UnitOfWorkFactory, post: Post, after: timedelta, *, is_late: bool
) -> None:
    """Printed at 23:59:59 and 24:00:00 after receipt is in time, at 24:00:01 late, and stays so for ever (Q70, Q75)."""
    await prints(open_uow, post, at=NOW + after)
    [row] = await rows(open_uow)
    assert (row.obligation.state, row.obligation.due) == (State.CLOSED, NOW + TERM)
    assert await late(open_uow, at=NOW + timedelta(days=9)) == [NOW] * is_late


@pytest.mark.parametrize(("after", "is_late"), [(TERM - SECOND, False), (TERM, False), (TERM + SECOND, True)])
async def test_what_is_open_is_late_from_the_next_second_on(
    open_uow: UnitOfWorkFactory, post: Post, after: timedelta, *, is_late: bool
) -> None:
    """A result that nobody printed is in time at its due time, and late a second after it (Q70, Q75)."""
    assert len(post.paper.sent) == 1
    assert await late(open_uow, at=NOW + after) == [NOW] * is_late


async def test_a_call_after_the_due_time_is_late(open_uow: UnitOfWorkFactory, post: Post) -> None:
    """Reached by phone at 24:00:01, the mother knows, and the report says that it was late (Q75, Q97)."""
    assert len(post.paper.sent) == 1
    [row] = await rows(open_uow)
    mother = row.obligation.person_id
    async with open_uow() as uow:
        fact = exam_result_fact_name(1)
        assert await uow.outbox.record_call(fact, mother, caller_id=mother, at=NOW + TERM + SECOND) == 1
        await uow.commit()
    [row] = await rows(open_uow)
    assert (row.obligation.evidence, row.obligation.closed_at) == (Status.REACHED, NOW + TERM + SECOND)
    assert await late(open_uow, at=NOW + timedelta(days=9)) == [NOW]


async def test_a_change_in_the_last_minute_starts_a_new_day(
    open_uow: UnitOfWorkFactory, post: Post, tmp_path: Path
) -> None:
    """Changed at 23:59 of the first: that one is owed no more, the new one until its own 24:00:00 (Q74)."""
    changed = NOW + LAST_MINUTE
    await receives(open_uow, tmp_path, CHANGED, at=changed)
    await post.drain(hours=23, minutes=59)
    first, second = await rows(open_uow)
    assert (first.obligation.state, first.obligation.due) == (State.SUPERSEDED, NOW + TERM)
    assert (second.obligation.state, second.obligation.due) == (State.OPEN, changed + TERM)
    assert await late(open_uow, at=changed + TERM) == []
    assert await late(open_uow, at=changed + TERM + SECOND) == [changed]
    await prints(open_uow, post, at=changed + TERM)
    assert await late(open_uow, at=changed + timedelta(days=9)) == []


async def test_what_was_told_before_the_change_stays_told(
    open_uow: UnitOfWorkFactory, post: Post, tmp_path: Path
) -> None:
    """Printed at 23:58 the first is closed with its evidence; the change at 23:59 is owed as well (Q71, Q74)."""
    await prints(open_uow, post, at=NOW + timedelta(hours=23, minutes=58))
    await receives(open_uow, tmp_path, CHANGED, at=NOW + LAST_MINUTE)
    await post.drain(hours=23, minutes=59)
    assert [(row.obligation.state, row.obligation.evidence) for row in await rows(open_uow)] == [
        (State.CLOSED, Status.PRINTED),
        (State.OPEN, Status.ACCEPTED),
    ]
