"""From a published fact to its evidence, on a real database with channels that do what a test tells them."""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.actions.delivery import fan_out, lease, obligations, receipts, sending
from core.actions.delivery.worker import Worker
from core.actions.register import consents
from core.errors import LeaseLostError, NotFoundError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import Reason, State, Status
from core.model.notices.family import MarkChanged
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision, NewConsent
from core.model.register.preferences import Frequency
from core.ports import RefusedError, UnavailableError, UncertainError, UnitOfWorkFactory
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.post import POLICY, TTL, Post, deliveries, rows
from tests.support.schools.builders import FINAL, MARK, NOW, Builder, Family, a_family


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """A student whose mother agreed to Telegram, then e-mail."""
    return await a_family(open_uow)


async def test_a_final_mark_reaches_the_mother_and_closes(family: Family) -> None:
    """The fact, the obligation, the message and the evidence, all in one line (Q71, Q72)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    await post.drain()
    ((address, text, _),) = post.telegram.sent
    (row,) = await rows(family.open_uow)
    assert address == "501"
    assert "Соколова" in text.title
    assert (row.obligation.state, row.obligation.evidence) == (State.CLOSED, Status.ACCEPTED)
    assert row.obligation.due == NOW + timedelta(hours=24)


async def test_marks_of_a_moment_are_one_message(family: Family) -> None:
    """Several notices within the window go together (Q89), and not before it ends."""
    await family.learns(MARK, MarkChanged("Физика", NOW.date(), "3", "4"))
    post = Post(family.open_uow)
    await post.drain()
    assert not post.telegram.sent
    await post.drain(minutes=3)
    assert len(post.telegram.sent) == 1


async def test_a_consent_withdrawn_between_planning_and_sending_stops_the_message(family: Family) -> None:
    """Nothing is sent, the obligation goes to paper and the reason is kept (Q5)."""
    await family.learns(FINAL)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
    async with family.open_uow() as uow:
        withdrawal = NewConsent(family.mother, family.student, Decision.WITHDRAWAL, NOW.date(), "О-1")
        await consents.register_consent(uow, SYSTEM, withdrawal, now=NOW, policy=POLICY)
    post = Post(family.open_uow)
    await post.drain()
    assert not post.telegram.sent
    assert not post.email.sent
    assert len(post.paper.sent) == 1
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.WITHDRAWN, Reason.CONSENT_WITHDRAWN),
        ("paper", Status.ACCEPTED, None),
    ]


async def test_the_gate_is_asked_again_at_sending(family: Family) -> None:
    """Even a register entry that nobody acted upon stops what was planned before it (Q2)."""
    await family.learns(FINAL)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
    async with family.open_uow() as uow:
        await Builder(uow).decides(family.mother, family.student, Decision.WITHDRAWAL)
        await uow.commit()
    post = Post(family.open_uow)
    await post.drain()
    assert not post.telegram.sent
    assert len(post.paper.sent) == 1


async def test_a_family_that_refused_is_on_paper(open_uow: UnitOfWorkFactory) -> None:
    """Refusal is registered like consent and opens no electronic channel (Q1, Q30)."""
    family = await a_family(open_uow, decision=Decision.REFUSAL)
    await family.learns(FINAL)
    post = Post(open_uow)
    await post.drain()
    assert [address for address, *_ in post.paper.sent] == [f"{family.mother}:{family.student}"]
    assert (await deliveries(open_uow))[-1][:2] == ("paper", Status.ACCEPTED)


async def test_a_blocked_bot_is_set_aside_and_the_mail_takes_over(family: Family) -> None:
    """The next agreed channel carries what the first refused; the contact shows why (Q84)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(RefusedError(Reason.BLOCKED))
    await post.drain()
    assert [address for address, *_ in post.email.sent] == ["sokolova@example.org"]
    async with family.open_uow(reading=True) as uow:
        assert (await uow.register.contact(family.telegram)).set_aside_reason == Reason.BLOCKED
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.REFUSED, Reason.BLOCKED),
        ("email", Status.ACCEPTED, None),
    ]


