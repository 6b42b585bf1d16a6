"""Bounces: the return address holds the attempt's key and a seal, so a bounce says which attempt it belongs to."""

import hmac
import re
from email.message import Message

from core.model.delivery.deliveries import Receipt
from notifiers.email.failure_reports import failure_report_receipt
from notifiers.email.replies import parse_reply

_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SEALED_ADDRESS = re.compile(r"\+(?P<key>[A-Za-z0-9_-]{1,40})=(?P<seal>[0-9a-f]{16})@", re.IGNORECASE)
_ADDRESS_HEADERS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


def bounce_address(bounce: str, *, key: str, secret: bytes) -> str:
    """`bounce@school` becomes `bounce+KEY=SEAL@school` (VERP). ValueError for a key that no address can hold."""
    if not _KEY.fullmatch(key):
        raise ValueError("A key that travels in a mail address has up to 40 Latin letters, figures, - and _")
    local, _, domain = bounce.rpartition("@")
    return f"{local}+{key}={_seal(key, secret)}@{domain}"


def parse_bounce(message: Message, *, secret: bytes) -> tuple[str, Receipt] | None:
    """The key of the attempt that bounced, and its receipt; None for a mail that is no failure report of ours.

    Only a report about the address refuses the contact. A spam filter or a full mailbox fails this mail alone.
    A report of a delay and an out-of-office letter are no failures. A forged address has no valid seal and is ignored.
    """
    key = _sealed_key(message, secret=secret)
    receipt = failure_report_receipt(message) if key is not None else None
    return (key, receipt) if key is not None and receipt is not None else None


def is_processed_bounce(message: Message, *, secret: bytes) -> bool:
    """True for a report of any kind, an answer, and what came to a sealed address; people read the rest."""
    is_ours = _sealed_key(message, secret=secret) is not None or parse_reply(message, secret=secret) is not None
    return is_ours or message.get_content_type() == "multipart/report"


def _sealed_key(message: Message, *, secret: bytes) -> str | None:
    """The key of the attempt whose return address received this mail; None where no address has a valid seal."""
    for header in _ADDRESS_HEADERS:
        for value in message.get_all(header, ()):
            found = _SEALED_ADDRESS.search(str(value))
            if found and hmac.compare_digest(found["seal"].lower(), _seal(found["key"], secret)):
                return found["key"]
    return None


def _seal(key: str, secret: bytes) -> str:
    return hmac.digest(secret, f"bounce\n{key}".encode(), "sha256")[:8].hex()
