"""The sender and the subject of a mail arrive as they were written, on every Python that we support."""

import email
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message

import pytest

from core.model.delivery.text import Section, Text
from notifiers.email.channel import EmailChannelServer
from notifiers.email.headers import SenderHeader
from notifiers.email.message import build_email_message
from notifiers.email.replies import MailReply, MailReplyLinks
from notifiers.peer_url import WrongUrlError

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


def mailed(title: str, sender: str = "school@example.org") -> Message:
    """The mail as it lies in the mailbox."""
    mail = build_email_message(
        Text(title, (Section(None, ("5",)),), "5"),
        sender=SenderHeader.parse(sender),
        recipient="vera@example.org",
        key="k",
        date=NOW,
        links=MailReplyLinks("bounce@example.org"),
    )
    raw = mail.as_bytes()
    assert raw.isascii()
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in lines if not line.startswith(b"List-Unsubscribe: ")) <= 78
    return email.message_from_bytes(raw)


def words(mail: Message, header: str) -> str:
    """A header decoded by RFC 2047, where blanks between encoded words do not count."""
    return str(make_header(decode_header(re.sub(r"\r?\n(?=\s)", "", mail[header]))))


@pytest.mark.parametrize(
    "title",
    [
        "Новые оценки: Соколов Ян",
        "Новые оценки и замены: Соколов Ян Олегович, Соколова Анна Олеговна, Соколов Пётр Олегович",
        "Marks: Sokolov Yan " + "and others " * 12,
        "Оценки  😀 Соколов Ян: 5 «отлично» (контрольная) " * 3,
        "(повтор) Marks of Соколов Ян",
    ],
)
def test_a_subject_keeps_its_blanks(title: str) -> None:
    """Python 3.11 and 3.12.1 lose the blank between two encoded words («СоколовЯн»): they are written whole (Q15)."""
    assert words(mailed(title), "Subject") == " ".join(title.split())


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("МБОУ СОШ № 5, г. Тверь <school@example.org>", "МБОУ СОШ № 5, г. Тверь", "school@example.org"),
        ('"МБОУ «Школа № 30» (корпус 2); г. Пенза" <a@b.ru>', "МБОУ «Школа № 30» (корпус 2); г. Пенза", "a@b.ru"),
        ("School No. 5, Tver: @home <school@example.org>", "School No. 5, Tver: @home", "school@example.org"),
        ('Школа "Мир" \\ 5 <s@b.ru>', 'Школа "Мир" \\ 5', "s@b.ru"),
        ("Школа имени Героя Советского Союза, дважды лауреата, лётчика <s@b.ru>", None, "s@b.ru"),
        ("School <school@школа.рф>", "School", "school@xn--80atdl2c.xn--p1ai"),
        ("school@example.org", "", "school@example.org"),
    ],
)
def test_a_school_may_have_any_name(sender: str, name: str | None, address: str) -> None:
    """Commas, points, brackets, quotes and length are the name's own: every mail goes out with it."""
    expected = sender.rpartition(" <")[0] if name is None else name
    server = EmailChannelServer.from_url(
        f"smtp://mail.example.org?from={sender.replace('№', '%E2%84%96').replace(';', '%3B')}"
    )
    assert (server.sender.name, server.sender.address) == (expected, address)
    shown = words(mailed("5", sender), "From")
    assert shown == (f"{expected} <{address}>" if expected else address)


@pytest.mark.parametrize(
    "sender", ["", "Школа", "a@b.ru, c@d.ru", "<a@b.ru> <c@d.ru>", "Школа a@b.ru", "школа@b.ru", "@b.ru"]
)
def test_a_sender_without_one_address_is_told_at_the_start(sender: str) -> None:
    """A wrong sender is a wrong setting, not a mail that fails later."""
    with pytest.raises(WrongUrlError) as wrong:
        EmailChannelServer.from_url(f"smtp://mail.example.org?from={sender}")
    assert wrong.value.what == "from"


def test_the_address_that_stops_letters_is_no_encoded_word() -> None:
    """However long it is: RFC 2369 knows no encoded words, and a mail program follows what it reads (Q83)."""
    links = MailReplyLinks("office.of.the.school@mail.school-number-thirty.example.org", secret=b"s" * 32)
    mail = build_email_message(
        Text("Оценки", (), short="x"),
        sender=SenderHeader.parse("school@example.org"),
        recipient="vera@example.org",
        key="marks-of-a-long-attempt",
        date=NOW,
        links=links,
    )
    line = f"List-Unsubscribe: <{links.letter(MailReply.UNSUBSCRIBE, 'marks-of-a-long-attempt')}>\r\n"
    assert line.encode() in mail.as_bytes()
