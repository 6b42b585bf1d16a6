"""The outbox keeps a notice's facts as plain words and numbers and gets the same notice back."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.notices.facts import Notice, WrittenNotice, notice_from_facts, notice_to_facts
from core.model.notices.family import FinalMarkSet
from core.model.notices.kinds import R6_KINDS

notices = st.one_of([st.from_type(notice) for notice in get_args(WrittenNotice)])


@given(notices)
def test_a_notice_survives_the_outbox(notice: Notice) -> None:
    """Facts go in as words and numbers and come out as the notice they were."""
    facts = notice_to_facts(notice)
    assert all(value is None or isinstance(value, str | int) for value in facts.values())
    assert notice_from_facts(type(notice).__name__, json.loads(json.dumps(facts))) == notice


def test_a_notice_of_an_older_program_is_read() -> None:
    """What later became known of a fact may be missing in the outbox: it is the same notice."""
    notice = FinalMarkSet("Алгебра", "год", "4", subject_id=7)
    facts = notice_to_facts(notice)
    assert facts.pop("subject_id") == 7
    assert notice_from_facts("FinalMarkSet", facts) == notice


def test_a_name_nobody_bears_is_an_error() -> None:
    """An outbox written by a newer program is not guessed at."""
    with pytest.raises(KeyError):
        notice_from_facts("Rumour", {})


def test_final_marks_are_under_the_24_hours() -> None:
    """A final mark is an R6 fact wherever it comes from (R6)."""
    assert FinalMarkSet.kind in R6_KINDS
    assert notice_to_facts(FinalMarkSet("Алгебра", "год", "4"))["value"] == "4"
