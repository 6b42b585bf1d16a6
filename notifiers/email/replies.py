"""Letters that a family sends back with one press: «Прочитано» and «Отписаться» (RFC 6068, 2369).

The subject holds the attempt's key and a seal, so a letter says which mail it answers, whoever it comes from.
"""

import hmac
import re
from dataclasses import dataclass, field
from email.message import Message
from enum import StrEnum
from urllib.parse import quote

from notifiers.email.failure_reports import failure_report_subject


class MailReply(StrEnum):
    """What a letter of a family asks for."""

    READ = "read"
    UNSUBSCRIBE = "unsubscribe"


SUBJECT_MARK = "Vestnik"
"""Begins the subject of such letters, so that the mailbox can be searched for them."""

_SUBJECT = re.compile(
    rf"\b{SUBJECT_MARK}\s+(?P<reply>read|unsubscribe)\s+(?P<key>[A-Za-z0-9_-]{{1,40}})=(?P<seal>[0-9a-f]{{16}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MailReplyLinks:
    """Links by which a mail is answered. `page` is the address of the page with a button; None: by a letter alone."""

    mailbox: str
    page: str | None = None
    secret: bytes = field(default=b"", repr=False)

    def letter(self, reply: MailReply, key: str) -> str:
        """A mailto link to the mailbox that the school reads."""
        subject = f"{SUBJECT_MARK} {reply} {key}={_reply_seal(reply, key, self.secret)}"
        return f"mailto:{self.mailbox}?subject={quote(subject)}"

    def read(self, key: str) -> str:
        """Where a reader says that the mail was read: the page, else a letter (contracts, Delivery)."""
        if self.page is None:
            return self.letter(MailReply.READ, key)
        return f"{self.page}/read/{key}={_reply_seal(MailReply.READ, key, self.secret)}"


def parse_reply(message: Message, *, secret: bytes) -> tuple[MailReply, str] | None:
    """What a letter asks for, and the attempt's key; None without a valid seal, and for a machine's answer."""
    found = _SUBJECT.search(failure_report_subject(message))
    if found is None or str(message.get("Auto-Submitted", "no")).strip().casefold() != "no":
        return None
    reply = MailReply(found["reply"].lower())
    return (reply, found["key"]) if is_reply_sealed(reply, found["key"], found["seal"], secret=secret) else None


def is_reply_sealed(reply: MailReply, key: str, seal: str, *, secret: bytes) -> bool:
    """True for a seal of ours."""
    return hmac.compare_digest(seal.lower().encode(), _reply_seal(reply, key, secret).encode())


def _reply_seal(reply: MailReply, key: str, secret: bytes) -> str:
    """The seal on what is asked for and on the attempt's key."""
    return hmac.digest(secret, f"reply\n{reply}\n{key}".encode(), "sha256")[:8].hex()