async def test_when_every_contact_refuses_paper_is_the_last_way(family: Family) -> None:
    """Nobody is left without a channel (Q30, Q84)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(RefusedError(Reason.BLOCKED))
    post.email.script.append(RefusedError(Reason.NO_SUCH_ADDRESS))
    await post.drain()
    assert len(post.paper.sent) == 1


async def test_a_flood_limit_pauses_the_channel_and_then_the_message_goes(family: Family) -> None:
    """429 is waited out, without a second message (Q92)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(
        UnavailableError(Reason.THROTTLED, retry_after=timedelta(seconds=30), channel_wide=True)
    )
    await post.drain()
    await post.drain(seconds=29)
    assert not post.telegram.sent
    await post.drain(seconds=2)
    assert len(post.telegram.sent) == 1


async def test_a_lost_answer_repeats_a_result_twice_and_then_the_next_channel_starts(family: Family) -> None:
    """R6 goes again, marked as a repeat; at the limit e-mail takes over (Q88)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script = deque([UncertainError(), UncertainError(), UncertainError()])
    for _ in range(4):
        await post.drain(minutes=1)
    assert len(post.email.sent) == 1
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.UNCERTAIN, Reason.ANSWER_LOST),
        ("email", Status.ACCEPTED, None),
    ]


async def test_a_repeat_says_that_it_is_one(family: Family) -> None:
    """The family can tell a repeat from news."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(UncertainError())
    await post.drain()
    await post.drain(minutes=1)
    ((_, text, _),) = post.telegram.sent
    assert "повтор" in text.title


async def test_an_ordinary_mark_is_not_repeated_after_a_lost_answer(family: Family) -> None:
    """It is shown as uncertain and goes nowhere else."""
    await family.learns(MARK)
    post = Post(family.open_uow)
    await post.drain()
    post.telegram.script.append(UncertainError())
    await post.drain(minutes=3)
    await post.drain(hours=2)
    assert not post.telegram.sent
    assert not post.email.sent
    assert await deliveries(family.open_uow) == [("telegram", Status.UNCERTAIN, Reason.ANSWER_LOST)]


async def test_silence_past_the_latest_start_begins_the_next_channel(family: Family) -> None:
    """Planned backwards from the due time: e-mail at 17 h, paper at 18 h, all before 24 h (Q73)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script = deque([UnavailableError(Reason.CHANNEL_DOWN)] * 50)
    post.email.script = deque([UnavailableError(Reason.CHANNEL_DOWN)] * 50)
    await post.drain()
    await post.drain(hours=16, minutes=59)
    assert [channel for channel, *_ in await deliveries(family.open_uow)] == ["telegram"]
    await post.drain(minutes=1)
    assert [channel for channel, *_ in await deliveries(family.open_uow)] == ["telegram", "email"]
    await post.drain(hours=1)
    assert len(post.paper.sent) == 1


async def test_what_one_way_proved_late_is_not_said_again_by_the_next(family: Family) -> None:
    """Telegram came back after e-mail had been planned: the mother hears it once, and the row says why (Q87)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(UnavailableError(Reason.CHANNEL_DOWN, retry_after=timedelta(hours=17, seconds=30)))
    post.email.script.append(UnavailableError(Reason.CHANNEL_DOWN, retry_after=timedelta(minutes=5)))
    await post.drain()
    await post.drain(hours=17)
    await post.drain(minutes=1)
    await post.drain(minutes=5)
    assert (len(post.telegram.sent), len(post.email.sent)) == (1, 0)
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.ACCEPTED, None),
        ("email", Status.WITHDRAWN, Reason.ALREADY_PROVED),
    ]


