"""Deadlines, quiet hours and the ladder of channels, tested at their boundaries."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.channels import PAPER
from core.model.notices.kinds import NoticeKind
from core.model.register.preferences import Frequency
from core.rules.delivery import outcomes, timing
from core.rules.delivery.timing import Policy

MOSCOW = ZoneInfo("Europe/Moscow")
POLICY = Policy()
SECOND = timedelta(seconds=1)
moments = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds of a strategy are naive by its contract


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the school's wall clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


def test_a_final_mark_is_in_time_to_the_second_of_its_day() -> None:
    """24:00:00 after receipt is in time, 24:00:01 is late (Q70)."""
    due = timing.r6_due_time(NoticeKind.FINALS, moscow(20, 12))
    assert due == moscow(21, 12)
    assert not timing.is_past_due_time(due, moscow(21, 12))
    assert timing.is_past_due_time(due, moscow(21, 12) + SECOND)


def test_ordinary_marks_have_no_due_time() -> None:
    """Only results under R6 carry a term."""
    assert timing.r6_due_time(NoticeKind.MARKS, moscow(20, 12)) is None
    assert not timing.is_past_due_time(None, moscow(20, 12))


def test_the_day_of_r6_does_not_change_with_the_clocks() -> None:
    """24 calendar hours stay 24 hours across a change of the clocks."""
    received = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert timing.r6_due_time(NoticeKind.EXAMS, received) == received + timedelta(hours=24)


def test_each_channel_starts_early_enough_for_those_after_it() -> None:
    """Latest starts are planned backwards from the due time, paper last (Q73)."""
    starts = timing.latest_channel_start_times(
        ["telegram", "email", "sms", PAPER], moscow(21, 12), POLICY, kind=NoticeKind.FINALS
    )
    assert starts == (moscow(21, 2), moscow(21, 3), moscow(21, 4), moscow(21, 6))


def test_ordinary_paper_takes_no_time_from_the_ways_before_it() -> None:
    """A weekly extract comes too late for a lesson anyway, so SMS may start two hours before the due time (Q97)."""
    starts = timing.latest_channel_start_times(
        ["telegram", "sms", PAPER], moscow(21, 12), POLICY, kind=NoticeKind.TIMETABLE
    )
    assert starts == (moscow(21, 9), moscow(21, 10), moscow(21, 12))


@given(st.lists(st.sampled_from(["telegram", "email", "sms", "max", PAPER]), min_size=1, max_size=6), moments)
def test_the_ladder_always_goes_forward_and_ends_before_the_due_time(channels: list[str], due: datetime) -> None:
    """Whatever was agreed, each latest start lies before the next one and the last before the due time."""
    starts = timing.latest_channel_start_times(channels, due, POLICY, kind=NoticeKind.EXAMS)
    assert list(starts) == sorted(starts)
    assert starts[-1] < due


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ((20, 20, 59), (20, 20, 59)),
        ((20, 21, 0), (21, 7, 0)),
        ((20, 23, 30), (21, 7, 0)),
        ((21, 6, 59), (21, 7, 0)),
        ((21, 7, 0), (21, 7, 0)),
    ],
)
def test_quiet_hours_run_across_midnight(at: tuple[int, int, int], goes: tuple[int, int, int]) -> None:
    """From 21:00, inclusive, to 07:00, exclusive, by the school's clock (Q89)."""
    assert timing.time_after_quiet_hours(moscow(*at), POLICY, latest=None) == moscow(*goes)


def test_quiet_hours_within_a_day_work_too() -> None:
    """A school may keep the afternoon quiet."""
    policy = Policy(quiet=(time(13), time(15)))
    assert timing.time_after_quiet_hours(moscow(20, 14), policy, latest=None) == moscow(20, 15)
    assert timing.time_after_quiet_hours(moscow(20, 12), policy, latest=None) == moscow(20, 12)


def test_without_quiet_hours_everything_goes_at_once() -> None:
    """The setting may be off."""
    assert timing.time_after_quiet_hours(moscow(20, 23), Policy(quiet=None), latest=None) == moscow(20, 23)


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=30)))
def test_quiet_hours_never_break_the_latest_start(at: datetime, ahead: timedelta) -> None:
    """A message moves to the morning, but never past its latest start and never into the past (Q73)."""
    goes = timing.time_after_quiet_hours(at, POLICY, latest=at + ahead)
    assert at <= goes <= at + ahead


