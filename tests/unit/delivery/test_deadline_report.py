"""The report of a period: what was told within 24 hours, to the second, and why the rest was not (R6, Q70, Q75)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.model.delivery.acquaintance import Acquaintance
from core.model.delivery.deadline_report import DeadlineReport
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import Obligation, PhoneCall
from core.model.delivery.owed_results import OwedResult
from core.model.delivery.states import Reason, State, Status
from core.model.notices.family import FinalMarkSet
from core.model.notices.kinds import NoticeKind
from core.rules.delivery import deadline_report as rules
from core.rules.delivery.steps import PHONE, best_step_evidence, closing_step_channel, delivery_of_current_step
from tests.support.delivery.fakes import CLOSES

RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
DUE = RECEIVED + timedelta(hours=24)
DAY = date(2026, 11, 20)


def delivery(channel: str = "telegram", status: Status = Status.ACCEPTED, **changes: object) -> Delivery:
    facts: dict[str, object] = {
        "id": 1, "obligation_id": 1, "person_id": 2, "student_id": 3, "channel": channel,
        "contact_id": None if channel == "paper" else 4, "bundle": channel, "kind": NoticeKind.FINALS,
        "status": status, "reason": None, "not_before": RECEIVED, "due": DUE, "escalate_at": None, "tries": 1,
        "failures": 0, "repeats": 0, "attempt_id": 1, "consent_id": None, "updated_at": RECEIVED,
    }  # fmt: skip
    return Delivery(**facts | changes)  # type: ignore[arg-type]  # a row of the table


def result(*deliveries: Delivery, closed: timedelta | None = None, state: State | None = None) -> OwedResult:
    at = None if closed is None else RECEIVED + closed
    owed = Obligation(
        1, 1, 2, 3, NoticeKind.FINALS, RECEIVED, DUE, state or (State.OPEN if at is None else State.CLOSED), None, at
    )
    notice = FinalMarkSet("Алгебра", "1 четверть", "4")
    return OwedResult(owed, "Мать", "Дочь", notice, "period_mark:1", RECEIVED, deliveries)


def told(after: timedelta, channel: str = "telegram", status: Status = Status.ACCEPTED) -> OwedResult:
    return result(delivery(channel, status, updated_at=RECEIVED + after), closed=after)


def report(*results: OwedResult, now: datetime = DUE) -> DeadlineReport:
    return rules.deadline_report(results, since=DAY, until=DAY, closes=CLOSES, now=now)


@pytest.mark.parametrize(
    ("after", "in_time", "late"),
    [
        (timedelta(hours=23, minutes=59, seconds=59), 1, 0),
        (timedelta(hours=24), 1, 0),
        (timedelta(hours=24, seconds=1), 0, 1),
    ],
)
def test_the_twenty_four_hours_are_counted_to_the_second(after: timedelta, in_time: int, late: int) -> None:
    """23:59:59 and 24:00:00 are in time, 24:00:01 is late (Q70)."""
    found = report(told(after))
    assert (found.total, found.in_time, found.late, found.late_open, found.open) == (1, in_time, late, 0, 0)


@pytest.mark.parametrize(("seconds", "late"), [(-1, 0), (0, 0), (1, 1)])
def test_what_is_open_is_late_after_its_term_alone(seconds: int, late: int) -> None:
    """Until the last second it still has time (Q70, Q75)."""
    found = report(result(delivery(status=Status.PENDING)), now=DUE + timedelta(seconds=seconds))
    assert (found.late, found.late_open, found.open, found.in_time) == (late, late, 1 - late, 0)


def test_what_is_not_owed_any_more_is_counted_apart() -> None:
    """A newer version has its own 24 hours, and who lost access is owed nothing (Q74, Q127)."""
    found = report(result(state=State.SUPERSEDED), result(state=State.WAIVED), told(timedelta(hours=1)))
    assert (found.total, found.superseded, found.waived, found.in_time) == (1, 1, 1, 1)


def test_each_channel_has_its_median_and_its_slowest_twentieth() -> None:
    """By nearest rank: of 1 to 20 minutes the median is 10 and the 95th percentile 19."""
    found = report(
        *(told(timedelta(minutes=each)) for each in range(1, 21)), told(timedelta(hours=25), "paper", Status.PRINTED)
    )
    by_channel = {each.channel: each for each in found.channels}
    assert (by_channel["telegram"].closed, by_channel["telegram"].median, by_channel["telegram"].p95) == (20, 600, 1140)
    assert (by_channel["paper"].late, by_channel["paper"].median) == (1, 25 * 3600)
    assert (found.median, found.p95) == (660, 1200)


def test_nothing_has_no_times() -> None:
    """An empty period divides by nothing."""
    found = report()
    assert (found.total, found.median, found.p95, found.channels) == (0, None, None, [])


@pytest.mark.parametrize(
    ("late", "cause"),
    [
        (result(delivery("paper", Status.ACCEPTED)), rules.NOT_PRINTED),
        (result(delivery(status=Status.REFUSED, reason=Reason.BLOCKED)), Reason.BLOCKED),
        (result(delivery(status=Status.PENDING, tries=0)), rules.NOT_SENT),
        (result(delivery("sms", Status.ACCEPTED)), rules.NO_EVIDENCE),
        (replace(told(timedelta(hours=30)), published_at=DUE + timedelta(seconds=1)), rules.RECEIVED_LATE),
        (result(delivery(status=Status.PENDING, reason=Reason.CHANNEL_DOWN, tries=3)), Reason.CHANNEL_DOWN),
    ],
)
def test_what_is_late_has_its_cause(late: OwedResult, cause: str) -> None:
    """The page that nobody printed, the blocked chat, the computer that was off, the file that came late (Q75)."""
    assert report(late, now=DUE + timedelta(hours=9)).causes == {cause: 1}


def test_the_first_sufficient_evidence_names_the_channel() -> None:
    """Also where a call or a tap in the chat came first."""
    owed = told(timedelta(hours=1))
    assert closing_step_channel(owed, CLOSES) == "telegram"
    assert closing_step_channel(result(), CLOSES) is None
    called = replace(result(delivery(status=Status.WITHDRAWN), closed=timedelta(hours=2)),
                     call=PhoneCall(1, "Громова", RECEIVED + timedelta(hours=2)))  # fmt: skip
    assert (closing_step_channel(called, CLOSES), best_step_evidence(called)) == (PHONE, Status.REACHED)
    seen = Acquaintance(1, Status.ACKNOWLEDGED, "telegram", None, 2, RECEIVED + timedelta(hours=3))
    opened = replace(result(delivery("paper"), closed=timedelta(hours=3)), acquaintances=(seen,))
    assert (closing_step_channel(opened, CLOSES), best_step_evidence(opened)) == ("telegram", Status.ACKNOWLEDGED)


def test_the_present_step_is_the_delivery_that_did_not_end() -> None:
    """What was refused is past, what waits is the step."""
    refused, waits = delivery(status=Status.REFUSED), delivery("email", Status.PENDING)
    assert delivery_of_current_step((refused, waits)) is waits
    assert delivery_of_current_step((refused,)) is refused
    assert delivery_of_current_step(()) is None
