"""The sandbox's mailbox and telephones take what the school sends and answer as the real ones do."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiohttp
import aiosmtplib
import pytest
from aiohttp import web

from bot.sandbox import SandboxServer
from bot.sandbox.phone import sandbox_phone_part_count


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "school@example.test", "Leskova@example.test", "Новые оценки"
    mail.set_content("Алгебра: 5\n")
    mail.add_alternative("<p>Алгебра: <b>5</b></p>\n", subtype="html")
    return mail


async def test_a_mail_is_kept_with_all_its_parts(world: SandboxServer) -> None:
    """Subject, text, HTML, headers and the raw bytes of a mail are there for its address."""
    server = urlsplit(world.smtp_url)
    await aiosmtplib.send(letter(), hostname=server.hostname, port=server.port)
    (mail,) = world.mailbox["leskova@example.test"]
    assert (mail.subject, mail.text, mail.html) == ("Новые оценки", "Алгебра: 5\n", "<p>Алгебра: <b>5</b></p>\n")
    assert mail.headers["From"] == mail.sender == "school@example.test"
    assert b"multipart/alternative" in mail.raw


async def test_an_address_that_does_not_exist_is_refused(world: SandboxServer) -> None:
    """550 to the recipient, as a real server says for an unknown address."""
    world.mailbox.refused.add("leskova@example.test")
    server = urlsplit(world.smtp_url)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await aiosmtplib.send(letter(), hostname=server.hostname, port=server.port)
    assert len(world.mailbox) == 0


@pytest.fixture
async def reports() -> AsyncIterator[tuple[str, asyncio.Queue[int]]]:
    """An address for delivery reports, and the codes it got."""
    taken: asyncio.Queue[int] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await taken.put(int(request.query["dlr"]))
        return web.Response()

    application = web.Application()
    application.router.add_get("/dlr", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/dlr?dlr=%d", taken
    await runner.cleanup()


async def send(world: SandboxServer, text: str, **rest: str) -> tuple[int, str]:
    gate = urlsplit(world.sms_url)
    query = {
        "username": gate.username or "", "password": gate.password or "", "from": "School30", "to": "+79000000001",
        "text": text, "coding": "2", "charset": "UTF-8",
    } | rest  # fmt: skip
    address = f"http://{gate.hostname}:{gate.port}{gate.path}"
    async with aiohttp.ClientSession() as session, session.get(address, params=query) as response:
        return response.status, await response.text()


async def test_an_sms_arrives_letter_for_letter_with_its_reports(
    world: SandboxServer, reports: tuple[str, asyncio.Queue[int]]
) -> None:
    """A Cyrillic SMS is accepted with Kannel's words, kept by number, and reported 8, then 1."""
    address, taken = reports
    answer = await send(world, "Ёлка: «5» → 4", **{"dlr-mask": "31", "dlr-url": address})
    assert answer == (202, "0: Accepted for delivery")
    assert [await asyncio.wait_for(taken.get(), 3) for _ in range(2)] == [8, 1]
    (sms,) = world.phone["79000000001"]
    assert (sms.text, sms.parts, sms.sender) == ("Ёлка: «5» → 4", 1, "School30")


async def test_the_report_can_be_a_failure(world: SandboxServer, reports: tuple[str, asyncio.Queue[int]]) -> None:
    """A number for which failure was asked reports it."""
    address, taken = reports
    world.phone.report("+79000000001", 2)
    await send(world, "ок", **{"dlr-mask": "31", "dlr-url": address})
    assert await asyncio.wait_for(taken.get(), 3) == 2


async def test_a_bad_login_is_refused(world: SandboxServer) -> None:
    """Kannel's 403 for a wrong password; nothing arrives."""
    assert (await send(world, "ок", password="wrong"))[0] == 403
    assert len(world.phone) == 0


async def test_cyrillic_without_its_coding_arrives_as_question_marks(world: SandboxServer) -> None:
    """Without coding=2 Kannel accepts the SMS and the phone shows question marks."""
    assert (await send(world, "Оценка 5", coding="0"))[0] == 202
    assert world.phone["+79000000001"][0].text == "?????? 5"


@pytest.mark.parametrize(
    ("text", "parts"), [("я" * 70, 1), ("я" * 71, 2), ("я" * 134, 2), ("я" * 135, 3), ("a" * 160, 1)]
)
def test_a_long_sms_is_counted_in_parts(text: str, parts: int) -> None:
    """70 Cyrillic characters fit one SMS, 67 each part of a longer one (Q91)."""
    assert sandbox_phone_part_count(text) == parts


async def test_everything_is_stamped_with_the_worlds_own_time() -> None:
    """A demo that plays another day shows that day on every phone, not today's."""
    async with SandboxServer.open(clock=lambda: 1_000_000.9) as world:
        world.chats[101].send("/start")
        sheet = world.tray.add(person="Тамара Белова", title="Выписка", pdf=b"%PDF")
        assert (world.chats[101].messages[0].date, sheet.date) == (1_000_000, 1_000_000)