@given(moments)
def test_what_left_the_quiet_hours_is_not_quiet(at: datetime) -> None:
    """Moving out of the quiet hours is done in one step."""
    goes = timing.time_after_quiet_hours(at, POLICY, latest=None)
    assert timing.time_after_quiet_hours(goes, POLICY, latest=None) == goes


def test_marks_wait_for_others_of_the_same_moment() -> None:
    """A short window gathers several notices into one message (Q89)."""
    goes = timing.earliest_sending_time(
        NoticeKind.MARKS, "telegram", Frequency.AT_ONCE, now=moscow(20, 12), latest=None, policy=POLICY
    )
    assert goes == moscow(20, 12) + POLICY.window


def test_a_digest_comes_at_the_hour_that_was_agreed() -> None:
    """A family that chose the digest hears at 18:00, today or tomorrow (Q83)."""
    digest = {
        now: timing.earliest_sending_time(
            NoticeKind.MARKS, "email", Frequency.DIGEST, now=now, latest=None, policy=POLICY
        )
        for now in (moscow(20, 12), moscow(20, 18), moscow(20, 19))
    }
    assert list(digest.values()) == [moscow(20, 18), moscow(20, 18), moscow(21, 18)]


def test_a_person_may_choose_another_hour() -> None:
    """The hour of a person replaces the school's (Q83)."""
    goes = timing.earliest_sending_time(
        NoticeKind.MARKS,
        "email",
        Frequency.DIGEST,
        now=moscow(20, 18),
        latest=None,
        policy=POLICY,
        digest_at=time(20, 30),
    )
    assert goes == moscow(20, 20, 30)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ((20, 20, 57), (20, 20, 59)),
        ((20, 20, 58), (20, 20, 58)),
        ((20, 20, 59), (20, 20, 59)),
        ((20, 21, 0), (21, 7, 0)),
        ((21, 6, 59), (21, 7, 1)),
    ],
)
def test_an_absence_is_told_the_same_day(at: tuple[int, int, int], goes: tuple[int, int, int]) -> None:
    """The grouping window never carries into the night what could go before it (Q89)."""
    told = timing.earliest_sending_time(
        NoticeKind.ABSENCES, "telegram", Frequency.AT_ONCE, now=moscow(*at), latest=None, policy=POLICY
    )
    assert told == moscow(*goes)


def test_a_digest_holds_nothing_back_past_its_latest_start() -> None:
    """A lesson change that is due before 18:00 goes without waiting for it; quiet hours still hold (Q83, Q97)."""
    goes = {
        latest: timing.earliest_sending_time(
            NoticeKind.TIMETABLE, "email", Frequency.DIGEST, now=moscow(20, 22), latest=latest, policy=POLICY
        )
        for latest in (moscow(21, 6), moscow(21, 9), moscow(21, 18))
    }
    assert list(goes.values()) == [moscow(21, 6), moscow(21, 7), moscow(21, 18)]


def test_final_marks_do_not_wait_for_others() -> None:
    """R6 goes at once by day, and on paper at any hour, since printing wakes nobody."""
    at_once = timing.earliest_sending_time(
        NoticeKind.FINALS, "telegram", Frequency.AT_ONCE, now=moscow(20, 12), latest=moscow(21, 4), policy=POLICY
    )
    on_paper = timing.earliest_sending_time(
        NoticeKind.FINALS, PAPER, Frequency.AT_ONCE, now=moscow(20, 23), latest=None, policy=POLICY
    )
    assert (at_once, on_paper) == (moscow(20, 12), moscow(20, 23))


def test_ordinary_extracts_are_printed_on_friday() -> None:
    """Paper is weekly by default (Q33): 20.11.2026 is a Friday, after noon the next one counts."""
    friday = timing.earliest_sending_time(
        NoticeKind.MARKS, PAPER, Frequency.AT_ONCE, now=moscow(18, 9), latest=None, policy=POLICY
    )
    next_one = timing.earliest_sending_time(
        NoticeKind.MARKS, PAPER, Frequency.AT_ONCE, now=moscow(20, 13), latest=None, policy=POLICY
    )
    assert (friday, next_one) == (moscow(20, 12), moscow(27, 12))


