"""When two entries of one person are joined, nobody's withdrawal is undone (Q5, Q134)."""

from datetime import date, datetime, timedelta

import pytest

from core.model.register.consents import ConsentEntry, Decision
from core.model.register.forms import FormKind
from core.rules.people.joining import consents_after_joining

FIRST = date(2026, 11, 20)
CONSENT, WITHDRAWAL, REFUSAL = Decision.CONSENT, Decision.WITHDRAWAL, Decision.REFUSAL


def entry(
    number: int,
    decision: Decision,
    *,
    day: int = 0,
    lasts: int | None = None,
    channels: tuple[str, ...] | None = None,
) -> ConsentEntry:
    """An entry of the register: its place in it, and the day of the paper."""
    on = FIRST + timedelta(days=day)
    expires = None if lasts is None else FIRST + timedelta(days=lasts)
    return ConsentEntry(number, f"2026-{number}", 1, 2, decision, on, FormKind.PAPER, "17", None, expires, "",
                        datetime(2026, 11, 20).astimezone(), channels)  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "gone", "counts"),
    [
        (entry(1, CONSENT), entry(2, WITHDRAWAL, day=3), "gone"),
        (entry(2, WITHDRAWAL, day=3), entry(1, CONSENT), "kept"),
        (entry(1, WITHDRAWAL), entry(2, CONSENT, day=3), "gone"),
        (entry(2, CONSENT, day=3), entry(1, REFUSAL), "kept"),
        (entry(7, WITHDRAWAL, day=3), entry(10, CONSENT), "kept"),
        (entry(10, CONSENT), entry(7, WITHDRAWAL, day=3), "gone"),
        (entry(7, WITHDRAWAL), entry(10, CONSENT), "kept"),
        (entry(9, CONSENT, day=7, lasts=13), entry(10, CONSENT), "kept"),
        (entry(9, CONSENT, day=7), entry(10, CONSENT, lasts=13), "gone"),
        (entry(1, CONSENT, lasts=13), entry(2, CONSENT, day=3), "gone"),
        (entry(9, CONSENT, channels=("email",)), entry(10, CONSENT), "kept"),
        (entry(9, CONSENT), entry(10, CONSENT, channels=()), "gone"),
    ],
)
def test_the_later_entry_counts_and_in_doubt_what_allows_less(
    kept: ConsentEntry, gone: ConsentEntry, counts: str
) -> None:
    """A consent that an earlier joining entered again has a high number and an old date: it opens nothing."""
    entered = consents_after_joining([kept], [gone])
    assert entered[0] is gone
    assert entered[-1] is {"kept": kept, "gone": gone}[counts]


def test_a_person_who_decided_nothing_takes_the_others_entries() -> None:
    """In their order; where the second has none, nothing is entered."""
    both = [entry(2, WITHDRAWAL, day=1), entry(1, CONSENT)]
    assert consents_after_joining([], both) == both[::-1]
    assert consents_after_joining(both, []) == []
