"""Bounces in plain words and in the international form, and the letters of answering machines."""

import email
from base64 import b64encode

import pytest

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from notifiers.email.bounces import bounce_address, parse_bounce

SECRET = b"the school's signing key"
TO = bounce_address("bounce@example.org", key="attempt-7", secret=SECRET)

GONE = Receipt(Status.REFUSED, reason=Reason.BOUNCED)
FULL = Receipt(Status.FAILED, reason=Reason.MAILBOX_FULL)
REJECTED = Receipt(Status.FAILED, reason=Reason.REJECTED)

EXIM = """\
Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
Auto-Submitted: auto-replied
X-Failed-Recipients: vera@example.org
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  vera@example.org
    host mx.example.org [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<vera@example.org>:
    550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------

Subject: 552 5.2.2
"""
QMAIL = """\
From: MAILER-DAEMON@mx.example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<vera@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <bounce@example.org>
"""
RUSSIAN = """\
Return-Path: <>
From: noreply@pochta.example.org
Subject: =?utf-8?b?0J/QuNGB0YzQvNC+INC90LUg0LTQvtGB0YLQsNCy0LvQtdC90L4=?=
Content-Type: text/plain; charset=utf-8

Письмо не может быть доставлено: ящик переполнен.
"""
SPAM = """\
From: postmaster@mx.example.org
Subject: Undeliverable: news

Delivery has failed to these recipients: vera@example.org
554 5.7.1 Message rejected as spam
"""
DELAYED = """\
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
X-Failed-Recipients: vera@example.org
Subject: Warning: message 1abc delayed 24 hours

A message that you sent has not yet been delivered after 24 hours on the queue.
The last error was: 550 5.1.1 looks odd. No action is required on your part.
"""
AWAY = """\
Return-Path: <>
From: Vera Sokolova <vera@example.org>
Auto-Submitted: auto-replied
Subject: Out of office

I am away until 5.1.27. If your mail could not be delivered, call 550 5.1.1.
"""
AWAY_IN_RUSSIAN = """\
From: vera@example.org
X-Autoreply: yes
Precedence: bulk
Subject: =?utf-8?b?0JDQstGC0L7QvtGC0LLQtdGC?=
Content-Type: text/plain; charset=utf-8

Адрес больше не существует: пишите на новый.
"""
READ = """\
From: vera@example.org
Subject: Read: news
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain

Your message was displayed; 550 5.1.1 is not what happened.
--b
Content-Type: message/disposition-notification

Disposition: manual-action/MDN-sent-manually; displayed
--b--
"""


def read(raw: str, to: str = TO) -> tuple[str, Receipt] | None:
    """What the mail says of an attempt of ours."""
    return parse_bounce(email.message_from_bytes(f"To: {to}\n{raw}".encode()), secret=SECRET)


@pytest.mark.parametrize(("raw", "receipt"), [(EXIM, GONE), (QMAIL, GONE), (RUSSIAN, FULL), (SPAM, REJECTED)])
def test_a_bounce_in_plain_words_is_read(raw: str, receipt: Receipt) -> None:
    """Old servers write a letter instead of a report; the copy of our own mail in it says nothing (Q84)."""
    assert read(raw) == ("attempt-7", receipt)
    assert read(raw, "bounce+attempt-7=0123456789abcdef@example.org") is None


@pytest.mark.parametrize("raw", [DELAYED, AWAY, AWAY_IN_RUSSIAN, READ])
def test_a_letter_that_speaks_of_no_failure_is_none(raw: str) -> None:
    """A delay, an answering machine and a read receipt leave the mail as accepted, whatever codes they hold (Q84)."""
    assert read(raw) is None


def international(status: str, encoding: str) -> str:
    """A report of a server that speaks RFC 6533."""
    fields = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: utf-8; вера@example.org\nAction: failed\nStatus: {status}\n"
    body = b64encode(fields.encode()).decode() if encoding == "base64" else fields
    return (
        "From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=global-delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nIt failed.\n"
        f"--b\nContent-Type: message/global-delivery-status\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--b--\n"
    )


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
@pytest.mark.parametrize(("status", "receipt"), [("5.1.1", GONE), ("5.2.2", FULL), ("5.7.1", REJECTED)])
def test_an_international_report_is_read_like_any_other(status: str, receipt: Receipt, encoding: str) -> None:
    """`message/global-delivery-status` has the fields of `message/delivery-status`, perhaps encoded (Q84)."""
    assert read(international(status, encoding)) == ("attempt-7", receipt)
