"""Every night has one local date, in every zone of the country, and none is lost."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.model.delivery.job_runs import JobRun
from core.rules.delivery.nights import REMEMBERED, latest_night, missed_nights, nightly_job_state
from core.rules.delivery.timing import Policy

ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
DAY = timedelta(days=1)
FIRST = datetime(2026, 8, 25, tzinfo=UTC)
ON = date(2026, 11, 20)


@pytest.mark.parametrize("zone", [*ZONES, "Europe/Berlin", "Pacific/Chatham"])
def test_each_night_begins_once_in_400_days(zone: str) -> None:
    """Ten minutes by ten over 400 days each local date follows the one before it; a change of clocks skips none.

    No Russian zone changes its clock any more; Berlin stands for a zone that does, Chatham for one that shows half past
    three twice (Q105).
    """
    policy = Policy(zone=ZoneInfo(zone))
    seen = [latest_night(FIRST + timedelta(minutes=10 * n), policy) for n in range(400 * 144)]
    nights = list(dict.fromkeys(seen))
    assert seen == sorted(seen)
    assert nights == [nights[0] + DAY * n for n in range(len(nights))]
    assert len(nights) >= 400


def test_the_night_begins_at_half_past_three_of_the_school() -> None:
    """One second earlier it is still the night before (Q105)."""
    begins = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert latest_night(begins, Policy()) == ON
    assert latest_night(begins - timedelta(seconds=1), Policy()) == ON - DAY


def test_missed_nights_are_those_between() -> None:
    """Neither what lay before the first run nor the night that is still to be made up for is missed."""
    done = {ON - 5 * DAY, ON - 4 * DAY, ON - 2 * DAY}
    assert missed_nights(done, until=ON) == [ON - 3 * DAY, ON - DAY]
    assert missed_nights(set(), until=ON) == []
    assert len(missed_nights({ON - 90 * DAY}, until=ON)) == REMEMBERED.days


def test_a_job_stands_as_its_runs_say() -> None:
    """A failure counts until the job has ended well after it; a job of the day is never due."""
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    failed = JobRun("verify", ON, now, None, now)
    state = nightly_job_state("verify", [failed], is_nightly=True, now=now, policy=Policy())
    assert (state.is_due, state.has_failed, state.done_at) == (True, True, None)
    mended = JobRun("verify", ON, now, now + timedelta(minutes=1), now)
    state = nightly_job_state("verify", [mended], is_nightly=True, now=now, policy=Policy())
    assert (state.is_due, state.has_failed) == (False, False)
    assert not nightly_job_state("warn", [], is_nightly=False, now=now, policy=Policy()).is_due
