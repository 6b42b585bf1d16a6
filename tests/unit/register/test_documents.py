"""When a document may be dated: the boundaries, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DateFault, DocumentDateError
from core.rules.register import documents

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "wrong"),
    [
        (TODAY, None),
        (TODAY + DAY, DateFault.FUTURE),
        (date(2062, 1, 1), DateFault.FUTURE),
        (date(2000, 1, 1), None),
        (date(1999, 12, 31), DateFault.TOO_OLD),
        (date(26, 11, 20), DateFault.TOO_OLD),
    ],
)
def test_a_document_is_dated_between_2000_and_today(on: date, wrong: DateFault | None) -> None:
    """Today and the first day of 2000 are allowed, tomorrow and the day before are not (contracts)."""
    assert documents.document_date_fault(on, today=TODAY) is wrong


def test_a_document_is_not_older_than_what_it_refers_to() -> None:
    """A withdrawal of the consent's own day is allowed, one of the day before it is not."""
    assert documents.document_date_fault(TODAY, today=TODAY, since=TODAY) is None
    assert documents.document_date_fault(TODAY - DAY, today=TODAY, since=TODAY) is DateFault.BEFORE_ENTRY


@given(st.dates(), st.dates(date(2000, 1, 1)))
def test_every_date_is_judged(on: date, today: date) -> None:
    """A date is allowed exactly where it lies in the closed span."""
    assert (documents.document_date_fault(on, today=today) is None) is (documents.EARLIEST <= on <= today)


def test_an_expiry_lies_after_the_document() -> None:
    """The next day is the first that may end a consent; none at all is allowed."""
    documents.require_document_expiry(TODAY + DAY, dated=TODAY)
    documents.require_document_expiry(None, dated=TODAY)
    with pytest.raises(DocumentDateError) as refused:
        documents.require_document_expiry(TODAY, dated=TODAY)
    assert refused.value.fault is DateFault.EXPIRY


def test_an_end_may_lie_ahead_but_not_before_the_beginning() -> None:
    """A dismissal is known before it comes; nothing ends before it began or before 2000."""
    documents.require_document_end_date(TODAY + DAY * 400, since=TODAY)
    documents.require_document_end_date(TODAY, since=TODAY)
    for on, since, wrong in (
        (TODAY - DAY, TODAY, DateFault.BEFORE_ENTRY),
        (date(1999, 12, 31), None, DateFault.TOO_OLD),
    ):
        with pytest.raises(DocumentDateError) as refused:
            documents.require_document_end_date(on, since=since)
        assert refused.value.fault is wrong
