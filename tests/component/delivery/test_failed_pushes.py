"""How a push fails, and what follows: the contact, this message or the channel is at fault, and never for ever."""

from collections import deque
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import JSON, type_coerce, update

from core.actions.delivery import fan_out, lease, receipts, sending
from core.actions.delivery.worker import Worker
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, State, Status
from core.model.delivery.text import Text
from core.model.notices.family import Announcement, FinalMarkSet, LessonChanged, MarkChanged
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.timetable import ChangeKind
from core.ports import RejectedError, UnavailableError, UncertainError, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.words import texts
from storage.database.engine import create_database_engine
from storage.schema.delivery import notice as notice_table
from tests.support.delivery.fakes import CLOSES, ScriptedNotifier
from tests.support.delivery.post import POLICY, TTL, Post, deliveries, rows
from tests.support.schools.builders import FINAL, MARK, NOW, Builder, Family, a_family

ANSWERED = UnavailableError(Reason.CHANNEL_DOWN, answered=True)
OUTAGE = UnavailableError(Reason.CHANNEL_DOWN)
FULL = UnavailableError(Reason.MAILBOX_FULL, retry_after=timedelta(hours=1), answered=True)
CHANGE = LessonChanged("Химия", date(2026, 11, 21), 3, ChangeKind.CANCELLATION)


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """A student whose mother agreed to Telegram, then e-mail."""
    return await a_family(open_uow)


async def set_aside_reasons(family: Family) -> list[str | None]:
    """Why the mother's contacts are set aside; None: in use."""
    async with family.open_uow(reading=True) as uow:
        return [each.set_aside_reason for each in await uow.register.contacts(family.mother)]


@dataclass(slots=True)
class Forgetful(ScriptedNotifier):
    """Takes each message, then breaks over its own answer: `{"ok": true, "result": true}`."""

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        await ScriptedNotifier.send(self, address, text, key=key)
        raise AttributeError("'bool' object has no attribute 'message_id'")


async def test_a_message_that_is_not_taken_goes_its_next_way_and_the_contact_stays(family: Family) -> None:
    """A refused text says nothing of the chat: the next result goes there again (Q122)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(RejectedError())
    await post.drain()
    assert len(post.email.sent) == 1
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.FAILED, Reason.REJECTED),
        ("email", Status.ACCEPTED, None),
    ]
    assert await set_aside_reasons(family) == [None, None]
    await family.learns(FINAL, at=NOW + timedelta(hours=1), fact="period_mark:2")
    await post.drain(hours=1)
    assert len(post.telegram.sent) == 1


@pytest.mark.parametrize("notice", [FINAL, MARK])
async def test_what_the_channel_answers_with_a_failure_ends_after_its_tries(
    family: Family, notice: FinalMarkSet
) -> None:
    """Five failures of one message are a technical failure, a mark's too: the next way starts, the contact stays."""
    await family.learns(notice)
    post = Post(family.open_uow)
    post.telegram.script = deque([ANSWERED] * 50)
    for _ in range(9):
        await post.drain(hours=1)
    assert len(post.telegram.script) == 45
    assert len(post.email.sent) == 1
    assert await deliveries(family.open_uow) == [
        ("telegram", Status.FAILED, Reason.TECHNICAL_FAILURE),
        ("email", Status.ACCEPTED, None),
    ]
    assert await set_aside_reasons(family) == [None, None]


async def test_an_outage_uses_up_no_try(family: Family) -> None:
    """However long nobody can be reached, the mark waits; what the channel answers afterwards counts from one."""
    await family.learns(MARK)
    post = Post(family.open_uow)
    post.telegram.script = deque([OUTAGE] * 6 + [ANSWERED] * 4)
    for _ in range(11):
        await post.drain(hours=1)
    assert not post.telegram.script
    assert (await deliveries(family.open_uow))[0] == ("telegram", Status.PENDING, Reason.CHANNEL_DOWN)
    await post.drain(hours=1)
    assert len(post.telegram.sent) == 1