def test_a_flood_limit_is_respected_to_the_second() -> None:
    """429 says how long to wait (Q92); without a word the wait grows up to an hour."""
    now = moscow(20, 12)
    assert timing.next_retry_time(5, now=now, retry_after=timedelta(seconds=17)) == now + timedelta(seconds=17)
    waits = [timing.next_retry_time(tries, now=now, retry_after=None) - now for tries in range(8)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


@given(
    st.one_of(
        st.integers(), st.floats(), st.text(), st.booleans(), st.none(), st.lists(st.integers()), st.just(10**4000)
    )
)
def test_whatever_a_peer_asks_for_the_next_try_has_a_moment(asked: object) -> None:
    """A wait from outside lies between a second and an hour, or is none at all (Q92)."""
    wait = timing.requested_waiting_time(asked)
    assert wait is None or timing.SHORTEST_WAIT <= wait <= timing.LONGEST_WAIT
    again = timing.next_retry_time(0, now=moscow(20, 12), retry_after=wait)
    assert moscow(20, 12) < again <= moscow(20, 13)


@given(st.timedeltas())
def test_a_wait_of_a_third_partys_channel_is_bounded_too(asked: timedelta) -> None:
    """The longest timedelta of all ends within the hour (Q92)."""
    again = timing.next_retry_time(3, now=moscow(20, 12), retry_after=asked)
    assert moscow(20, 12) + SECOND <= again <= moscow(20, 13)


def test_only_results_and_lesson_changes_are_repeated_after_a_lost_answer_and_at_most_twice() -> None:
    """An uncertain R6 notice or lesson change goes again, marked, until the limit; ordinary marks never do (Q88)."""
    assert [outcomes.may_repeat_after_outcome(NoticeKind.TIMETABLE, repeats, POLICY) for repeats in (1, 2)] == [
        True,
        False,
    ]
    assert [outcomes.may_repeat_after_outcome(NoticeKind.FINALS, repeats, POLICY) for repeats in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert not outcomes.may_repeat_after_outcome(NoticeKind.MARKS, 0, POLICY)


def test_the_schools_date_is_its_own_zones() -> None:
    """22:00 UTC is already tomorrow in Moscow (Q105)."""
    assert timing.local_date_of_time(datetime(2026, 11, 20, 22, tzinfo=UTC), POLICY).day == 21


@pytest.mark.parametrize(
    ("planned", "not_before", "now", "expected"),
    [
        (moscow(20, 14), moscow(20, 14, 2), moscow(20, 12), moscow(20, 12, 2)),  # the grouping window
        (moscow(20, 14), moscow(20, 15), moscow(20, 12), moscow(20, 13)),  # the longest pause before a retry
        (moscow(20, 14), moscow(20, 14), moscow(20, 12), moscow(20, 12)),  # at once
        (moscow(20, 14), moscow(20, 18), moscow(20, 12), moscow(20, 18)),  # a digest's hour of the day
        (moscow(20, 22), moscow(21, 7), moscow(20, 20), moscow(21, 7)),  # the end of the quiet hours
        (moscow(20, 8), moscow(20, 8, 2), moscow(20, 6), moscow(20, 7)),  # what was awake is asleep again
        (moscow(20, 23), moscow(20, 23), moscow(20, 21, 30), moscow(20, 23)),  # due before the morning: not later
    ],
)
def test_a_wait_begins_anew_when_the_clock_was_put_back(
    planned: datetime, not_before: datetime, now: datetime, expected: datetime
) -> None:
    """Waits up to an hour begin anew outside the quiet hours, hours of the day stay what they are."""
    assert timing.restarted_waiting_time(not_before, planned, now=now, policy=POLICY) == expected


@given(
    planned=moments,
    wait=st.timedeltas(timedelta(0), timedelta(days=3)),
    back=st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_no_wait_grows_when_it_begins_anew(planned: datetime, wait: timedelta, back: timedelta) -> None:
    """Nothing goes later than it was planned, and nothing sooner than it would have from now on."""
    now = planned - back
    anew = timing.restarted_waiting_time(planned + wait, planned, now=now, policy=POLICY)
    assert min(planned + wait, now + wait) <= anew <= planned + wait
