"""Evidence grows and never shrinks."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select

from core.model.delivery.states import Status
from core.rules.delivery.evidence import ENDS, RANK, is_closing_evidence
from storage.database.types import WordType
from storage.delivery.evidence import evidence_may_follow_sql
from tests.support.delivery.fakes import CLOSES

statuses = st.sampled_from(Status)


def _may_follow() -> Mapping[tuple[Status, Status], bool]:
    """The answer of the statement for every pair of statuses."""
    pairs = [(current, new) for current in Status for new in Status]
    with create_engine("sqlite://").connect() as connection:
        answers = [
            connection.scalar(select(evidence_may_follow_sql(literal(old, WordType(Status)), new)))
            for old, new in pairs
        ]
    return dict(zip(pairs, map(bool, answers), strict=True))


FOLLOWS = _may_follow()


def follows(current: Status, new: Status) -> bool:
    return FOLLOWS[current, new]


@given(st.lists(statuses, max_size=12))
def test_receipts_in_any_order_never_lower_the_evidence(receipts: list[Status]) -> None:
    """A late or out-of-order receipt changes nothing that stands higher (Q93)."""
    current, highest = Status.SENDING, Status.SENDING
    for receipt in receipts:
        if follows(current, receipt):
            current = receipt
        if current not in ENDS:
            assert RANK[current] >= RANK[highest]
            highest = current


@pytest.mark.parametrize("end", sorted(ENDS))
@given(new=statuses)
def test_an_end_is_an_end(end: Status, new: Status) -> None:
    """Nothing follows a refusal or a withdrawal."""
    assert not follows(end, new)


def test_a_bounce_may_end_what_was_merely_accepted() -> None:
    """A server that took the mail may still send it back; a phone that showed the SMS cannot."""
    assert follows(Status.ACCEPTED, Status.REFUSED)
    assert follows(Status.ACCEPTED, Status.FAILED)
    assert follows(Status.UNCERTAIN, Status.REFUSED)
    assert not follows(Status.DELIVERED, Status.REFUSED)


def test_each_channel_closes_at_its_own_grade() -> None:
    """R6 closes at accepted for Telegram and e-mail, delivered for SMS, printed for paper (Q72)."""
    assert is_closing_evidence(Status.ACCEPTED, "telegram", CLOSES)
    assert is_closing_evidence(Status.ACCEPTED, "email", CLOSES)
    assert not is_closing_evidence(Status.ACCEPTED, "sms", CLOSES)
    assert is_closing_evidence(Status.DELIVERED, "sms", CLOSES)
    assert not is_closing_evidence(Status.ACCEPTED, "paper", CLOSES)
    assert is_closing_evidence(Status.PRINTED, "paper", CLOSES)


def test_an_unknown_channel_must_show_delivery() -> None:
    """A third-party channel without a setting is trusted only with a receipt."""
    assert not is_closing_evidence(Status.ACCEPTED, "pigeon", CLOSES)
    assert is_closing_evidence(Status.DELIVERED, "pigeon", CLOSES)
    assert not is_closing_evidence(Status.UNCERTAIN, "telegram", CLOSES)
