"""What families send back with one press of «Прочитано» or «Отписаться» in a mail."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, urlsplit

import pytest

from notifiers.email.bounces import is_processed_bounce
from notifiers.email.replies import MailReply, MailReplyLinks, parse_reply

SECRET = b"the school's signing key"
LINKS = MailReplyLinks("bounce@example.org", secret=SECRET)


def letter(subject: str, **headers: str) -> EmailMessage:
    """As a mail program sends it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "vera@example.org", "bounce@example.org", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("")
    return message_from_bytes(mail.as_bytes(), policy=SMTP)


@pytest.mark.parametrize("reply", MailReply)
@pytest.mark.parametrize("form", ["{}", "Re: {}", "{} (отправлено с телефона)", "  {}"])
def test_a_press_is_read_from_the_subject(reply: MailReply, form: str) -> None:
    """The link's subject comes back, perhaps with words around it, and says which mail and what for (contracts)."""
    link = urlsplit(LINKS.letter(reply, "attempt-7"))
    assert (link.scheme, link.path) == ("mailto", "bounce@example.org")
    (subject,) = parse_qs(link.query)["subject"]
    mail = letter(form.format(subject))
    assert parse_reply(mail, secret=SECRET) == (reply, "attempt-7")
    assert is_processed_bounce(mail, secret=SECRET)


def test_a_letter_without_our_seal_is_for_people() -> None:
    """A foreign seal, the seal of the other button, an answering machine and a question do nothing."""
    read = parse_qs(urlsplit(LINKS.letter(MailReply.READ, "k")).query)["subject"][0]
    for mail in (
        letter(read.replace("read", "unsubscribe")),
        letter(read.replace(" k=", " other=")),
        letter("unsubscribe"),
        letter("Vestnik read"),
        letter("Когда собрание?"),
        letter(read, Auto_Submitted="auto-replied"),
    ):
        assert parse_reply(mail, secret=SECRET) is None
        assert not is_processed_bounce(mail, secret=SECRET)
    assert parse_reply(letter(read), secret=b"of another school") is None


def test_a_page_takes_the_place_of_the_letter_for_reading_alone() -> None:
    """With VESTNIK_PUBLIC_URL the link opens a page with one button; unsubscribing stays a letter (contracts)."""
    links = MailReplyLinks("bounce@example.org", "https://school.example/vestnik", SECRET)
    assert links.read("k").startswith("https://school.example/vestnik/read/k=")
    assert LINKS.read("k") == LINKS.letter(MailReply.READ, "k")
    assert links.letter(MailReply.UNSUBSCRIBE, "k").startswith("mailto:")
