"""A family answers a mail: it was read, or a kind is not wanted by mail."""

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.app import App, open_app
from bot.run.bounced_mail import collect_bounced_mail
from bot.run.receipts import serve_receipts
from bot.settings import SettingsFromArguments
from core.actions.delivery import fan_out, sending
from core.actions.register import contacts, preferences
from core.model.delivery.deliveries import Outcome
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import Announcement, FinalMarkSet, HomeworkDue, MarkRecorded
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.register.preferences import Frequency
from notifiers.email.replies import MailReply, MailReplyLinks
from notifiers.email.return_mailbox import ReturnedMail, ReturnMailbox
from storage.schema import migrate_schema
from tests.peers.processes import free_ports
from tests.support.schools.builders import NOW, Builder, Family

DAY = NOW.date()
MARK = MarkRecorded("Алгебра", DAY, "5")
FINAL = FinalMarkSet("Алгебра", "1 четверть", "5")
MEETING = Announcement("Собрание в 18:00", DAY, "Ким Ён")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    (port,) = free_ports(1)
    settings = SettingsFromArguments.of(data=tmp_path, receipts_listen=f"127.0.0.1:{port}", quiet="none", window="PT0S")
    await migrate_schema(settings.database)
    async with open_app(settings, clock=lambda: NOW) as opened:
        yield opened


async def family_of(app: App, *channels: str) -> Family:
    """A mother with these confirmed contacts."""
    async with app.open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian("Соколова Вера Ивановна", student)
        await build.decides(mother, student, Decision.CONSENT)
        contacts = [await build.contact(mother, channel, f"{channel}@example.org") for channel in channels]
        await uow.commit()
    return Family(app.open_uow, student, mother, 0, contacts[0])


async def publish(app: App, family: Family, *notices: Notice) -> None:
    async with app.open_uow() as uow:
        new = [NewNotice(family.student, notice, f"test:{notice}") for notice in notices]
        await uow.outbox.add(new, received_at=NOW, published_at=NOW)
        await uow.commit()
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=app.policy)


async def send(app: App, channel: str = "email") -> list[str]:
    """Claims and accepts all that waits for a channel; returns the keys of the messages."""
    async with app.open_uow() as uow:
        bundles = await uow.outbox.waiting(channel, now=NOW, limit=99)
        parcels = await sending.claim_messages_for_sending(uow, channel, bundles, worker=app.worker_identity, now=NOW)
        outcomes = [(each, Outcome(each.attempt_id, each.channel, Status.ACCEPTED, NOW)) for each in parcels]
        await sending.settle_messages_after_sending(uow, outcomes, worker=app.worker_identity)
        await uow.commit()
    return [parcel.key for parcel in parcels]


async def ways(app: App) -> dict[NoticeKind, list[tuple[str, Status, Reason | None]]]:
    """The deliveries of the newest obligation of each kind."""
    async with app.open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    return {
        row.obligation.kind: [(each.channel, each.status, each.reason) for each in row.deliveries]
        for row in sorted(rows, key=lambda row: row.obligation.id)
    }


