"""What the outbox's SQL keeps to on both databases: one obligation, one way at a time, evidence that only grows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model.delivery.deliveries import Delivery, NewAttempt, Outcome, Receipt
from core.model.delivery.obligations import Moved, ObligationRow, PlannedDelivery, PlannedObligation
from core.model.delivery.states import Reason, State, Status
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.evidence import ENDS, GRADES, NOT_TAKEN, RANK
from tests.support.delivery.fakes import CLOSES
from tests.support.schools.builders import FINAL, MARK, NOW, Family, a_family

DUE = NOW + timedelta(hours=24)
LATEST_START = NOW + timedelta(hours=4)
LATER = NOW + timedelta(minutes=5)


def over(channel: str, contact: int | None, *, escalate_at: datetime | None = None) -> PlannedDelivery:
    return PlannedDelivery(channel, contact, f"{channel}:{contact}", Status.PENDING, None, NOW, escalate_at)


def owed(family: Family, notice_id: int, *ways: PlannedDelivery) -> PlannedObligation:
    return PlannedObligation(
        notice_id=notice_id, person_id=family.mother, student_id=family.student, kind=FINAL.kind, received_at=NOW,
        due=DUE, state=State.OPEN, deliveries=ways,
    )  # fmt: skip


async def plan(family: Family, *ways: PlannedDelivery) -> int:
    """Plan the oldest notice for the mother; returns the notice's id."""
    async with family.open_uow() as uow:
        (told, *_) = await uow.outbox.unplanned(1)
        await uow.outbox.plan([owed(family, told.id, *ways)], notice_ids=[told.id], at=NOW)
        await uow.commit()
    return told.id


async def claim(uow: UnitOfWork, *deliveries: Delivery) -> int:
    first = deliveries[0]
    key = f"key-{'-'.join(str(each.id) for each in deliveries)}"
    carried = tuple((each.id, None) for each in deliveries)
    (attempt,) = await uow.outbox.claim(
        [NewAttempt(key, first.channel, first.contact_id, first.person_id, "one", carried)], now=NOW
    )
    return attempt


async def report(family: Family) -> list[ObligationRow]:
    async with family.open_uow(reading=True) as uow:
        return list(await uow.outbox.obligations())


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    family = await a_family(open_uow)
    await family.learns(FINAL)
    await plan(family, over("telegram", family.telegram, escalate_at=LATEST_START))
    return family


async def test_a_notice_is_owed_to_a_person_once(family: Family) -> None:
    """A fan-out that runs twice adds neither a second obligation nor a second delivery (Q71)."""
    (before,) = await report(family)
    async with family.open_uow() as uow:
        again = owed(family, before.obligation.notice_id, over("email", family.email))
        await uow.outbox.plan([again], notice_ids=[before.obligation.notice_id], at=NOW)
        assert await uow.outbox.unplanned(10) == []
        await uow.commit()
    assert await report(family) == [before]


async def test_a_newer_result_supersedes_only_what_is_open_of_the_same_fact(family: Family) -> None:
    """Its pending delivery is withdrawn with the reason; another fact's obligation stays (Q74)."""
    await family.learns(FINAL, fact="period_mark:2")
    await plan(family, over("telegram", family.telegram))
    await family.learns(FINAL, fact="period_mark:1")
    await plan(family, over("telegram", family.telegram))
    first, other, newer = await report(family)
    assert [row.obligation.state for row in (first, other, newer)] == [State.SUPERSEDED, State.OPEN, State.OPEN]
    assert [(each.status, each.reason) for each in first.deliveries] == [(Status.WITHDRAWN, Reason.SUPERSEDED)]


async def test_two_moves_of_one_delivery_start_the_next_way_once(family: Family) -> None:
    """A withdrawn consent and a refused contact may meet; the obligation takes each way once (Q88)."""
    (row,) = await report(family)
    for _ in range(2):
        async with family.open_uow() as uow:
            moved = Moved(row.deliveries[0], Status.WITHDRAWN, Reason.CONSENT_WITHDRAWN, (over("paper", None),))
            await uow.outbox.replan([moved], now=NOW)
            await uow.commit()
    (row,) = await report(family)
    assert [(each.channel, each.status) for each in row.deliveries] == [
        ("telegram", Status.WITHDRAWN), ("paper", Status.PENDING),
    ]  # fmt: skip


async def test_what_has_arrived_after_all_is_not_replaced(family: Family) -> None:
    """A receipt that comes between reading and moving wins: no next way starts (Q93)."""
    (row,) = await report(family)
    async with family.open_uow() as uow:
        attempt = await claim(uow, *row.deliveries)
        await uow.outbox.record_receipt(attempt, Receipt(Status.DELIVERED), CLOSES, at=LATER)
        moved = Moved(row.deliveries[0], Status.REFUSED, Reason.BOUNCED, (over("email", family.email),))
        await uow.outbox.replan([moved], now=LATER)
        await uow.commit()
    (row,) = await report(family)
    assert [each.status for each in row.deliveries] == [Status.DELIVERED]
    assert (row.obligation.state, row.obligation.closed_at) == (State.CLOSED, LATER)


