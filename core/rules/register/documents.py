"""Which dates and hashes a document may have; one rule for all that is entered (contracts, Persons; fault 15)."""

import re
from datetime import date

from core.errors import DateFault, DocumentDateError, EDocumentError
from core.model.register.forms import FormKind

EARLIEST = date(2000, 1, 1)
"""The school acts on no older document."""


def document_date_fault(on: date, *, today: date, since: date | None = None) -> DateFault | None:
    """Why a document cannot have this date; None: it can.

    `today` is the school's local date, which is allowed, and `since` the day of the entry that the document refers to.
    """
    if on > today:
        return DateFault.FUTURE
    if on < EARLIEST:
        return DateFault.TOO_OLD
    return DateFault.BEFORE_ENTRY if since is not None and on < since else None


def require_document_date(on: date, *, today: date, since: date | None = None) -> None:
    """DocumentDateError if a document cannot have this date."""
    if (wrong := document_date_fault(on, today=today, since=since)) is not None:
        raise DocumentDateError(wrong)


def require_document_expiry(expires_on: date | None, *, dated: date) -> None:
    """DocumentDateError unless the last day in force lies after the document's own date; None never ends."""
    if expires_on is not None and expires_on <= dated:
        raise DocumentDateError(DateFault.EXPIRY)


def require_document_end_date(on: date, *, since: date | None) -> None:
    """DocumentDateError unless a role or a guardianship may end on this day.

    The day may lie ahead, since a dismissal is known before it, but not before the first day.
    """
    if on < EARLIEST:
        raise DocumentDateError(DateFault.TOO_OLD)
    if since is not None and on < since:
        raise DocumentDateError(DateFault.BEFORE_ENTRY)


def require_document_file(form: FormKind, *, document: str | None, scan_sha256: str | None) -> None:
    """EDocumentError unless the hash is a SHA-256; an e-document has its reference and its hash (R7)."""
    is_electronic = form is FormKind.E_DOCUMENT
    if scan_sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", scan_sha256):
        raise EDocumentError
    if is_electronic and (scan_sha256 is None or not (document or "").strip()):
        raise EDocumentError
