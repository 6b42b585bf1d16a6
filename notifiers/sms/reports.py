"""Delivery reports of the SMS gateway. Their URL holds our key and a seal, since the gateway assigns no number."""

import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from core.errors import SchoolError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status

_RECEIPT_BY_TYPE = {
    "1": Receipt(Status.DELIVERED),
    "2": Receipt(Status.FAILED, reason=Reason.UNDELIVERED),
    "4": Receipt(Status.ACCEPTED),  # kept by the operator until the phone is reachable
    "8": Receipt(Status.ACCEPTED),
    "16": Receipt(Status.FAILED, reason=Reason.REJECTED),
}
_NO_SUCH_NUMBER = re.compile(r"NACK/(0x0*b|11)/", re.IGNORECASE)
"""SMPP error 0x0B, "invalid destination address": the only rejection that is about the number."""


class ReportRefusedError(SchoolError):
    """The report is not sealed by us, or its type is unknown."""


def sms_report_url(address: str, *, key: str, secret: bytes) -> str:
    """Where the gateway reports about the attempt `key`; it replaces `%d` by the report's type, `%A` by the answer."""
    return f"{address}?{urlencode({'key': key, 'seal': sign_sms_report(key, secret)})}&type=%d&answer=%A"


def sign_sms_report(key: str, secret: bytes) -> str:
    """The seal on a key, so that nobody can report in the gateway's name."""
    return hmac.digest(secret, f"report\n{key}".encode(), "sha256")[:16].hex()


def verify_sms_report(query: Mapping[str, str], *, secret: bytes) -> tuple[str, Receipt]:
    """The attempt's key and its receipt. Reports come in any order, and a status only rises (Q93).

    A failure concerns this message (phone off for days, filter, unregistered sender's name), unless the operator says
    that there is no such number. Of a long message Kannel reports one part only.
    ReportRefusedError for anything not sealed by us.
    """
    key, seal, meaning = query.get("key", ""), query.get("seal", ""), _RECEIPT_BY_TYPE.get(query.get("type", ""))
    if not hmac.compare_digest(seal.encode(), sign_sms_report(key, secret).encode()) or meaning is None:
        raise ReportRefusedError
    if meaning.status is Status.FAILED and _NO_SUCH_NUMBER.search(query.get("answer", "")):
        return key, Receipt(Status.REFUSED, reason=Reason.NO_SUCH_ADDRESS)
    return key, meaning
