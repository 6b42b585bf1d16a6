"""How far a pair of representative and student has come, and who is meant by a part of a name."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.model.register.consents import ConsentEntry, Decision
from core.model.register.contacts import Contact, PendingContact
from core.model.register.families import FamilyPair, PairState
from core.model.register.forms import FormKind
from core.rules.register.families import (
    family_pair_state,
    family_pairs_named,
    family_signers_of_class,
    is_family_waiting_long,
)

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def entry(decision: Decision = Decision.CONSENT, expires_on: date | None = None) -> ConsentEntry:
    return ConsentEntry(1, "2026-0001", 2, 1, decision, TODAY, FormKind.PAPER, "17", None, expires_on, "Секретарь", NOW)


def held(*, proven: bool = True, confirmed: bool = True, aside: bool = False, days: float | None = 0) -> PendingContact:
    since = None if days is None else NOW - timedelta(days=days)
    contact = Contact(
        1, 2, "telegram", "501", 0, "chat", since if proven else None, NOW if aside else None,
        "blocked" if aside else None, None, None, since,
    )  # fmt: skip
    return PendingContact(contact, "Соколова Вера", confirmed)


def pair(
    decided: ConsentEntry | None = None, *contacts: PendingContact, person: str = "Соколова Вера Ивановна",
    person_id: int = 2, student: str = "Соколова Анна Олеговна", student_id: int = 1, is_alone: bool = False,
) -> FamilyPair:  # fmt: skip
    return FamilyPair(person_id, person, student_id, student, 5, "8Б", decided, contacts, is_alone)


@pytest.mark.parametrize(
    ("of", "state"),
    [
        (pair(), PairState.UNDECIDED),
        (pair(None, held()), PairState.UNDECIDED),
        (pair(is_alone=True), PairState.ALONE),
        (pair(entry(Decision.REFUSAL), held()), PairState.REFUSED),
        (pair(entry(Decision.WITHDRAWAL), held()), PairState.WITHDRAWN),
        (pair(entry(expires_on=TODAY - timedelta(days=1)), held()), PairState.EXPIRED),
        (pair(entry(expires_on=TODAY), held()), PairState.ACTIVE),
        (pair(entry()), PairState.NO_CHANNEL),
        (pair(entry(), held(proven=False)), PairState.WAITING),
        (pair(entry(), held(confirmed=False)), PairState.WAITING),
        (pair(entry(), held(aside=True)), PairState.SET_ASIDE),
        (pair(entry(), held(aside=True), held(confirmed=False)), PairState.WAITING),
        (pair(entry(), held(aside=True), held()), PairState.ACTIVE),
    ],
)
def test_a_pair_is_as_far_as_what_it_lacks_first(of: FamilyPair, state: PairState) -> None:
    """A decision comes before a channel, and a channel works with both proofs and unless it was set aside (Q2, Q80)."""
    assert family_pair_state(of, TODAY) is state


def test_a_channel_that_the_school_has_not_reaches_nobody() -> None:
    """A working contact counts on a channel that is set up alone (R7)."""
    consented = pair(entry(), held())
    served = [None, frozenset({"telegram"}), frozenset({"email"}), frozenset[str]()]
    states = [family_pair_state(consented, TODAY, each) for each in served]
    assert states == [PairState.ACTIVE, PairState.ACTIVE, PairState.NOT_SERVED, PairState.NOT_SERVED]
    assert family_pair_state(pair(entry(), held(proven=False)), TODAY, frozenset()) is PairState.WAITING


@pytest.mark.parametrize(
    ("contact", "is_long"),
    [
        (held(confirmed=False, days=7), True),
        (held(confirmed=False, days=6.99), False),
        (held(proven=False, days=8), True),
        (held(proven=False, confirmed=False, days=None), True),
        (held(days=90), False),
    ],
)
def test_a_week_is_too_long_for_a_proof(contact: PendingContact, *, is_long: bool) -> None:
    """From the seventh day on; a contact whose age nobody knows has waited that long (Q84, Q105)."""
    assert is_family_waiting_long(contact, NOW) is is_long


def test_a_name_means_the_closest_pair() -> None:
    """Whole names before whole words before parts of words, students before representatives, numbers before all."""
    anna = pair()
    boris = pair(person="Белов Пётр Ильич", person_id=4, student="Соколов Борис Ильич", student_id=3)
    pairs = [anna, boris]
    assert family_pairs_named(pairs, "соколов борис ильич") == [boris]
    assert family_pairs_named(pairs, "соколов") == [boris]
    assert family_pairs_named(pairs, "сокол") == pairs
    assert family_pairs_named(pairs, "ПЕТР белов") == [boris]
    assert family_pairs_named(pairs, "2") == [anna]
    assert family_pairs_named(pairs, "3") == [boris]
    assert family_pairs_named(pairs, "никого") == []
    assert family_pairs_named(pairs, " ") == []


def test_a_class_signs_what_is_missing() -> None:
    """A consent in force needs no form, and nobody signs for a student whom nobody represents."""
    missing = pair(person_id=6)
    assert family_signers_of_class([pair(entry()), missing, pair(is_alone=True)], TODAY) == [missing]
