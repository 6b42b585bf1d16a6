"""Mail that comes back hours later starts the next way: a real mail server, its mailbox read over IMAP."""

import asyncio
import imaplib
from collections.abc import AsyncIterator, Collection
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.app import App, open_app
from bot.processes import open_worker_process
from bot.run.bounced_mail import collect_bounced_mail, mailbox_for_bounces
from bot.run.clock import run_clock_jobs
from bot.settings import SettingsError, SettingsFromArguments
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import Reason, Status
from core.model.register.consents import Decision
from core.ports import UnavailableError
from notifiers.email.bounces import bounce_address
from notifiers.email.return_mailbox import ReturnMailbox
from storage.schema import migrate_schema
from tests.peers.postfix import BOUNCING, MailServer
from tests.support.schools.builders import FINAL, NOW, Builder, Family


@pytest.fixture
async def school(mail_server: MailServer, tmp_path: Path) -> AsyncIterator[App]:
    """A school that sends over the server, and reads there what comes back."""
    login = f"{mail_server.username}:{mail_server.password}@{mail_server.host}"
    options = {"from": "school@example.org", "bounce": "school@example.org", "ca": mail_server.certificate}
    settings = SettingsFromArguments.of(
        data=tmp_path,
        smtp_url=f"smtp://{login}:{mail_server.port}?{urlencode(options)}",
        imap_url=f"imap://{login}:{mail_server.imap_port}/INBOX?starttls=never",
    )
    await migrate_schema(settings.database)
    async with open_app(settings, clock=lambda: NOW) as app:
        yield app


async def a_mother_by_mail(app: App) -> Family:
    """She agreed to mail alone, and her mailbox is full."""
    async with app.open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian("Соколова Вера Ивановна", student)
        await build.decides(mother, student, Decision.CONSENT)
        contact = await build.contact(mother, "email", BOUNCING)
        await uow.commit()
    return Family(app.open_uow, student, mother, 0, contact)


async def sent(app: App) -> ObligationRow:
    """All that may go is sent; what became of the one final mark."""
    async with open_worker_process(app) as worker:
        await worker.drain()
    async with app.open_uow(reading=True) as uow:
        (row,) = await uow.outbox.obligations()
    return row


def ways(row: ObligationRow) -> list[tuple[str, Status, Reason | None]]:
    """Channel, status and reason of each delivery."""
    return [(each.channel, each.status, each.reason) for each in row.deliveries]


def mailbox(app: App) -> ReturnMailbox:
    """The mailbox of the school's settings."""
    found = mailbox_for_bounces(app.settings)
    assert found is not None
    return found


async def test_a_mail_that_came_back_is_printed(school: App, mail_server: MailServer) -> None:
    """What the server accepted and then returned failed after all: paper takes over, the full mailbox stays (Q84)."""
    family = await a_mother_by_mail(school)
    await family.learns(FINAL)
    assert ways(await sent(school)) == [("email", Status.ACCEPTED, None)]
    await mail_server.arrival("school")
    await collect_bounced_mail(school, mailbox(school))
    assert ways(await sent(school)) == [
        ("email", Status.FAILED, Reason.MAILBOX_FULL),
        ("paper", Status.ACCEPTED, None),
    ]
    async with school.open_uow(reading=True) as uow:
        (contact,) = await uow.register.contacts(family.mother)
    assert contact.set_aside_at is None
    assert mailbox(school).unseen_mail() == []


class Dying(ReturnMailbox):
    """The connection breaks before anything is marked."""

    def mark_seen(self, _uids: Collection[str]) -> None:
        raise UnavailableError(Reason.CHANNEL_DOWN)


async def test_a_report_is_seen_only_after_it_is_on_record(school: App, mail_server: MailServer) -> None:
    """A break in between meets the same report again, and it is old news then (Q93)."""
    await (await a_mother_by_mail(school)).learns(FINAL)
    await sent(school)
    await mail_server.arrival("school")
    real = mailbox(school)
    dying = Dying(real.host, real.port, real.username, real.password, tls=False, starttls=False)
    await collect_bounced_mail(school, dying)
    assert len(real.unseen_mail()) == 1
    recorded = ways(await sent(school))
    await collect_bounced_mail(school, real)
    assert (ways(await sent(school)), real.unseen_mail()) == (recorded, [])


