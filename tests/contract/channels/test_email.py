"""The e-mail channel keeps the contract, against a real Postfix and against servers that misbehave."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from urllib.parse import urlencode

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from core.errors import InvalidAddressError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Attachment, Button, Section, Text
from core.ports import RefusedError, RejectedError, UnavailableError, UncertainError
from notifiers.channel_kit import (
    ChannelKitContract,
    ChannelKitPeer,
    ChannelKitRefusal,
    ChannelKitRemote,
    ChannelKitRemotePeer,
    RefusingPeer,
    channel_kit_text,
)
from notifiers.discovery import ChannelConfig
from notifiers.email.bounces import bounce_address, parse_bounce
from notifiers.email.channel import EmailChannel, EmailChannelServer, open_channel
from notifiers.email.replies import MailReply, MailReplyLinks
from notifiers.vendor_logs import silence_vendor_logs
from tests.peers import postfix
from tests.peers.processes import free_ports
from tests.peers.raw_server import raw_server

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
SECRET = b"signs return addresses"
PARENT = "parent@example.org"
NOBODY = "nobody@example.org"
RUBBISH = (
    "parent",
    "parent@",
    "@example.org",
    "a b@example.org",
    "parent@example.org, other@example.org",
    "п@пример.рф",
)


def words_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return f"{message['Subject']}\n{body.get_content() if body else ''}"


def channel_to(url: str, *, timeout: float = 5.0) -> EmailChannel:
    return EmailChannel(EmailChannelServer.from_url(url), clock=lambda: NOW, secret=SECRET, timeout=timeout)


def _nobody(*_login: object) -> AuthResult:
    return AuthResult(success=False, handled=False)


class Office:
    """A mail server in the test's own process, which answers as it is told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.hangs_up_at: str | None = None
        self.slow = 0.0
        self.connections: list[SMTP] = []
        self.place = ""

    @property
    def url(self) -> str:
        return f"smtp://{self.place}?from=school@example.org&starttls=never"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Office"]:
        server = await asyncio.get_running_loop().create_server(self._connection, "127.0.0.1", 0)
        self.place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self.hang_up()
            server.close()
            await server.wait_closed()

    def hang_up(self) -> None:
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.close()

    def _connection(self) -> SMTP:
        connection = SMTP(self, hostname="office", auth_require_tls=False, authenticator=_nobody)
        self.connections.append(connection)
        return connection

    def _answer(self, command: str, server: SMTP) -> str:
        if self.hangs_up_at == command and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return self.answers.get(command, "250 OK")

    async def handle_MAIL(  # noqa: N802  aiosmtpd finds it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802  aiosmtpd finds it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == NOBODY:
            return "550 5.1.1 No such address here: nobody@example.org"
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT", server)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  as above
        await asyncio.sleep(self.slow)
        self.mails.append(email.message_from_bytes(envelope.original_content or b"", policy=default))
        return self._answer("DATA", server)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A mail server of the test's own, whose log of every word is not looked at."""
    silence_vendor_logs("mail.log")
    async with Office().serving() as office:
        yield office


@pytest.fixture
async def channel(office: Office) -> AsyncIterator[EmailChannel]:
    channel = channel_to(office.url)
    yield channel
    await channel.close()


class OfficePeer(RefusingPeer, ChannelKitRemotePeer):
    address, refused, rubbish = PARENT, NOBODY, RUBBISH

    def __init__(self, channel: EmailChannel, office: Office) -> None:
        self.channel, self.office = channel, office

    async def read(self) -> str:
        return "\n".join(words_of(mail) for mail in self.office.mails)

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        self.office.hangs_up_at = "RCPT"
        yield
        self.office.hangs_up_at = None

    @asynccontextmanager
    async def losing_answers(self) -> AsyncIterator[None]:
        self.office.hangs_up_at = "DATA"
        yield
        self.office.hangs_up_at = None


class TestEmail(ChannelKitContract, ChannelKitRefusal, ChannelKitRemote):
    """The contract kit on e-mail."""

    @pytest.fixture
    async def peer(self, channel: EmailChannel, office: Office) -> OfficePeer:
        return OfficePeer(channel, office)


class PostfixPeer(RefusingPeer):
    address, refused, rubbish = PARENT, NOBODY, RUBBISH

    def __init__(self, channel: EmailChannel, server: postfix.MailServer) -> None:
        self.channel, self.server = channel, server
        self.secrets = (f"{server.username}:{server.password}",)

    async def read(self) -> str:
        messages = await asyncio.to_thread(self.server.messages, "parent")
        return "\n".join(words_of(message) for message in messages)


@pytest.fixture
async def posted(mail_server: postfix.MailServer) -> AsyncIterator[EmailChannel]:
    """The channel to Postfix, with STARTTLS, AUTH and a return mailbox."""
    options = {"from": "Школа <school@example.org>", "bounce": "school@example.org", "ca": mail_server.certificate}
    login = f"{mail_server.username}:{mail_server.password}"
    channel = channel_to(f"smtp://{login}@{mail_server.host}:{mail_server.port}?{urlencode(options)}")
    yield channel
    await channel.close()


class TestEmailOverPostfix(ChannelKitContract, ChannelKitRefusal):
    """The contract kit on a real mail server with STARTTLS and AUTH, read over IMAP."""

    @pytest.fixture
    async def peer(self, posted: EmailChannel, mail_server: postfix.MailServer) -> AsyncIterator[ChannelKitPeer]:
        yield PostfixPeer(posted, mail_server)
        await asyncio.sleep(0.3)  # what was cut off may still be on its way to the mailbox


async def test_a_mail_is_read_back_with_its_headers(posted: EmailChannel, mail_server: postfix.MailServer) -> None:
    """Words, sender, date, identity and return address arrive as they were given."""
    receipt = await posted.send(PARENT, channel_kit_text("Алгебра, 12.11: 4 → 5"), key="attempt-1")
    (message,) = await mail_server.arrival("parent")
    assert str(message["From"]) == "Школа <school@example.org>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Return-Path"] == f"<{bounce_address('school@example.org', key='attempt-1', secret=SECRET)}>"
    assert receipt == Receipt(Status.ACCEPTED, reference=message["Message-ID"])


