"""Which dates a document may have; one rule for all that is entered (contracts, Persons; fault 15)."""

from collections.abc import Iterable
from datetime import date

from core.errors import DateFault, DocumentDateError
from core.model.register.consents import ConsentEntry, Decision

EARLIEST = date(2000, 1, 1)
"""The school acts on no older document."""


def date_fault(on: date, *, today: date, since: date | None = None) -> DateFault | None:
    """Why a document cannot have this date; None: it can.

    `today` is the school's local date, which is allowed, and `since` the day of the entry that the document refers to.
    """
    if on > today:
        return DateFault.FUTURE
    if on < EARLIEST:
        return DateFault.TOO_OLD
    return DateFault.BEFORE_ENTRY if since is not None and on < since else None


def require_date(on: date, *, today: date, since: date | None = None) -> None:
    """DocumentDateError if a document cannot have this date."""
    if (wrong := date_fault(on, today=today, since=since)) is not None:
        raise DocumentDateError(wrong)


def require_expiry(expires_on: date | None, *, dated: date) -> None:
    """DocumentDateError unless the last day in force lies after the document's own date; None never ends."""
    if expires_on is not None and expires_on <= dated:
        raise DocumentDateError(DateFault.EXPIRY)


def require_end(on: date, *, since: date | None) -> None:
    """DocumentDateError unless a role or a guardianship may end on this day.

    The day may lie ahead, since a dismissal is known before it, but not before the first day.
    """
    if on < EARLIEST:
        raise DocumentDateError(DateFault.TOO_OLD)
    if since is not None and on < since:
        raise DocumentDateError(DateFault.BEFORE_ENTRY)


def consent_date(decision: Decision, entries: Iterable[ConsentEntry]) -> date | None:
    """The date of the pair's latest consent, which a refusal or withdrawal ends; None for a consent."""
    if decision is Decision.CONSENT:
        return None
    given = [entry for entry in entries if entry.decision is Decision.CONSENT]
    return max(given, key=lambda entry: entry.id).decided_on if given else None