async def test_an_answer_that_got_lost_counts_against_the_repeats_and_a_kill_does_not(family: Family) -> None:
    """Both put the delivery back; only the first uses up the limit."""
    for reason in (Reason.ANSWER_LOST, Reason.WORKER_KILLED):
        (row,) = await report(family)
        async with family.open_uow() as uow:
            attempt = await claim(uow, *row.deliveries)
            lost = int(reason is Reason.ANSWER_LOST)
            outcome = Outcome(attempt, "telegram", Status.PENDING, NOW, reason=reason, retry_at=LATER, repeats=lost)
            await uow.outbox.settle([outcome], CLOSES)
            await uow.commit()
    (row,) = await report(family)
    (back,) = row.deliveries
    assert (back.status, back.tries, back.repeats, back.not_before) == (Status.PENDING, 2, 1, LATER)
    async with family.open_uow(reading=True) as uow:
        assert await uow.outbox.in_flight() == []
        tries = await uow.outbox.attempts_of(row.obligation.id)
    assert [each.reason for each in tries] == [Reason.ANSWER_LOST, Reason.WORKER_KILLED]


async def test_an_obligation_is_looked_at_when_its_next_way_must_start(family: Family) -> None:
    """Not a moment before the latest start, and never again once the next way is on its way (Q73)."""
    async with family.open_uow() as uow:
        before = LATEST_START - timedelta(microseconds=1)
        assert await uow.outbox.to_escalate(now=before, limit=10) == []
        (stuck,) = await uow.outbox.to_escalate(now=LATEST_START, limit=10)
        moved = Moved(stuck, Status.PENDING, Reason.EVIDENCE_MISSING, (over("paper", None),))
        await uow.outbox.replan([moved], now=LATEST_START)
        assert await uow.outbox.to_escalate(now=DUE, limit=10) == []
        await uow.commit()


async def test_the_most_urgent_bundles_come_first(family: Family) -> None:
    """What is due goes before what is not, and what may not go yet does not go."""
    await family.learns(MARK, fact="entry:1")
    async with family.open_uow() as uow:
        (told,) = await uow.outbox.unplanned(1)
        mark = owed(family, told.id, over("telegram", None), over("telegram", family.email))
        later = PlannedDelivery("telegram", None, "later", Status.PENDING, None, LATER, None)
        without_term = PlannedObligation(
            told.id, family.mother, family.student, MARK.kind, NOW, None, State.OPEN, (*mark.deliveries, later)
        )
        await uow.outbox.plan([without_term], notice_ids=[told.id], at=NOW)
        waiting = await uow.outbox.waiting("telegram", now=NOW, limit=10)
        urgent = await uow.outbox.waiting("telegram", now=NOW, limit=1)
        await uow.commit()
    assert waiting[0] == f"telegram:{family.telegram}"
    assert set(waiting) == {f"telegram:{family.telegram}", "telegram:None", f"telegram:{family.email}"}
    assert urgent == waiting[:1]


async def test_late_is_later_than_a_day_to_the_moment(family: Family) -> None:
    """24:00:00 is in time and 24:00:01 is late, closed or still open (R6, Q75)."""
    (row,) = await report(family)
    async with family.open_uow() as uow:
        attempt = await claim(uow, *row.deliveries)
        assert await uow.outbox.obligations(late_at=DUE) == []
        assert len(await uow.outbox.obligations(late_at=DUE + timedelta(seconds=1))) == 1
        await uow.outbox.settle([Outcome(attempt, "telegram", Status.ACCEPTED, DUE)], CLOSES)
        assert await uow.outbox.obligations(late_at=DUE + timedelta(days=9)) == []
        await uow.commit()


NEWS = st.one_of(
    st.sampled_from([Status.ACCEPTED, Status.UNCERTAIN, Status.REFUSED, Status.FAILED]).map(
        lambda status: ("outcome", status)
    ),
    st.sampled_from([*sorted(GRADES), Status.REFUSED, Status.FAILED]).map(lambda status: ("receipt", status)),
)


@given(news=st.lists(NEWS, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_order_of_news_lowers_what_is_proved(family: Family, news: list[tuple[str, Status]]) -> None:
    """Outcomes and receipts in any order: evidence only grows until a bounce ends what was merely accepted (Q93)."""
    await family.learns(FINAL, fact="period_mark:any")
    notice = await plan(family, over("telegram", family.telegram))
    (row,) = [each for each in await report(family) if each.obligation.notice_id == notice]
    async with family.open_uow() as uow:
        attempt = await claim(uow, *row.deliveries)
        before = Status.SENDING
        for kind, status in news:
            if kind == "outcome":
                await uow.outbox.settle([Outcome(attempt, "telegram", status, NOW)], CLOSES)
            else:
                await uow.outbox.record_receipt(attempt, Receipt(status), CLOSES, at=NOW)
            (after,) = await uow.outbox.sent_by([attempt])
            (kept,) = await uow.outbox.obligations(obligation_id=row.obligation.id)
            assert _may_become(before, after.status)
            assert (kept.obligation.state is State.CLOSED) == (after.status in GRADES)
            assert kept.obligation.evidence == (after.status if after.status in GRADES else None)
            before = after.status


def _may_become(before: Status, after: Status) -> bool:
    if before in ENDS:
        return after is before
    if after in NOT_TAKEN:
        return RANK[before] <= RANK[Status.ACCEPTED]
    return RANK[after] >= RANK[before]
