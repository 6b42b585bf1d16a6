"""What a mail server's answer speaks of: the address, a full mailbox, this mail, or the school itself (RFC 5321, 3463).

The enhanced code decides; without one the basic code and where in the conversation it came, and last the words.
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
_POLICY = ("spam", "policy", "block", "blacklist", "reputation", "relay", "prohibited", "denied", "rbl", "spamhaus")
"""Words of servers without enhanced codes that refuse a sender with the code of an unknown mailbox."""


class Speaks(Enum):
    """What an answer is about."""

    ADDRESS = auto()
    FULL_MAILBOX = auto()
    MESSAGE = auto()
    ROUTE = auto()
    SERVER = auto()
    SCHOOL = auto()


def spoken_of(code: int, words: str, *, of_recipient: bool) -> Speaks:
    """What an answer of 4xx or 5xx is about; `of_recipient`: it came to RCPT, before the mail itself."""
    if code in _LOGIN_WANTED:
        return Speaks.SCHOOL
    if (enhanced := _ENHANCED.search(words)) is not None:
        return _by_enhanced(int(enhanced["subject"]), int(enhanced["detail"]))
    if not of_recipient:
        return Speaks.MESSAGE
    if code == _OVER_QUOTA:
        return Speaks.FULL_MAILBOX
    is_policy = any(word in words.casefold() for word in _POLICY)
    return Speaks.ADDRESS if code in _NO_MAILBOX and not is_policy else Speaks.MESSAGE


def _by_enhanced(subject: int, detail: int) -> Speaks:
    match subject, detail:
        case 1, (7 | 8):  # the sender's address: postfix says it of a recipient's turn
            return Speaks.SCHOOL
        case (1, _) | (2, 1):
            return Speaks.ADDRESS
        case 2, 2:
            return Speaks.FULL_MAILBOX
        case 3, (1 | 2):
            return Speaks.SERVER
        case 4, _:
            return Speaks.ROUTE
        case _:
            return Speaks.MESSAGE


def returned(status: str, diagnostic: str) -> Receipt:
    """What a report of a failed delivery says (RFC 3464): its `Status`, or the server's words where that is general."""
    said = diagnostic.rpartition(";")[2].strip()
    words = said if status.endswith(".0.0") or not _ENHANCED.search(status) else status
    basic = _BASIC.search(said)
    match spoken_of(int(basic["code"]) if basic else 0, words, of_recipient=True):
        case Speaks.ADDRESS:
            return Receipt(Status.REFUSED, reason=Reason.BOUNCED)
        case Speaks.FULL_MAILBOX:
            return Receipt(Status.FAILED, reason=Reason.MAILBOX_FULL)
        case Speaks.ROUTE | Speaks.SERVER:
            return Receipt(Status.FAILED, reason=Reason.BOUNCED)
        case Speaks.MESSAGE | Speaks.SCHOOL:
            return Receipt(Status.FAILED, reason=Reason.REJECTED if words else Reason.BOUNCED)
