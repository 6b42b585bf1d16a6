"""Which entry of the register of consents is in force."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from core.model.delivery.states import Reason
from core.model.register.consents import ConsentEntry, Decision
from core.model.register.forms import FormKind
from core.rules.register import consents

DAY = date(2026, 11, 20)


def entry(number: int, decision: Decision, on: date = DAY, expires_on: date | None = None) -> ConsentEntry:
    return ConsentEntry(
        number, f"2026-{number:04}", 1, 2, decision, on, FormKind.PAPER, "С-1", None, expires_on, "Секретарь",
        datetime(2026, 11, 20, tzinfo=UTC),
    )  # fmt: skip


CONSENT = entry(1, Decision.CONSENT)


def in_force(entries: Iterable[ConsentEntry], on: date) -> ConsentEntry | None:
    latest = consents.latest_consent_entry(entries, on)
    return latest if consents.consent_obstacle(latest, on) is None else None


def test_a_consent_is_in_force_from_its_day() -> None:
    """On the day it was decided it counts, on the day before it does not (Q6)."""
    assert in_force([CONSENT], DAY) is CONSENT
    assert in_force([CONSENT], date(2026, 11, 19)) is None


def test_a_consent_lasts_through_its_last_day() -> None:
    """Expired consent is no consent; the last day itself still belongs to it (Q7)."""
    until = entry(1, Decision.CONSENT, expires_on=date(2027, 5, 31))
    assert in_force([until], date(2027, 5, 31)) is until
    assert in_force([until], date(2027, 6, 1)) is None
    assert consents.consent_obstacle(until, date(2027, 6, 1)) is Reason.NO_CONSENT


def test_of_one_day_the_entry_registered_last_decides() -> None:
    """Whoever consents and thinks better of it the same day has withdrawn, and the other way round."""
    withdrawal = entry(2, Decision.WITHDRAWAL)
    again = entry(3, Decision.CONSENT)
    assert in_force([CONSENT, withdrawal], DAY) is None
    assert in_force([again, CONSENT, withdrawal], DAY) is again


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (None, Reason.NO_CONSENT),
        (entry(2, Decision.REFUSAL), Reason.NO_CONSENT),
        (entry(2, Decision.WITHDRAWAL), Reason.CONSENT_WITHDRAWN),
        (CONSENT, None),
    ],
)
def test_whatever_bars_the_electronic_way_has_a_reason(last: ConsentEntry | None, reason: Reason | None) -> None:
    """No entry and a refusal are no consent; a withdrawal is called by its name (Q2, Q87)."""
    assert consents.consent_obstacle(last, DAY) is reason
