"""When contact data are to be destroyed: which entry of the register ended the last consent."""

from datetime import UTC, date, datetime

import pytest

from core.model.register.consents import ConsentEntry, Decision
from core.model.register.forms import FormKind
from core.rules.register.erasures import consent_entry_for_erasure

GIVEN, TAKEN, TODAY = date(2026, 9, 1), date(2026, 11, 1), date(2026, 11, 20)


def entry(number: int, decision: Decision, on: date, *, student: int = 1, expires: date | None = None) -> ConsentEntry:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return ConsentEntry(
        number, f"2026-{number:04}", 7, student, decision, on, FormKind.PAPER, "С-1", None, expires, "С", at
    )


CONSENT, WITHDRAWAL, REFUSAL = Decision.CONSENT, Decision.WITHDRAWAL, Decision.REFUSAL


@pytest.mark.parametrize("ends", [WITHDRAWAL, REFUSAL])
def test_a_consent_ends_by_withdrawal_or_refusal(ends: Decision) -> None:
    """The term runs from the day of the document that ended it (Q10)."""
    last = entry(2, ends, TAKEN)
    assert consent_entry_for_erasure([entry(1, CONSENT, GIVEN), last], TODAY) is last


def test_another_child_keeps_the_contacts() -> None:
    """While the consent for a sister is in force the contacts serve her; when it ends too, the later day counts."""
    entries = [entry(1, CONSENT, GIVEN), entry(2, CONSENT, GIVEN, student=2), entry(3, WITHDRAWAL, TAKEN)]
    assert consent_entry_for_erasure(entries, TODAY) is None
    later = entry(4, WITHDRAWAL, TODAY, student=2)
    assert consent_entry_for_erasure([*entries, later], TODAY) is later


def test_a_new_consent_stops_the_term() -> None:
    """A family that came back keeps its contacts; before its day the withdrawal still counts (Q6)."""
    taken = entry(2, WITHDRAWAL, TAKEN)
    entries = [entry(1, CONSENT, GIVEN), taken, entry(3, CONSENT, TODAY)]
    assert consent_entry_for_erasure(entries, TODAY) is None
    assert consent_entry_for_erasure(entries, date(2026, 11, 19)) is taken


def test_nothing_that_was_never_given_ends() -> None:
    """A family that refused from the start, and one whose consent expired, have no term (Q7, Q10)."""
    assert consent_entry_for_erasure([], TODAY) is None
    assert consent_entry_for_erasure([entry(1, REFUSAL, GIVEN)], TODAY) is None
    assert consent_entry_for_erasure([entry(1, CONSENT, GIVEN, expires=TAKEN)], TODAY) is None