async def test_letters_of_people_are_left_alone(school: App, mail_server: MailServer) -> None:
    """A reply to the school's address stays unseen for whoever reads there, after a look and after a mark."""
    letter = EmailMessage()
    letter["To"], letter["Subject"] = "school@example.org", "Вопрос"
    letter.set_content("Здравствуйте")
    with imaplib.IMAP4(mail_server.host, mail_server.imap_port) as imap:
        imap.login(mail_server.username, mail_server.password)
        imap.append("INBOX", "", "", letter.as_bytes())
        await collect_bounced_mail(school, mailbox(school))
        imap.select(readonly=True)
        assert imap.search(None, "UNSEEN")[1][0].split() == [b"1"]


async def test_a_wrong_password_is_no_crash_and_tells_nothing(school: App, capsys: pytest.CaptureFixture[str]) -> None:
    """The job says that the mailbox is closed to it, without address or password, and comes again (Q103)."""
    real = mailbox(school)
    wrong = ReturnMailbox(real.host, real.port, real.username, "canary", tls=False, starttls=False)
    with pytest.raises(UnavailableError) as unavailable:
        wrong.unseen_mail()
    assert unavailable.value.__cause__ is unavailable.value.__context__ is None
    await collect_bounced_mail(school, wrong)
    said = capsys.readouterr().err
    assert "returns.mailbox_unavailable" in said
    assert "canary" not in said


async def test_a_server_without_starttls_gets_no_password(school: App) -> None:
    """Where the school did not say never, an open line ends before the login."""
    real = mailbox(school)
    with pytest.raises(UnavailableError):
        ReturnMailbox(real.host, real.port, real.username, real.password, tls=False, starttls=True).unseen_mail()
    with pytest.raises(UnavailableError):
        ReturnMailbox(real.host, real.port, real.username, real.password, tls=True).unseen_mail()


async def test_a_folder_that_is_missing_is_a_closed_mailbox(school: App) -> None:
    """A slip in the URL's folder is told like any other closed door."""
    real = mailbox(school)
    with pytest.raises(UnavailableError):
        ReturnMailbox(
            real.host, real.port, real.username, real.password, "Nowhere", tls=False, starttls=False
        ).unseen_mail()


async def test_a_wrong_url_is_told_at_the_start(tmp_path: Path) -> None:
    """The schedule does not begin with a mailbox it could never read; without one there is nothing to read."""
    settings = SettingsFromArguments.of(data=tmp_path, imap_url="https://example.org/")
    async with open_app(settings) as app:
        with pytest.raises(SettingsError):
            await run_clock_jobs(app, stopping=asyncio.Event())
    assert mailbox_for_bounces(SettingsFromArguments.of(data=tmp_path)) is None


async def test_a_bounce_in_plain_words_is_printed_too(school: App, mail_server: MailServer) -> None:
    """An old server writes a letter to the return address; an answering machine's letter changes nothing (Q84)."""
    await (await a_mother_by_mail(school)).learns(FINAL)
    await sent(school)
    async with school.open_uow(reading=True) as uow:
        (obligation,) = await uow.outbox.obligations()
        (attempt,) = await uow.outbox.attempts_of(obligation.obligation.id)
    to = bounce_address("school@example.org", key=attempt.key, secret=school.signing_key)
    away, bounce = EmailMessage(), EmailMessage()
    for letter, sender, words in (
        (away, "vera@example.org", "Я в отпуске до 5.1.2027, тел. 550 5.1.1"),
        (bounce, "MAILER-DAEMON@mx.example.org", "550 5.1.1 User unknown"),
    ):
        letter["To"], letter["From"], letter["Subject"] = to, sender, "failure notice"
        letter.set_content(words)
    await mail_server.arrival("school")
    with imaplib.IMAP4(mail_server.host, mail_server.imap_port) as imap:
        imap.login(mail_server.username, mail_server.password)
        imap.select()
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()
        imap.append("INBOX", "", "", away.as_bytes())
        await collect_bounced_mail(school, mailbox(school))
        assert ways(await sent(school)) == [("email", Status.ACCEPTED, None)]
        imap.append("INBOX", "", "", bounce.as_bytes())
        await collect_bounced_mail(school, mailbox(school))
    assert ways(await sent(school)) == [("email", Status.REFUSED, Reason.BOUNCED), ("paper", Status.ACCEPTED, None)]
    assert mailbox(school).unseen_mail() == []
