"""The services that other tests lean on do what those tests believe of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage

import aiohttp
import aiosmtplib
import asyncpg
import pytest
from aiohttp import web
from playwright.async_api import Browser

from tests.peers.kannel import REFUSED, UNDELIVERED, Kannel, Sms
from tests.peers.postfix import BOUNCING, MailServer
from tests.peers.postgres import PostgresServer

WORDS = "Математика: «5» → «4», ёлка №7, Ё"


@pytest.fixture
async def reports() -> AsyncIterator[tuple[str, asyncio.Queue[tuple[str, int]]]]:
    """An address that takes delivery reports, and the reports it took: for whom, and which."""
    taken: asyncio.Queue[tuple[str, int]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await taken.put((request.query["for"], int(request.query["dlr"])))
        return web.Response()

    app = web.Application()
    app.router.add_get("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", taken
    await runner.cleanup()


async def send_sms(kannel: Kannel, number: str, text: str, *, report_to: str) -> None:
    query = {
        "username": kannel.username,
        "password": kannel.password,
        "from": "Школа",
        "to": number,
        "text": text,
        "coding": "2",
        "charset": "UTF-8",
        "dlr-mask": "31",
        "dlr-url": f"{report_to}?for={number.removeprefix('+')}&dlr=%d",
    }
    async with aiohttp.ClientSession() as session, session.get(kannel.url, params=query) as answer:
        assert await answer.text() == "0: Accepted for delivery"


async def reported(reports: asyncio.Queue[tuple[str, int]], *, count: int) -> set[tuple[str, int]]:
    async with asyncio.timeout(5):
        return {await reports.get() for _ in range(count)}


async def test_a_cyrillic_sms_arrives_letter_for_letter_with_its_reports(
    kannel: Kannel, reports: tuple[str, asyncio.Queue[tuple[str, int]]]
) -> None:
    """The phone shows what the school wrote, and the gateway reports accepted (8) and delivered (1)."""
    address, taken = reports
    await send_sms(kannel, "+79990000001", WORDS, report_to=address)
    assert await kannel.arrival("+79990000001") == [Sms("Школа", "+79990000001", WORDS, parts=1)]
    assert await reported(taken, count=2) == {("79990000001", 8), ("79990000001", 1)}


async def test_a_long_sms_is_put_together_again(
    kannel: Kannel, reports: tuple[str, asyncio.Queue[tuple[str, int]]]
) -> None:
    """A Cyrillic text over 70 characters travels in parts of 67 and is one message on the phone (Q91)."""
    text = "".join(f"{number}: {WORDS}\n" for number in range(4))
    await send_sms(kannel, "+79990000002", text, report_to=reports[0])
    assert await kannel.arrival("+79990000002") == [Sms("Школа", "+79990000002", text, parts=-(-len(text) // 67))]


@pytest.mark.parametrize(("prefix", "expected"), [(REFUSED, [16]), (UNDELIVERED, [8, 2])])
async def test_an_unwilling_operator_is_reported(
    kannel: Kannel, reports: tuple[str, asyncio.Queue[tuple[str, int]]], prefix: str, expected: list[int]
) -> None:
    """A number the operator rejects comes back as 16; one it never reaches is accepted (8) and then failed (2)."""
    address, taken = reports
    await send_sms(kannel, f"{prefix}0001", WORDS, report_to=address)
    number = f"{prefix}0001".removeprefix("+")
    assert await reported(taken, count=len(expected)) == {(number, kind) for kind in expected}


async def send_mail(server: MailServer, *, to: str, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "school@example.org", to, subject
    message.set_content(WORDS)
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        start_tls=True,
        tls_context=server.tls,
    )
    async with client:
        await client.send_message(message)


async def test_a_mail_is_read_back_letter_for_letter(mail_server: MailServer) -> None:
    """What goes in through STARTTLS and AUTH lies in the parent's mailbox."""
    await send_mail(mail_server, to="parent+4b@example.org", subject="Оценки за день")
    (message,) = await mail_server.arrival("parent")
    assert (message["Subject"], message.get_content().strip()) == ("Оценки за день", WORDS)


async def test_an_unknown_mailbox_is_refused_at_once(mail_server: MailServer) -> None:
    """An address that does not exist is answered with 550 while the sender still listens."""
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
        await send_mail(mail_server, to="nobody@example.org", subject="Оценки")
    assert refusal.value.recipients[0].code == 550


async def test_a_full_mailbox_bounces_later(mail_server: MailServer) -> None:
    """A mail may be accepted and come back to the school as a delivery report."""
    await send_mail(mail_server, to=BOUNCING, subject="Оценки")
    (bounce,) = await mail_server.arrival("school")
    assert bounce.get_content_type() == "multipart/report"


async def test_a_mail_without_a_password_is_refused(mail_server: MailServer) -> None:
    """The server takes nothing from a sender who did not log in."""
    client = aiosmtplib.SMTP(
        hostname=mail_server.host, port=mail_server.port, start_tls=True, tls_context=mail_server.tls
    )
    async with client:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await client.sendmail("school@example.org", ["parent@example.org"], "Subject: x\r\n\r\nx")


async def test_a_database_is_copied_from_a_template(
    postgres: PostgresServer, create_database: Callable[..., str]
) -> None:
    """Each test has a database of its own, empty or a copy of a prepared one."""
    template = create_database()
    postgres.run("CREATE TABLE school AS SELECT 30 AS number", database=template.rpartition("/")[2])
    connection = await asyncpg.connect(create_database(template).replace("+asyncpg", ""))
    try:
        assert await connection.fetchval("SELECT number FROM school") == 30
    finally:
        await connection.close()


async def test_a_page_is_opened(browser: Browser) -> None:
    """Debian's Chromium shows a page with Cyrillic text."""
    page = await browser.new_page()
    await page.goto(f"data:text/html;charset=utf-8,<p>{WORDS}</p>")
    assert await page.inner_text("p") == WORDS
