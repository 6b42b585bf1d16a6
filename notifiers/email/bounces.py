"""Bounces: the return address holds the attempt's key and a seal, so a bounce says which attempt it belongs to."""

import hmac
import re
from email.message import Message

from core.model.delivery.deliveries import Receipt
from notifiers.email.answers import bounce_receipt

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
    A report of a delay is no failure. A forged address has no valid seal and is ignored.
    """
    failure = next((block for block in _status_blocks(message) if _field(block, "Action").casefold() == "failed"), None)
    if failure is None:
        return None
    receipt = bounce_receipt(_field(failure, "Status"), _field(failure, "Diagnostic-Code"))
    for header in _ADDRESS_HEADERS:
        for value in message.get_all(header, ()):
            found = _SEALED_ADDRESS.search(str(value))
            if found and hmac.compare_digest(found["seal"].lower(), _seal(found["key"], secret)):
                return found["key"], receipt
    return None


def _status_blocks(message: Message) -> list[Message]:
    """The blocks of fields of a delivery status notification (RFC 3464): one of the mail, one of each recipient."""
    reports = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    return [block for report in reports for block in report.get_payload() if isinstance(block, Message)]


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def _seal(key: str, secret: bytes) -> str:
    return hmac.digest(secret, f"bounce\n{key}".encode(), "sha256")[:8].hex()
