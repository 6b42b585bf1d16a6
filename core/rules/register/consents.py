"""Which entry of the register of consents is in force: the state on a date is computed, never kept (Q2, Q3, Q6, Q7)."""

from collections.abc import Iterable
from datetime import date

from core.model.delivery.states import Reason
from core.model.register.consents import ConsentEntry, Decision


def last_word(entries: Iterable[ConsentEntry], on: date) -> ConsentEntry | None:
    """The entry of one pair that speaks on a date: of those decided by then, the one registered last."""
    return max((entry for entry in entries if entry.decided_on <= on), key=lambda entry: entry.id, default=None)


def in_force(entries: Iterable[ConsentEntry], on: date) -> ConsentEntry | None:
    """The consent under which this pair may receive personal data electronically on a date."""
    entry = last_word(entries, on)
    return entry if obstacle(entry, on) is None else None


def obstacle(entry: ConsentEntry | None, on: date) -> Reason | None:
    """Why the last word of a pair opens no electronic channel on a date; None: it does."""
    if entry is None or entry.decision is Decision.REFUSAL:
        return Reason.NO_CONSENT
    if entry.decision is Decision.WITHDRAWAL:
        return Reason.CONSENT_WITHDRAWN
    expired = entry.expires_on is not None and entry.expires_on < on
    return Reason.NO_CONSENT if expired else None
