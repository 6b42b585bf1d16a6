"""Which entry of the register of consents is in force on a date; computed, never stored (Q2, Q3, Q6, Q7)."""

from collections.abc import Iterable
from datetime import date

from core.model.delivery.states import Reason
from core.model.register.consents import ConsentEntry, Decision


def latest_consent_entry(entries: Iterable[ConsentEntry], on: date) -> ConsentEntry | None:
    """The entry of one pair that counts on a date: of those decided by then, the one registered last."""
    return max((entry for entry in entries if entry.decided_on <= on), key=lambda entry: entry.id, default=None)


def consent_obstacle(entry: ConsentEntry | None, on: date) -> Reason | None:
    """Why the latest entry of a pair allows no electronic channel on a date; None: it allows those that it names."""
    if entry is None or entry.decision is Decision.REFUSAL:
        return Reason.NO_CONSENT
    if entry.decision is Decision.WITHDRAWAL:
        return Reason.CONSENT_WITHDRAWN
    expired = entry.expires_on is not None and entry.expires_on < on
    return Reason.NO_CONSENT if expired else None


def is_processor_in_consent(entry: ConsentEntry | None, channel: str) -> bool:
    """Whether the document of a consent names who processes the data on this channel (152-ФЗ art. 9 p. 4)."""
    return entry is None or entry.channels is None or channel in entry.channels


def ended_consent_date(decision: Decision, entries: Iterable[ConsentEntry]) -> date | None:
    """The date of the pair's latest consent, which a refusal or withdrawal ends; None for a consent."""
    if decision is Decision.CONSENT:
        return None
    given = [entry for entry in entries if entry.decision is Decision.CONSENT]
    return max(given, key=lambda entry: entry.id).decided_on if given else None
