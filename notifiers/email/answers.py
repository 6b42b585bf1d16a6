"""Classifies SMTP answers by cause: the address, a full mailbox, this mail, or the school (RFC 5321, 3463).

The enhanced code decides. Without one the basic code and the SMTP command it answers decide, and last the words.
"""

import re
from enum import Enum, auto

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status

_ENHANCED = re.compile(r"(?<![\d.])[45]\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})(?!\.?\d)")
_BASIC = re.compile(r"\b(?P<code>[45]\d\d)\b")

_LOGIN_WANTED = frozenset({454, 530, 534, 535, 538})
_NO_MAILBOX = frozenset({521, 550, 551, 553, 556})
_OVER_QUOTA = 552
_WORDED_CODE = re.compile(r"(?<![\d.])(?P<code>5\d\d)[ -](?=\D|5\.\d)")
_WORDED_CAUSES = (
    (_OVER_QUOTA, re.compile(r"quota|(mailbox|inbox) .{0,20}full|переполнен", re.IGNORECASE)),
    (
        550,
        re.compile(
            r"user unknown|unknown (user|recipient)|no such (user|mailbox|address|recipient)|invalid recipient"
            r"|(mailbox|user|account|address) .{0,60}(not found|does ?n[o']t exist|disabled)|couldn't be found"
            r"|не существует|не найден|нет такого",
            re.IGNORECASE,
        ),
    ),
)
"""The code that a report without codes would have: a full mailbox, an unknown one."""

_POLICY = ("spam", "policy", "block", "blacklist", "reputation", "relay", "prohibited", "denied", "rbl", "spamhaus")
"""Words of servers without enhanced codes that refuse a sender with the code of an unknown mailbox."""


class Cause(Enum):
    """Whose fault an SMTP failure is."""

    ADDRESS = auto()
    FULL_MAILBOX = auto()
    MESSAGE = auto()
    ROUTE = auto()
    SERVER = auto()
    SCHOOL = auto()


def smtp_answer_cause(code: int, words: str, *, of_recipient: bool) -> Cause:
    """The cause of a 4xx or 5xx answer. `of_recipient`: it answers RCPT, so it came before the mail itself."""
    if code in _LOGIN_WANTED:
        return Cause.SCHOOL
    if (enhanced := _ENHANCED.search(words)) is not None:
        return _by_enhanced(int(enhanced["subject"]), int(enhanced["detail"]))
    if not of_recipient:
        return Cause.MESSAGE
    if code == _OVER_QUOTA:
        return Cause.FULL_MAILBOX
    is_policy = any(word in words.casefold() for word in _POLICY)
    return Cause.ADDRESS if code in _NO_MAILBOX and not is_policy else Cause.MESSAGE


def _by_enhanced(subject: int, detail: int) -> Cause:
    match subject, detail:
        case 1, (7 | 8):  # X.1.7, X.1.8 are the sender's address; postfix gives them in its answer to RCPT
            return Cause.SCHOOL
        case (1, _) | (2, 1):
            return Cause.ADDRESS
        case 2, 2:
            return Cause.FULL_MAILBOX
        case 3, (1 | 2):
            return Cause.SERVER
        case 4, _:
            return Cause.ROUTE
        case _:
            return Cause.MESSAGE


def smtp_answer_receipt(status: str, diagnostic: str) -> Receipt:
    """The receipt for a failed-delivery report (RFC 3464).

    Its `Status` field decides; where that is general (X.0.0) or malformed, the remote server's words do.
    """
    said = diagnostic.rpartition(";")[2].strip()
    words = said if status.endswith(".0.0") or not _ENHANCED.search(status) else status
    basic = _BASIC.search(said)
    return _receipt_of_cause(smtp_answer_cause(int(basic["code"]) if basic else 0, words, of_recipient=True), words)


def worded_smtp_answer_receipt(words: str) -> Receipt:
    """The receipt for a failure that a mail server reports in plain words, with or without codes."""
    basic = _WORDED_CODE.search(words)
    code = int(basic["code"]) if basic else next((code for code, said in _WORDED_CAUSES if said.search(words)), 0)
    return _receipt_of_cause(smtp_answer_cause(code, words, of_recipient=True), words)


def _receipt_of_cause(cause: Cause, words: str) -> Receipt:
    match cause:
        case Cause.ADDRESS:
            return Receipt(Status.REFUSED, reason=Reason.BOUNCED)
        case Cause.FULL_MAILBOX:
            return Receipt(Status.FAILED, reason=Reason.MAILBOX_FULL)
        case Cause.ROUTE | Cause.SERVER:
            return Receipt(Status.FAILED, reason=Reason.BOUNCED)
        case Cause.MESSAGE | Cause.SCHOOL:
            return Receipt(Status.FAILED, reason=Reason.REJECTED if words else Reason.BOUNCED)