class Letters:
    """The return mailbox with these letters in it."""

    def __init__(self, *subjects: str) -> None:
        self.seen: list[str] = []
        self._letters = [(str(uid), subject) for uid, subject in enumerate(subjects)]

    def unseen_mail(self) -> list[ReturnedMail]:
        return [ReturnedMail(uid, self._letter(subject)) for uid, subject in self._letters]

    def mark_seen(self, uids: list[str]) -> None:
        self.seen += uids

    def _letter(self, subject: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["Subject"] = "vera@example.org", subject
        return letter


def subject(app: App, reply: MailReply, key: str) -> str:
    link = MailReplyLinks("bounce@example.org", secret=app.signing_key).letter(reply, key)
    return parse_qs(urlsplit(link).query)["subject"][0]


async def answered(app: App, reply: MailReply, *keys: str) -> list[str]:
    letters = Letters("Когда собрание?", *(subject(app, reply, key) for key in keys))
    await collect_bounced_mail(app, cast("ReturnMailbox", letters))
    return letters.seen


async def test_unsubscribing_switches_the_kind_off_for_mail_alone(app: App) -> None:
    """Marks go on by SMS, homework by mail; the trail says who, what and where (Q83)."""
    family = await family_of(app, "email", "sms")
    await publish(app, family, MARK)
    (key,) = await send(app)
    assert await answered(app, MailReply.UNSUBSCRIBE, key, key) == ["1", "2"]
    await publish(app, family, MarkRecorded("Физика", DAY, "4"), HomeworkDue("Химия", DAY, "§ 5"))
    assert await ways(app) == {
        NoticeKind.MARKS: [("email", Status.WITHDRAWN, Reason.SWITCHED_OFF), ("sms", Status.PENDING, None)],
        NoticeKind.HOMEWORK: [("email", Status.PENDING, None)],
    }
    async with app.open_uow(reading=True) as uow:
        (line, *_) = [line for line in await uow.audit.lines(limit=99) if line.action == "unsubscribed"]
    assert {"channel": "email", "kind": "marks"}.items() <= line.facts.items()
    assert line.actor_id == family.mother


async def test_results_stay_whatever_is_asked(app: App) -> None:
    """A mail of results alone switches nothing off; one kind off leaves R6 as it was (Q83)."""
    family = await family_of(app, "email")
    await publish(app, family, FINAL, MARK)
    keys = await send(app)
    await answered(app, MailReply.UNSUBSCRIBE, *keys)
    await publish(app, family, FinalMarkSet("Физика", "1 четверть", "4"), MarkRecorded("Физика", DAY, "4"))
    assert await ways(app) == {
        NoticeKind.FINALS: [("email", Status.PENDING, None)],
        NoticeKind.MARKS: [("email", Status.WITHDRAWN, Reason.SWITCHED_OFF)],
    }
    async with app.open_uow(reading=True) as uow:
        states = {row.obligation.kind: row.obligation.state for row in await uow.outbox.obligations()}
    assert states[NoticeKind.MARKS] is State.WAIVED


async def test_what_waits_obeys_at_once_and_the_way_back_is_the_settings(app: App) -> None:
    """A mail that waits for the digest does not go any more; a kind chosen again comes by mail again (Q83)."""
    family = await family_of(app, "email", "sms")
    await publish(app, family, MARK)
    (key,) = await send(app)
    await publish(app, family, MarkRecorded("Физика", DAY, "4"))
    await answered(app, MailReply.UNSUBSCRIBE, key)
    assert await send(app) == []
    assert (await ways(app))[NoticeKind.MARKS][-1] == ("sms", Status.PENDING, None)
    async with app.open_uow() as uow:
        mother = Actor(family.mother, frozenset())
        await preferences.choose_frequency_preference(
            uow, mother, kind=NoticeKind.MARKS, frequency=Frequency.AT_ONCE, now=NOW
        )
    await publish(app, family, MarkRecorded("Химия", DAY, "3"))
    assert (await ways(app))[NoticeKind.MARKS] == [("email", Status.PENDING, None)]


async def test_the_secretary_puts_a_family_of_mail_alone_back(app: App) -> None:
    """`vestnik contact resume N` is the way back of a family that has no chat (Q83, Q122)."""
    family = await family_of(app, "email")
    await publish(app, family, MARK)
    await answered(app, MailReply.UNSUBSCRIBE, *await send(app))
    secretary = Actor(family.mother, frozenset({Role.SECRETARY}))
    resumed = []
    for _ in range(2):
        async with app.open_uow() as uow:
            resumed.append(await contacts.resume_contact(uow, secretary, contact_id=family.email, now=NOW))
    assert resumed == [True, False]
    await publish(app, family, MarkRecorded("Химия", DAY, "3"))
    assert (await ways(app))[NoticeKind.MARKS] == [("email", Status.PENDING, None)]


async def test_a_letter_acknowledges_a_mail(app: App) -> None:
    """«Прочитано» by letter is the evidence that a pressed button is (Q72, contracts)."""
    await publish(app, await family_of(app, "email"), MEETING, FINAL)
    keys = await send(app)
    assert await answered(app, MailReply.READ, *keys) == ["1", "2"]
    assert {kind: way[0][1] for kind, way in (await ways(app)).items()} == {
        NoticeKind.ANNOUNCEMENTS: Status.ACKNOWLEDGED,
        NoticeKind.FINALS: Status.ACKNOWLEDGED,
    }
    assert await answered(app, MailReply.READ, "0123456789abcdef01234567") == ["1"]


@pytest.mark.parametrize("prefix", ["", "/vestnik"])
async def test_the_page_records_at_the_press_alone(app: App, prefix: str) -> None:
    """A scanner that opens the link acknowledges nothing; the page names nobody; a forged address is unknown (Q72)."""
    await publish(app, await family_of(app, "email"), MEETING)
    (key,) = await send(app)
    origin = f"http://{app.settings.receipts_listen}{prefix}"
    link = MailReplyLinks("x@example.org", origin, app.signing_key).read(key)
    async with serve_receipts(app), aiohttp.ClientSession() as session:
        async with session.get(link) as shown:
            page = await shown.text()
        assert (shown.status, "Прочитано" in page, "Соколов" in page, "Собрание" in page) == (200, True, False, False)
        assert (await ways(app))[NoticeKind.ANNOUNCEMENTS][0][1] is Status.ACCEPTED
        for _ in range(2):
            async with session.post(link) as thanked:
                assert (thanked.status, "Спасибо" in await thanked.text()) == (200, True)
        forged = re.sub("[0-9a-f]{16}$", "0" * 16, link)
        statuses = [(await session.get(forged)).status, (await session.post(forged)).status]
        unknown = MailReplyLinks("x@example.org", origin, app.signing_key).read("nobody")
        assert [*statuses, (await session.post(unknown)).status] == [404, 404, 404]
    assert (await ways(app))[NoticeKind.ANNOUNCEMENTS] == [("email", Status.ACKNOWLEDGED, None)]