async def test_a_mail_that_comes_back_names_its_attempt(posted: EmailChannel, mail_server: postfix.MailServer) -> None:
    """A bounce after acceptance finds the attempt by the sealed return address (Q84)."""
    await posted.send(postfix.BOUNCING, channel_kit_text("Алгебра: 5"), key="attempt-2")
    (bounce,) = await mail_server.arrival("school")
    full = Receipt(Status.FAILED, reason=Reason.MAILBOX_FULL)
    assert parse_bounce(bounce, secret=SECRET) == ("attempt-2", full)
    assert parse_bounce(bounce, secret=b"of another school") is None


async def test_only_a_failure_is_a_bounce(posted: EmailChannel, mail_server: postfix.MailServer) -> None:
    """A mail that is merely delayed, and a holiday reply to the return address, say nothing about the contact."""
    await posted.send(postfix.BOUNCING, channel_kit_text("Алгебра: 5"), key="attempt-3")
    (bounce,) = await mail_server.arrival("school")
    delayed = bounce.as_bytes().replace(b"Action: failed", b"Action: delayed")
    assert parse_bounce(email.message_from_bytes(delayed, policy=default), secret=SECRET) is None
    reply = EmailMessage()
    reply["To"] = bounce_address("school@example.org", key="attempt-3", secret=SECRET)
    reply.set_content("Я в отпуске")
    assert parse_bounce(reply, secret=SECRET) is None


async def test_a_wrong_password_stops_the_channel(office: Office) -> None:
    """Nobody's contact is at fault when the server refuses the school's own login."""
    channel = channel_to(office.url.replace("smtp://", "smtp://school:wrong@"))
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.channel_wide
    await channel.close()


async def test_a_server_that_cannot_prove_its_name_gets_no_password(mail_server: postfix.MailServer) -> None:
    """A certificate that nobody vouches for ends the connection before the login."""
    channel = channel_to(f"smtp://school:secret@{mail_server.host}:{mail_server.port}?from=school@example.org")
    with pytest.raises(UnavailableError):
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    assert mail_server.messages("parent") == []
    await channel.close()


async def test_a_server_without_starttls_gets_nothing_where_it_is_required(office: Office) -> None:
    """STARTTLS is required unless the school's settings say otherwise."""
    channel = channel_to(office.url.replace("&starttls=never", ""))
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.channel_wide
    assert office.mails == []
    await channel.close()


