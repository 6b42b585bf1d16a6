"""Certificates that a channel trusts beside the system's own, and when they end."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def trusted_certificates(file: Path | None) -> ssl.SSLContext:
    """The system's store, and the certificates of a PEM file. ValueError for a file that cannot be read."""
    context = ssl.create_default_context()
    if file is not None:
        try:
            context.load_verify_locations(cafile=file.expanduser())
        except (OSError, RuntimeError):
            raise ValueError("certificates") from None
    return context


def certificate_ends(file: Path) -> Sequence[datetime]:
    """When the certificates of a PEM file end, the first one first. ValueError for a file that cannot be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=file.expanduser())
    except (OSError, RuntimeError):
        raise ValueError("certificates") from None
    ends = [str(each["notAfter"]) for each in context.get_ca_certs() if "notAfter" in each]
    return sorted(datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) for end in ends)
