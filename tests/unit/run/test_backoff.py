"""How long is waited for what cannot be had now, and what is said of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.backoff import FIRST, LONGEST, Backoff, backoff_seconds

ANY_NUMBER = st.one_of(st.integers(), st.floats(), st.sampled_from([10**12, 10**400, -1, math.nan, math.inf]))


@given(st.integers(min_value=1, max_value=10**6), ANY_NUMBER)
def test_no_pause_is_longer_than_a_minute(tries: int, asked: float) -> None:
    """However often it failed and whatever wait the other side asks for: 30,000 years, less than nothing, no number."""
    assert FIRST / 2 <= backoff_seconds(tries, at_least=asked) <= LONGEST == 60


@given(st.floats(min_value=0, max_value=60))
def test_a_wait_that_was_asked_for_is_respected(asked: float) -> None:
    """Up to a minute nothing is tried before it is over (Q92)."""
    assert backoff_seconds(1, at_least=asked) >= asked


def test_pauses_grow_and_do_not_fall_together() -> None:
    """Each may be twice as long as the one before, and chance shortens it by up to a half."""
    for tries in range(1, 8):
        whole = FIRST * 2 ** (tries - 1)
        pauses = {backoff_seconds(tries) for _ in range(50)}
        assert len(pauses) > 1
        assert all(whole / 2 <= pause <= whole for pause in pauses)


def test_a_fault_is_said_once_and_its_end_once() -> None:
    """A night without Telegram is two lines in the log, not a line a minute; another reason is one more."""
    backoff = Backoff("conversation")
    with capture_logs() as lines:
        for _ in range(100):
            backoff.failed("unreachable", error=ValueError("Соколова Анна"))
        backoff.failed("token_refused")
        backoff.worked()
        backoff.worked()
    assert [line.get("why", line["event"]) for line in lines] == ["unreachable", "token_refused", "part.works_again"]
    assert "Анна" not in repr(lines)


def test_after_the_end_a_new_fault_begins_anew() -> None:
    """Its pause is the first one again, and it is said again."""
    backoff = Backoff("conversation")
    with capture_logs() as lines:
        for _ in range(10):
            backoff.failed("unreachable")
        backoff.worked()
        assert backoff.failed("unreachable") <= FIRST
    assert [line.get("why") for line in lines].count("unreachable") == 2


@pytest.mark.parametrize("asked", [10**12, -1, math.nan, -math.inf])
def test_a_wait_that_cannot_be_one_is_not_kept(asked: float) -> None:
    """The right value of each that was tried: a minute for too much, our own pause for less than nothing."""
    assert backoff_seconds(1, at_least=asked) == 60 if asked == 10**12 else backoff_seconds(1, at_least=asked) <= FIRST