async def test_a_mail_has_words_and_a_page(channel: EmailChannel, office: Office) -> None:
    """The text for any program and the page for most say the same; signs are escaped, nothing is fetched."""
    text = Text(
        "Итоговые оценки: Лескова Аня",
        (Section("2 четверть", ("Алгебра: 4 <b>", "Физика: 5")),),
        short="x",
        buttons=((Button("Прочитано", data="read-1-00"), Button("Открыть", url="https://school.example/a?b&c")),),
        footer="Школа № 30",
    )
    await channel.send(PARENT, text, key="k")
    (mail,) = office.mails
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    for words in ("Итоговые оценки: Лескова Аня", "2 четверть", "Физика: 5", "Открыть", "Школа № 30"):
        assert words in plain.get_content()
        assert words in page.get_content()
    assert "Алгебра: 4 &lt;b&gt;" in page.get_content()
    assert 'href="https://school.example/a?b&amp;c"' in page.get_content()
    assert "Прочитано" not in page.get_content()
    assert "src=" not in page.get_content()


async def test_results_cannot_be_unsubscribed_from(channel: EmailChannel, office: Office) -> None:
    """List-Unsubscribe stands on ordinary mail by mailto, and not on what falls under R6 (Q83)."""
    await channel.send(PARENT, Text("Оценки", (), short="x"), key="marks")
    await channel.send(PARENT, Text("Итоговые оценки", (), short="x", unsubscribable=False), key="results")
    letter = MailReplyLinks("school@example.org", secret=SECRET).letter(MailReply.UNSUBSCRIBE, "marks")
    assert [mail["List-Unsubscribe"] for mail in office.mails] == [f"<{letter}>", None]


async def test_the_same_key_is_the_same_mail(channel: EmailChannel, office: Office) -> None:
    """A repeated mail keeps its Message-ID, and another one has another."""
    for key in ("first", "first", "second"):
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key=key)
    first, again, second = (mail["Message-ID"] for mail in office.mails)
    assert first == again != second


async def test_a_title_adds_no_header(channel: EmailChannel, office: Office) -> None:
    """A line's end in a title cannot smuggle a header in."""
    await channel.send(PARENT, Text("Оценки\r\nBcc: spy@example.org", (), short="x"), key="k")
    (mail,) = office.mails
    assert mail["Subject"] == "Оценки Bcc: spy@example.org"
    assert mail["Bcc"] is None


async def test_an_attachment_goes_along(channel: EmailChannel, office: Office) -> None:
    """A file arrives with its name, kind and bytes."""
    text = Text("Расписание", (), short="x", attachments=(Attachment("план.pdf", "application/pdf", b"%PDF-1.7"),))
    await channel.send(PARENT, text, key="k")
    (file,) = office.mails[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "план.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )


async def test_one_connection_serves_many_mails(channel: EmailChannel, office: Office) -> None:
    """The connection is kept, also after a refused recipient, and opened again after a drop."""
    for key in ("first", "second"):
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key=key)
    with pytest.raises(RefusedError):
        await channel.send(NOBODY, channel_kit_text("Алгебра: 5"), key="third")
    await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="fourth")
    assert len(office.connections) == 1
    office.hang_up()
    await asyncio.sleep(0.05)
    await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="fifth")
    assert (len(office.connections), len(office.mails)) == (2, 4)


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("RCPT", "550 5.1.1 User unknown", RefusedError),
        ("RCPT", "550-5.1.1 No such user,\r\n550 5.1.1 see the help page", RefusedError),
        ("RCPT", "550 No such user (#5.1.1)", RefusedError),
        ("RCPT", "550 No such user", RefusedError),
        ("RCPT", "550 5.2.1 Mailbox disabled", RefusedError),
        ("RCPT", "556 5.1.10 Domain takes no mail", RefusedError),
        ("DATA", "550 5.1.1 User unknown after all", RefusedError),
        ("RCPT", "550 5.7.1 Blocked by policy", RejectedError),
        ("RCPT", "550 Blocked, see https://spamhaus.example/10.5.1.1", RejectedError),
        ("RCPT", "554 Access denied", RejectedError),
        ("RCPT", "550 5.4.1 Recipient address rejected: Access denied", RejectedError),
        ("DATA", "552 Message too large", RejectedError),
        ("DATA", "552 5.3.4 Message too large", RejectedError),
        ("DATA", "554 Transaction failed", RejectedError),
        ("DATA", "554 5.6.0 Looks like spam", RejectedError),
        ("DATA", "550 5.7.1 Looks like spam", RejectedError),
    ],
)
async def test_a_refusal_of_the_mail_is_told_from_one_of_the_mailbox(
    channel: EmailChannel, office: Office, command: str, answer: str, error: type[Exception]
) -> None:
    """5xx is never again, of the address or of this mail: the enhanced code tells which, then its words (Q122)."""
    office.answers[command] = answer
    with pytest.raises(error):
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "552 5.2.2 Mailbox full"),
        ("RCPT", "552 Mailbox full"),
        ("RCPT", "452 4.2.2 Over quota"),
        ("DATA", "552 5.2.2 Over quota"),
    ],
)
async def test_a_full_mailbox_comes_back_by_itself(
    channel: EmailChannel, office: Office, command: str, answer: str
) -> None:
    """Its owner will empty it: the mail waits an hour, and only after its tries the next way starts (Q122)."""
    office.answers[command] = answer
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.reason is Reason.MAILBOX_FULL
    assert unavailable.value.retry_after == timedelta(hours=1)
    assert (unavailable.value.answered, unavailable.value.channel_wide) == (True, False)