async def test_a_way_that_was_closed_at_planning_may_open_and_be_taken(family: Family) -> None:
    """E-mail confirmed in the meantime takes over from a blocked bot, though its first row says it was closed (Q84)."""
    async with family.open_uow() as uow:
        await uow.register.set_aside(family.email, Reason.BOUNCED, at=NOW)
        await uow.commit()
    await family.learns(MARK)
    post = Post(family.open_uow)
    post.telegram.script.append(RefusedError(Reason.BLOCKED))
    await post.drain()
    async with family.open_uow() as uow:
        await uow.register.resume(family.email)
        await uow.commit()
    await post.drain(minutes=3)
    await post.drain(minutes=3)
    assert len(post.email.sent) == 1


async def test_a_new_version_of_a_result_replaces_the_old_obligation(family: Family) -> None:
    """A changed result is a new obligation with its own 24 hours (Q74)."""
    await family.learns(FINAL)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
    later = NOW + timedelta(hours=1)
    await family.learns(FINAL, at=later)
    post = Post(family.open_uow)
    await post.drain(hours=1)
    states = {row.obligation.received_at: row.obligation.state for row in await rows(family.open_uow)}
    assert states == {NOW: State.SUPERSEDED, later: State.CLOSED}
    assert len(post.telegram.sent) == 1


async def test_a_kind_that_is_off_is_waived_with_a_reason(family: Family) -> None:
    """What its owner switched off is not sent and says so; results come all the same (Q83, Q87)."""
    async with family.open_uow() as uow:
        await uow.register.prefer(family.mother, NoticeKind.MARKS, Frequency.OFF)
        await uow.commit()
    await family.learns(MARK)
    await family.learns(FINAL)
    post = Post(family.open_uow)
    await post.drain(minutes=3)
    assert len(post.telegram.sent) == 1
    found = {row.obligation.kind: row.obligation.state for row in await rows(family.open_uow)}
    assert found == {NoticeKind.MARKS: State.WAIVED, NoticeKind.FINALS: State.CLOSED}


async def test_what_a_dead_worker_held_is_sent_by_the_next_one(family: Family) -> None:
    """After a kill the message in flight goes again, and no limit is used up (Q88)."""
    await family.learns(FINAL)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
    dead = Worker("dead", TTL, POLICY, CLOSES)
    async with family.open_uow() as uow:
        await lease.take_worker_lease(uow, dead, lease.LeaseWatch(), now=NOW, ticks=0)
    async with family.open_uow() as uow:
        bundles = await uow.outbox.waiting("telegram", now=NOW, limit=10)
        assert len(await sending.claim_messages_for_sending(uow, "telegram", bundles, worker=dead, now=NOW)) == 1
        await uow.commit()
    post = Post(family.open_uow, holder="alive")
    await post.stand_by()
    await post.drain(seconds=1)
    assert len(post.telegram.sent) == 1
    (row,) = await rows(family.open_uow)
    assert row.deliveries[0].repeats == 0


async def test_a_worker_that_lost_the_lease_claims_nothing(family: Family) -> None:
    """Two workers never send at once."""
    first, second = (Worker(name, TTL, POLICY, CLOSES) for name in ("first", "second"))
    watch = lease.LeaseWatch()

    async def takes(worker: Worker, watch: lease.LeaseWatch, ticks: float) -> bool:
        async with family.open_uow() as uow:
            return await lease.take_worker_lease(uow, worker, watch, now=NOW, ticks=ticks)

    assert await takes(first, lease.LeaseWatch(), 0)
    assert [await takes(second, watch, ticks) for ticks in (0, 5, 9, 10)] == [False, False, False, True]
    assert not await takes(first, lease.LeaseWatch(), 10)
    async with family.open_uow() as uow:
        with pytest.raises(LeaseLostError):
            await lease.keep_worker_lease(uow, first)


