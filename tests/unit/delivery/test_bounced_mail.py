"""Mail that comes back: where it is read, and what counts as a report of a failure."""

import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from notifiers.email.bounces import bounce_address, parse_bounce
from notifiers.email.return_mailbox import ReturnMailbox

SECRET = b"the school's signing key"
REPORT = """\
From: MAILER-DAEMON@example.org
To: {to}
Subject: =?utf-8?q?=D0=9D=D0=B5_=D0=B4=D0=BE=D1=81=D1=82=D0=B0=D0=B2=D0=BB=D0=B5=D0=BD=D0=BE?=
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

The mailbox is full.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; parent@example.org
Action: failed
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: message/rfc822

Subject: the mail that came back
"""


GONE = Receipt(Status.REFUSED, reason=Reason.BOUNCED)


def report(status: str = "5.1.1", words: str = "550 5.1.1 User unknown") -> bytes:
    """As a mail server writes it."""
    to = bounce_address("bounce@example.org", key="attempt-7", secret=SECRET)
    return REPORT.format(to=to, status=status, words=words).encode()


def read(raw: bytes) -> tuple[str, Receipt] | None:
    """What a mail says of an attempt of ours."""
    return parse_bounce(email.message_from_bytes(raw), secret=SECRET)


def test_the_beginning_of_a_report_is_enough() -> None:
    """The returned mail behind it may be long and is not needed (Q84)."""
    raw = report()
    assert read(raw) == ("attempt-7", GONE)
    assert read(raw[: raw.index(b"Content-Type: message/rfc822")]) == ("attempt-7", GONE)


@pytest.mark.parametrize(
    ("status", "words", "receipt"),
    [
        ("5.1.1", "550 5.1.1 User unknown", GONE),
        ("5.1.2", "", GONE),
        ("5.2.1", "550 5.2.1 Mailbox disabled", GONE),
        ("5.0.0", "550 5.1.1 No such user", GONE),
        ("5.0.0", "550 No such user", GONE),
        ("5.2.2", "552 5.2.2 Over quota", Receipt(Status.FAILED, reason=Reason.MAILBOX_FULL)),
        ("5.7.1", "550 5.7.1 Looks like spam", Receipt(Status.FAILED, reason=Reason.REJECTED)),
        ("5.6.0", "554 5.6.0 Bad content", Receipt(Status.FAILED, reason=Reason.REJECTED)),
        ("5.0.0", "550 Blocked, see spamhaus", Receipt(Status.FAILED, reason=Reason.REJECTED)),
        ("5.1.8", "550 5.1.8 Sender's domain not found", Receipt(Status.FAILED, reason=Reason.REJECTED)),
        ("4.4.1", "connection timed out", Receipt(Status.FAILED, reason=Reason.BOUNCED)),
        ("", "", Receipt(Status.FAILED, reason=Reason.BOUNCED)),
    ],
)
def test_only_a_report_about_the_address_speaks_of_the_contact(status: str, words: str, receipt: Receipt) -> None:
    """A spam filter, a full mailbox or a line that was down days later fail this mail alone (Q84)."""
    assert read(report(status, words)) == ("attempt-7", receipt)


@given(st.integers(0, len(report())), st.binary(max_size=30), st.integers(0, 30))
def test_no_mail_stops_the_reading(at: int, rubbish: bytes, lost: int) -> None:
    """Whatever arrives at a public address is read as a report of ours or as nothing."""
    raw = report()
    found = read(raw[:at] + rubbish + raw[at + lost :])
    assert found is None or (found[0] == "attempt-7" and found[1].status in {Status.REFUSED, Status.FAILED})


def test_a_url_names_the_mailbox() -> None:
    """TLS unless the school says otherwise, INBOX unless it names a folder; login and password are decoded."""
    usual = ReturnMailbox.from_url("imaps://bounce%40example.org:s%2Fe@mail.example.org/")
    assert (usual.host, usual.port, usual.username, usual.password) == (
        "mail.example.org",
        993,
        "bounce@example.org",
        "s/e",
    )
    assert (usual.folder, usual.tls) == ("INBOX", True)
    other = ReturnMailbox.from_url("imap://bounce:secret@127.0.0.1/Returned%20mail?ca=cert.pem")
    assert (other.port, other.folder, other.tls, other.starttls) == (143, "Returned mail", False, True)
    assert other.certificates == "cert.pem"
    assert "secret" not in f"{other!r}"


@pytest.mark.parametrize(
    "url",
    [
        "https://bounce:secret@example.org/",
        "imaps://example.org/INBOX",
        "imaps://bounce@example.org/INBOX",
        "imap://bounce:secret@example.org/?starttls=sometimes",
        "imaps://bounce:secret@example.org/%D0%92%D0%BE%D0%B7%D0%B2%D1%80%D0%B0%D1%82",
        "imaps://bounce:secret@example.org:port/",
    ],
)
def test_a_wrong_url_is_told_without_its_password(url: str) -> None:
    """The sentence shows the form that it must have (Q103)."""
    with pytest.raises(ValueError, match="imaps://USER:PASSWORD@HOST/INBOX") as wrong:
        ReturnMailbox.from_url(url)
    assert "secret" not in str(wrong.value)
