"""By when a changed lesson must have been heard of, and whose reading is enough (Q97)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.model.broadcast import Acknowledging
from core.rules.broadcast import deadlines
from core.rules.delivery.timing import Policy

MOSCOW = ZoneInfo("Europe/Moscow")
POLICY = Policy()
MONDAY = date(2026, 11, 23)
SECOND = timedelta(seconds=1)


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of Monday by the school's clock."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


def test_everybody_should_have_heard_an_hour_before_the_first_changed_lesson() -> None:
    """Of several the first counts; one whose bell is unknown begins with the morning."""
    slots = [(MONDAY, time(11, 10)), (MONDAY, time(9, 25)), (MONDAY + timedelta(days=1), time(8))]
    assert deadlines.broadcast_changes_deadline(slots, now=at(0), policy=POLICY) == at(8, 25)
    assert deadlines.broadcast_changes_deadline([(MONDAY, None)], now=at(0), policy=POLICY) == at(7)
    assert deadlines.broadcast_changes_deadline([], now=at(0), policy=POLICY) is None


def test_a_change_of_the_last_hour_is_due_when_the_lesson_begins() -> None:
    """From 8:25 on the hour is gone, and after 9:25 nothing is in time any more: tested to the second (Q105)."""
    slots = [(MONDAY, time(9, 25))]
    moments = (at(8, 25) - SECOND, at(8, 25), at(9, 25) - SECOND, at(9, 25))
    assert [deadlines.broadcast_changes_deadline(slots, now=now, policy=POLICY) for now in moments] == [
        at(8, 25),
        at(9, 25),
        at(9, 25),
        None,
    ]


@pytest.mark.parametrize(
    ("rule", "guardians", "student", "told"),
    [
        (Acknowledging.ONE_PARENT, [False, True], None, True),
        (Acknowledging.ONE_PARENT, [False, False], True, False),
        (Acknowledging.BOTH_PARENTS, [True, False], None, False),
        (Acknowledging.BOTH_PARENTS, [True, True], None, True),
        (Acknowledging.BOTH_PARENTS, [True], None, True),
        (Acknowledging.STUDENT_AND_PARENT, [True, False], True, True),
        (Acknowledging.STUDENT_AND_PARENT, [True, False], False, False),
        (Acknowledging.STUDENT_AND_PARENT, [False], True, False),
        (Acknowledging.STUDENT_AND_PARENT, [True], None, True),
        (Acknowledging.ONE_PARENT, [], True, True),
        (Acknowledging.BOTH_PARENTS, [], None, False),
    ],
)
def test_the_rule_says_whose_reading_is_enough(
    rule: Acknowledging,
    guardians: list[bool],
    student: bool | None,  # noqa: FBT001  # a parameter of the test
    told: bool,  # noqa: FBT001
) -> None:
    """A student without an account cannot be waited for; one whom nobody stands for answers alone (Q97)."""
    assert deadlines.is_told_by_deadline(rule, guardians, student=student) is told