async def sent_key(family: Family) -> str:
    """Send a result and return the key that the channel was given."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    await post.drain()
    ((_, _, key),) = post.telegram.sent
    return key


async def receives(family: Family, key: str, receipt: Receipt) -> bool:
    """A receipt comes from outside."""
    async with family.open_uow() as uow:
        return await receipts.record_delivery_receipt(
            uow, key, receipt, worker=Worker("w", TTL, POLICY, CLOSES), now=NOW
        )


async def test_receipts_raise_the_evidence_and_never_lower_it(family: Family) -> None:
    """A late "accepted" after "delivered" is old news, and so is an unknown key (Q93)."""
    key = await sent_key(family)
    assert await receives(family, key, Receipt(Status.DELIVERED))
    assert not await receives(family, key, Receipt(Status.ACCEPTED))
    assert not await receives(family, "nobody's", Receipt(Status.DELIVERED))
    (row,) = await rows(family.open_uow)
    assert row.obligation.evidence == Status.DELIVERED


async def test_a_bounce_after_acceptance_starts_the_next_channel(family: Family) -> None:
    """What was merely accepted may still come back: the contact is set aside and the mail goes (Q84)."""
    key = await sent_key(family)
    assert await receives(family, key, Receipt(Status.REFUSED, reason=Reason.BOUNCED))
    post = Post(family.open_uow)
    await post.drain()
    assert len(post.email.sent) == 1


async def test_the_button_is_pressed_by_the_one_who_got_the_message(family: Family) -> None:
    """An acknowledgement counts from the owner of the message and from nobody else (Q72)."""
    await sent_key(family)
    (row,) = await rows(family.open_uow)
    attempt = row.deliveries[0].attempt_id
    assert attempt is not None
    mother, stranger = (
        Actor(person, frozenset({Role.GUARDIAN}), "telegram") for person in (family.mother, family.mother + 99)
    )
    async with family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await receipts.record_read_receipt(uow, stranger, attempt, closes=CLOSES, now=NOW)
    async with family.open_uow() as uow:
        assert await receipts.record_read_receipt(uow, mother, attempt, closes=CLOSES, now=NOW)
    (row,) = await rows(family.open_uow)
    assert row.obligation.evidence == Status.ACKNOWLEDGED


async def test_every_entitled_person_has_exactly_one_obligation(family: Family) -> None:
    """The nightly check finds the two sets equal, and names a result that nobody announced (Q71)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    await post.drain()
    async with family.open_uow(reading=True) as uow:
        found = await obligations.verify_obligations(uow, policy=POLICY)
    assert [(each.fact, each.what) for each in found] == [("period_mark:1", "notice")]


async def test_a_person_who_was_forgotten_is_found(family: Family) -> None:
    """A father entered after the fan-out, but entitled on that day, shows as missing (Q71)."""
    await family.learns(FINAL)
    await Post(family.open_uow).drain()
    async with family.open_uow() as uow:
        father = await Builder(uow).guardian("Соколов Олег Петрович", family.student)
        await uow.commit()
    async with family.open_uow(reading=True) as uow:
        found = await obligations.verify_obligations(uow, policy=POLICY)
    assert [(each.what, each.person_id) for each in found if each.what != "notice"] == [("missing", father)]


async def test_what_is_about_to_be_late_is_seen_before_it_is_late(family: Family) -> None:
    """Four hours before the due time an open obligation is shown (Q75)."""
    await family.learns(FINAL)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
    found: Sequence[ObligationRow] = ()
    for hours, expected in ((19, 0), (20, 1)):
        async with family.open_uow(reading=True) as uow:
            found = await obligations.load_almost_late_obligations(uow, now=NOW + timedelta(hours=hours), policy=POLICY)
        assert len(found) == expected
    assert {row.obligation.kind for row in found} <= R6_KINDS


async def test_the_ledger_witnesses_every_try(family: Family) -> None:
    """Each message leaves a line in the chain, and the chain holds (Q76)."""
    await sent_key(family)
    async with family.open_uow(reading=True) as uow:
        lines = await uow.audit.lines(limit=10)
        assert await uow.audit.verify() is None
    assert "attempt.accepted" in {line.action for line in lines}
