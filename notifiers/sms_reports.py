"""Delivery reports of the SMS gateway: their URL holds our key and a seal, since the gateway gives no number."""

import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from core.errors import SchoolError
from core.model.delivery import Reason, Receipt, Status

_MEANING = {
    "1": Receipt(Status.DELIVERED),
    "2": Receipt(Status.REFUSED, reason=Reason.REJECTED),
    "4": Receipt(Status.ACCEPTED),  # kept by the operator until the phone is reachable
    "8": Receipt(Status.ACCEPTED),
    "16": Receipt(Status.REFUSED, reason=Reason.REJECTED),
}


class ReportRefusedError(SchoolError):
    """The delivery report does not come from our gateway, or says nothing that we know."""


def report_url(address: str, *, key: str, secret: bytes) -> str:
    """Where the gateway reports about the attempt `key`; it puts the report's number in place of `%d`."""
    return f"{address}?{urlencode({'key': key, 'seal': sign_dlr(key, secret)})}&type=%d"


def sign_dlr(key: str, secret: bytes) -> str:
    """The seal on a key, so that nobody can report in the gateway's name."""
    return hmac.digest(secret, f"report\n{key}".encode(), "sha256")[:16].hex()


def verify_dlr(query: Mapping[str, str], *, secret: bytes) -> tuple[str, Receipt]:
    """The attempt's key and what is reported of it; reports come in any order, and statuses only rise (Q93).

    Kannel reports a long message for one of its parts. ReportRefusedError for anything not sealed by us.
    """
    key, seal, meaning = query.get("key", ""), query.get("seal", ""), _MEANING.get(query.get("type", ""))
    if not hmac.compare_digest(seal.encode(), sign_dlr(key, secret).encode()) or meaning is None:
        raise ReportRefusedError
    return key, meaning