@pytest.mark.parametrize(
    ("command", "answer", "pauses"),
    [
        ("RCPT", "450 4.2.0 Greylisted, come back", "message"),
        ("RCPT", "450 4.7.1 Greylisted", "message"),
        ("RCPT", "451 Try later", "message"),
        ("RCPT", "421 Too busy", "channel"),
        ("RCPT", "452 4.3.1 No room on this server", "channel"),
        ("RCPT", "550 5.1.8 Sender's domain not found", "channel"),
        ("RCPT", "454 4.7.0 TLS required", "channel"),
        ("MAIL", "451 4.3.0 Out of order", "channel"),
        ("DATA", "421 4.3.2 Going down", "channel"),
        ("RCPT", "530 5.7.0 Authentication required", "channel"),
        ("MAIL", "550 5.7.1 Sender not allowed", "channel"),
        ("DATA", "451 4.3.0 Try later", "message"),
    ],
)
async def test_what_may_pass_is_tried_later(
    channel: EmailChannel, office: Office, command: str, answer: str, pauses: str
) -> None:
    """One mailbox's 4xx is its own; what the server says of itself or of the school stops the channel (Q92)."""
    office.answers[command] = answer
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    assert unavailable.value.channel_wide is (pauses == "channel")
    assert unavailable.value.answered is (pauses == "message")
    office.answers.clear()
    await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")


class Script:
    """A mail server that answers each command of its first mail as it is told, byte for byte, then like any other.

    None hangs up; an answer without an end keeps the client waiting.
    """

    def __init__(self, **answers: bytes | None) -> None:
        self.answers, self.mails, self.connections = answers, 0, 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[EmailChannel]:
        async with raw_server(self._talk) as port:
            channel = channel_to(f"smtp://127.0.0.1:{port}?from=school@example.org&starttls=never", timeout=0.5)
            try:
                yield channel
            finally:
                await channel.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"220 office\r\n")
        while line := await reader.readline():
            answer = await self._answer(line[:4].decode().strip().upper(), reader, writer)
            if answer is None:
                break
            writer.write(answer)

    async def _answer(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        if command == "DATA" and "DATA" not in self.answers:
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            command = "DONE"
            self.mails += "DONE" not in self.answers
        return self.answers.pop(command, b"250 ok\r\n")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": b"550 5.1.1 nobody\r\n"}, RefusedError),
        ({"RCPT": b"550 5.1.1 nobody\r\n", "RSET": None}, RefusedError),
        ({"RCPT": b"550 5.1.1 nobody\r\n", "RSET": b"503 5.5.1 bad sequence\r\n"}, RefusedError),
        ({"RCPT": b"421 4.3.2 bye\r\n", "RSET": None}, UnavailableError),
        ({"RCPT": b"<html>\r\n"}, UnavailableError),
        ({"RCPT": b"999 what\r\n"}, UnavailableError),
        ({"RCPT": b"x" * 100_000 + b"\r\n"}, UnavailableError),
        ({"RCPT": None}, UnavailableError),
        ({"RCPT": b"550-5.1.1 half an ans"}, UnavailableError),
        ({"DATA": b"554 5.7.1 no\r\n"}, RejectedError),
        ({"DONE": b"554 5.7.1 no\r\n"}, RejectedError),
        ({"DONE": b"552 too large\r\n", "RSET": None}, RejectedError),
        ({"DONE": b"200 thanks\r\n"}, UncertainError),
        ({"DONE": b"000 what\r\n"}, UncertainError),
        ({"DONE": b"<html>\r\n"}, UncertainError),
        ({"DONE": b"x" * 100_000 + b"\r\n"}, UncertainError),
        ({"DONE": b"25"}, UncertainError),
        ({"DONE": None}, UncertainError),
    ],
)
async def test_whatever_became_of_one_mail_the_next_parent_gets_theirs(
    answers: dict[str, bytes | None], error: type[Exception]
) -> None:
    """After any failure inside a transaction the conversation is clean: RSET, or a new connection (Q92)."""
    script = Script(**answers)
    async with script.serving() as channel:
        with pytest.raises(error):
            await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="first")
        await channel.send("other@example.org", channel_kit_text("Алгебра: 5"), key="second")
        await channel.send("third@example.org", channel_kit_text("Алгебра: 5"), key="third")
        assert script.mails == 2