async def test_a_message_that_fails_while_others_pass_is_no_outage(family: Family) -> None:
    """A filter on the way that lets everybody's messages through but this one ends it as a technical failure."""
    post = Post(family.open_uow)
    other = await neighbours(family.open_uow, 1)
    await family.learns(MARK)
    for number in range(8):
        if number:
            async with family.open_uow() as uow:
                await uow.outbox.add([NewNotice(other[0], FINAL, f"n:{number}")], received_at=NOW, published_at=NOW)
                await uow.commit()
        post.telegram.script = deque()
        post.telegram.refuses = {"501": OUTAGE}
        await post.drain(hours=1)
    (row,) = [each for each in await rows(family.open_uow) if each.obligation.student_id == family.student]
    assert [(each.channel, each.status) for each in row.deliveries] == [
        ("telegram", Status.FAILED),
        ("email", Status.ACCEPTED),
    ]


async def test_a_full_mailbox_is_asked_again_and_stays_in_use(family: Family) -> None:
    """The owner may empty it within the hours of its tries; after them paper takes over, and the address stays."""
    async with family.open_uow() as uow:
        await uow.register.set_aside(family.telegram, Reason.BLOCKED, at=NOW)
        await uow.commit()
    await family.learns(MARK)
    post = Post(family.open_uow)
    post.email.script = deque([FULL] * 5)
    for _ in range(7):
        await post.drain(hours=1)
    assert len(post.email.script) == 0
    assert (await deliveries(family.open_uow))[-2:] == [
        ("email", Status.FAILED, Reason.MAILBOX_FULL),
        ("paper", Status.PENDING, None),
    ]
    assert await set_aside_reasons(family) == [Reason.BLOCKED, None]