async def test_a_kept_connection_that_serves_no_more_says_nothing_of_the_mail() -> None:
    """A server that ends idle connections with 421, or lost its state, is asked over a new one before anybody waits."""
    script = Script()
    async with script.serving() as channel:
        for answer in (None, b"421 idle for too long\r\n", b"503 5.5.1 nested MAIL\r\n"):
            await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
            script.answers["MAIL"] = answer
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
        assert (script.mails, script.connections) == (4, 4)


async def test_a_mail_goes_to_the_form_that_its_server_knows(channel: EmailChannel, office: Office) -> None:
    """An address in Cyrillic that an earlier release kept as it was written is sent to in ASCII."""
    await channel.send("vera@школа.рф", channel_kit_text("Алгебра: 5"), key="k")
    assert office.mails[0]["To"] == "vera@xn--80atdl2c.xn--p1ai"
    with pytest.raises(RefusedError):
        await channel.send("vеra@example.org", channel_kit_text("Алгебра: 5"), key="k")  # a Cyrillic «е»


async def test_a_server_that_cannot_be_connected_to_has_taken_nothing() -> None:
    """A refused connection is safe to repeat."""
    channel = channel_to(f"smtp://127.0.0.1:{free_ports(1)[0]}?from=school@example.org&starttls=never")
    with pytest.raises(UnavailableError) as unavailable:
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    assert not unavailable.value.channel_wide
    await channel.close()


async def test_a_server_that_keeps_silent_after_the_mail_may_have_it(office: Office) -> None:
    """A read timeout after the last line is uncertain."""
    channel, office.slow = channel_to(office.url, timeout=0.2), 1.0
    with pytest.raises(UncertainError):
        await channel.send(PARENT, channel_kit_text("Алгебра: 5"), key="k")
    await channel.close()


@pytest.mark.parametrize(
    ("written", "kept"), [(" Parent@EXAMPLE.org ", "Parent@example.org"), ("a@школа.рф", "a@xn--80atdl2c.xn--p1ai")]
)
def test_an_address_is_kept_in_one_form(office: Office, written: str, kept: str) -> None:
    """Domains have no case and travel in ASCII; what stands before the @ is the mailbox's own business."""
    assert channel_to(f"smtp://{office.place}?from=school@example.org").normalise(written) == kept


@pytest.mark.parametrize(
    "url",
    [
        "smtp://school:hunter2@host:25",
        "smtp://school:hunter2@host:port?from=a@b.c",
        "smtp://school:hunter2@host?from=a@b.c&starttls=maybe",
        "http://school:hunter2@host?from=a@b.c",
    ],
)
async def test_a_wrong_server_url_is_told_without_its_password(url: str) -> None:
    """The sentence says what the URL needs, not what was typed."""
    with pytest.raises(ValueError, match=r"must read smtp://|lacks from=") as wrong:
        await open_channel(ChannelConfig(url=url, clock=lambda: NOW))
    assert "hunter2" not in str(wrong.value)


async def test_without_a_server_there_is_no_email_channel() -> None:
    """What is not configured is not opened."""
    assert await open_channel(ChannelConfig()) is None


def test_a_key_that_no_address_can_hold_is_told() -> None:
    """Up to forty letters and figures travel in a return address."""
    with pytest.raises(ValueError, match="up to 40"):
        bounce_address("school@example.org", key="a@b", secret=SECRET)
    with pytest.raises(InvalidAddressError):
        channel_to("smtp://host?from=a@b.c").normalise("parent@example.org\r\nRCPT TO:<x@y.z>")