async def test_what_we_cannot_write_ends_and_takes_nothing_along(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact that breaks our own words fails alone at its last try; what waited in the same message is told."""
    post, compose = Post(family.open_uow), texts.compose_text

    def breaks(parcel, t, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202  as `compose_text`
        if parcel.channel == "telegram" and any(item.notice == MARK for item in parcel.items):
            raise ZeroDivisionError
        return compose(parcel, t, **rest)

    monkeypatch.setattr(texts, "compose_text", breaks)
    await family.learns(MARK, MarkChanged("Физика", NOW.date(), "3", "4"))
    for _ in range(9):
        await post.drain(hours=1)
    found = {row.obligation.notice_id: [each.status for each in row.deliveries] for row in await rows(family.open_uow)}
    assert list(found.values()) == [[Status.FAILED, Status.ACCEPTED], [Status.ACCEPTED]]
    assert (len(post.telegram.sent), len(post.email.sent)) == (1, 1)


async def test_what_no_channel_can_write_ends_on_paper_and_the_queue_goes_on(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way has its tries, then the obligation stands open with its reasons; the next result is told at once."""
    post, compose = Post(family.open_uow), texts.compose_text

    def breaks(parcel, t, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202  as `compose_text`
        if any(item.notice == FINAL for item in parcel.items):
            raise ZeroDivisionError
        return compose(parcel, t, **rest)

    monkeypatch.setattr(texts, "compose_text", breaks)
    await family.learns(FINAL)
    for _ in range(20):
        await post.drain(hours=1)
    ended = (Status.FAILED, Reason.TECHNICAL_FAILURE)
    assert await deliveries(family.open_uow) == [(way, *ended) for way in ("telegram", "email", "paper")]
    await family.learns(replace(FINAL, subject="Физика"), at=post.clock(), fact="period_mark:2")
    await post.drain(hours=7)
    assert len(post.telegram.sent) == 1


async def test_a_hundred_hours_of_unreadable_answers_send_no_more_than_the_limit(family: Family) -> None:
    """What may have been accepted is uncertain: a result goes thrice at most, marked; a mark once (Q88)."""
    post = Post(family.open_uow)
    post.telegram = Forgetful("telegram")
    post.worker.lanes["telegram"].notifier = post.telegram
    await family.learns(FINAL)
    await family.learns(MARK, fact="entry:1")
    for _ in range(100):
        await post.drain(hours=1)
    titles = [text.title for _, text, _ in post.telegram.sent]
    assert sorted(("Итог" in title, "повтор" in title) for title in titles) == [
        (False, False),
        (True, False),
        (True, True),
        (True, True),
    ]
    assert len(post.email.sent) == 1
    found = [[(each.channel, each.status) for each in row.deliveries] for row in await rows(family.open_uow)]
    assert found == [
        [("telegram", Status.UNCERTAIN), ("email", Status.ACCEPTED)],
        [("telegram", Status.UNCERTAIN)],
    ]


async def test_what_shared_a_message_with_a_lesson_change_is_not_repeated_with_it(family: Family) -> None:
    """After a lost answer the lesson change goes again; the announcement beside it never does (Q88)."""
    await family.learns(CHANGE, Announcement("Сбор макулатуры", NOW.date(), "Тихонова В. С."))
    post = Post(family.open_uow)
    post.telegram.script.append(UncertainError())
    await post.drain()
    await post.drain(minutes=3)
    assert not post.telegram.script
    await post.drain(minutes=1)
    ((_, text, _),) = post.telegram.sent
    assert "Химия" in text.short
    assert "макулатуры" not in f"{text}"
    assert {each.status for row in await rows(family.open_uow) for each in row.deliveries} == {
        Status.ACCEPTED,
        Status.UNCERTAIN,
    }


async def test_what_a_killed_worker_may_have_sent_is_marked_however_late_it_goes(family: Family) -> None:
    """An outage right after the kill does not make the repeat look like news."""
    await family.learns(FINAL)
    dead = Worker("dead", TTL, POLICY, CLOSES)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
        await lease.take_worker_lease(uow, dead, lease.LeaseWatch(), now=NOW, ticks=0)
    async with family.open_uow() as uow:
        bundles = await uow.outbox.waiting("telegram", now=NOW, limit=10)
        await sending.claim_messages_for_sending(uow, "telegram", bundles, worker=dead, now=NOW)
        await uow.commit()
    post = Post(family.open_uow, holder="alive")
    post.telegram.script.append(OUTAGE)
    await post.stand_by()
    await post.drain(seconds=1)
    await post.drain(minutes=5)
    ((_, text, _),) = post.telegram.sent
    assert "повтор" in text.title


async def test_a_chat_that_must_wait_keeps_its_next_messages_waiting_and_nobody_elses(family: Family) -> None:
    """A 429 of one chat is asked about once; the other chats get theirs meanwhile (Q92)."""
    others = await neighbours(family.open_uow, 9)
    post = Post(family.open_uow)
    post.telegram.refuses = {"501": UnavailableError(Reason.THROTTLED, retry_after=timedelta(minutes=10))}
    await family.learns(FINAL)
    await post.drain()
    async with family.open_uow() as uow:
        for student in (family.student, *others):
            await uow.outbox.add([NewNotice(student, MARK, f"entry:{student}")], received_at=NOW, published_at=NOW)
        await uow.commit()
    await post.drain(minutes=3)
    await post.drain(minutes=3)
    assert (len(post.telegram.sent), post.telegram.refused) == (9, 1)
    post.telegram.refuses = {}
    await post.drain(minutes=5)
    assert len(post.telegram.sent) == 11


async def test_a_wait_of_any_length_ends_within_the_hour(family: Family) -> None:
    """A third party's channel may ask for a million years: the moment of the next try is still a moment (Q92)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    post.telegram.script.append(UnavailableError(Reason.THROTTLED, retry_after=timedelta.max, channel_wide=True))
    await post.drain()
    await post.drain(hours=1, seconds=1)
    assert len(post.telegram.sent) == 1


@pytest.mark.parametrize(
    ("receipt", "reason"),
    [
        (Receipt(Status.FAILED, reason=Reason.MAILBOX_FULL), None),
        (Receipt(Status.FAILED, reason=Reason.REJECTED), None),
        (Receipt(Status.REFUSED, reason=Reason.BOUNCED), "bounced"),
    ],
)
async def test_only_a_report_about_the_contact_sets_it_aside(
    family: Family, receipt: Receipt, reason: str | None
) -> None:
    """What comes back hours later starts the next way; a full mailbox and a spam filter leave the address (Q122)."""
    await family.learns(FINAL)
    post = Post(family.open_uow)
    await post.drain()
    ((_, _, key),) = post.telegram.sent
    worker = Worker("w", TTL, POLICY, CLOSES)
    async with family.open_uow() as uow:
        assert await receipts.record_delivery_receipt(uow, key, receipt, worker=worker, now=NOW)
    assert (await set_aside_reasons(family))[0] == reason
    await post.drain()
    assert len(post.email.sent) == 1
    assert (await deliveries(family.open_uow))[0] == ("telegram", receipt.status, receipt.reason)


async def neighbours(open_uow: UnitOfWorkFactory, count: int) -> list[int]:
    """So many more families with a chat each; the students."""
    students: list[int] = []
    async with open_uow() as uow:
        build = Builder(uow)
        for number in range(count):
            students.append(await build.student(f"Зайцев Роман Юрьевич {number}"))
            father = await build.guardian(f"Зайцев Юрий Львович {number}", students[-1])
            await build.decides(father, students[-1], Decision.CONSENT)
            await build.contact(father, "telegram", f"7{number:03d}")
        await uow.commit()
    return students


async def rejected(open_uow: UnitOfWorkFactory, students: list[int], *, round_: int) -> None:
    """Each of these families' messages is refused for its content."""
    post = Post(open_uow)
    post.telegram.script = deque([RejectedError()] * len(students))
    async with open_uow() as uow:
        for student in students:
            await uow.outbox.add(
                [NewNotice(student, FINAL, f"r:{round_}:{student}")], received_at=NOW, published_at=NOW
            )
        await uow.commit()
    await post.drain()


async def alarms(open_uow: UnitOfWorkFactory, *, minutes: float = 1) -> dict[str, int]:
    """The job wakes so long afterwards."""
    async with open_uow() as uow:
        at = NOW + timedelta(minutes=minutes)
        return dict(await receipts.warn_of_rejection_receipts(uow, now=at, policy=POLICY))


async def test_a_content_refusal_of_many_is_an_alarm(open_uow: UnitOfWorkFactory) -> None:
    """Five contacts within an hour: the deputy head hears of the channel, once an hour, and that addresses stay."""
    students = await neighbours(open_uow, 5)
    async with open_uow() as uow:
        head = await Builder(uow).guardian("Громова Вера Павловна")
        await uow.people.add_staff_role(head, Role.DEPUTY_HEAD, group_id=None)
        await Builder(uow).contact(head, "email", "gromova@example.org")
        await uow.commit()
    await rejected(open_uow, students[:4], round_=1)
    await rejected(open_uow, students[:4], round_=2)
    assert await alarms(open_uow) == {}
    await rejected(open_uow, students[4:], round_=3)
    assert [await alarms(open_uow, minutes=minutes) for minutes in (2, 15, 59)] == [{"telegram": 5}, {}, {}]
    assert await alarms(open_uow, minutes=61) == {}
    post = Post(open_uow)
    await post.drain(minutes=3)
    ((address, text, _),) = post.email.sent
    assert address == "gromova@example.org"
    assert text.title == "Рассылка: сообщения не приняты"
    assert text.sections[0].lines == ("с 11:02, Telegram: не приняты сообщения 5 адресатам",)


async def test_full_mailboxes_and_technical_failures_raise_no_alarm(open_uow: UnitOfWorkFactory) -> None:
    """Only what a channel will not take for its content speaks of a filter."""
    students = await neighbours(open_uow, 6)
    post = Post(open_uow, policy=Policy(tries=1))
    post.telegram.script = deque([FULL, ANSWERED] * 3)
    async with open_uow() as uow:
        for student in students:
            await uow.outbox.add([NewNotice(student, FINAL, f"f:{student}")], received_at=NOW, published_at=NOW)
        await uow.commit()
    await post.drain()
    assert {each.status for row in await rows(open_uow) for each in row.deliveries if each.channel == "telegram"} == {
        Status.FAILED
    }
    assert await alarms(open_uow) == {}


async def test_a_notice_that_cannot_be_read_holds_up_no_other(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """It stays owed and is shown, each way to it ends as a technical failure, and the next result is told (Q121)."""
    family = await a_family(open_uow)
    await family.learns(FINAL)
    await family.learns(FINAL, fact="period_mark:2")
    engine = create_database_engine(store_url)
    async with engine.begin() as connection:
        unknown = type_coerce(["Rumour", {"word": "?"}], JSON)
        await connection.execute(update(notice_table).where(notice_table.c.id == 1).values(notice=unknown))
    await engine.dispose()
    post = Post(open_uow)
    for _ in range(16):
        await post.drain(hours=1)
    unreadable, readable = await rows(open_uow)
    assert [(each.channel, each.status) for each in readable.deliveries] == [("telegram", Status.ACCEPTED)]
    assert {each.reason for each in unreadable.deliveries} == {Reason.TECHNICAL_FAILURE}
    assert (unreadable.obligation.state, len(post.telegram.sent)) == (State.OPEN, 1)
