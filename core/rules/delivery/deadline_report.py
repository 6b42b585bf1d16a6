"""Counts what was told within 24 hours, what was not and why, and how long each channel took (R6, Q75)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.model.channels import PAPER
from core.model.delivery.deadline_report import ChannelTimes, DeadlineReport
from core.model.delivery.owed_results import OwedResult
from core.model.delivery.states import State, Status
from core.rules.delivery.steps import closing_step_channel
from core.rules.delivery.timing import is_past_due_time

RECEIVED_LATE, NOT_PRINTED, NOT_SENT, NO_EVIDENCE = "received_late", "not_printed", "not_sent", "no_evidence"
"""Causes that are no reason of a delivery: the import came after the due time, a page was not printed in time, nothing
was sent, or no channel gave evidence."""

NOT_OWED = frozenset({State.SUPERSEDED, State.WAIVED, State.EXPIRED})
_WAITING = frozenset({Status.PENDING, Status.HELD, Status.SENDING})
_MEDIAN, _P95 = 50, 95


def deadline_report(
    results: Sequence[OwedResult], *, since: date, until: date, closes: Mapping[str, Status], now: datetime
) -> DeadlineReport:
    """The report of these results; `now` tells what is late though it is still open."""
    owed = [each for each in results if each.obligation.state not in NOT_OWED]
    closed = [each for each in owed if each.obligation.closed_at is not None]
    late = [each for each in owed if _is_late(each, now)]
    open_ones = len(owed) - len(closed)
    late_open = sum(each.obligation.closed_at is None for each in late)
    seconds = sorted(map(_seconds, closed))
    states = Counter(each.obligation.state for each in results)
    return DeadlineReport(
        since=since,
        until=until,
        total=len(owed),
        in_time=len(closed) - (len(late) - late_open),
        late=len(late),
        late_open=late_open,
        open=open_ones - late_open,
        superseded=states[State.SUPERSEDED],
        waived=states[State.WAIVED] + states[State.EXPIRED],
        causes=dict(sorted(Counter(map(_late_cause, late)).items())),
        channels=_channels(closed, closes),
        median=_percentile(seconds, _MEDIAN),
        p95=_percentile(seconds, _P95),
    )


def _is_late(result: OwedResult, now: datetime) -> bool:
    """At 24:00:00 after receipt it is in time, a second later it is late."""
    return is_past_due_time(result.obligation.due, result.obligation.closed_at or now)


def _channels(closed: Sequence[OwedResult], closes: Mapping[str, Status]) -> Sequence[ChannelTimes]:
    by_channel: dict[str, list[OwedResult]] = defaultdict(list)
    for each in closed:
        by_channel[closing_step_channel(each, closes) or ""].append(each)
    found = []
    for channel, own in sorted(by_channel.items()):
        seconds = sorted(map(_seconds, own))
        late = sum(
            is_past_due_time(each.obligation.due, each.obligation.closed_at or each.published_at) for each in own
        )
        found.append(
            ChannelTimes(channel, len(own), late, _percentile(seconds, _MEDIAN) or 0, _percentile(seconds, _P95) or 0)
        )
    return found


def _seconds(result: OwedResult) -> int:
    """Whole seconds from receipt to evidence; a call or a tap before the receipt that was entered later counts 0."""
    obligation = result.obligation
    return max(0, int(((obligation.closed_at or obligation.received_at) - obligation.received_at).total_seconds()))


def _percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least so many percent do not exceed (nearest rank); None without values."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


def _late_cause(result: OwedResult) -> str:
    """Why a result was late: one of this module's causes, or the reason of the last delivery that failed in time."""
    due = result.obligation.due
    if due is None or result.published_at > due:
        return RECEIVED_LATE
    begun = [each for each in result.deliveries if each.not_before <= due and each.status is not Status.WITHDRAWN]
    if all(each.status in _WAITING and not each.tries for each in begun):
        return NOT_SENT
    if any(each.channel == PAPER for each in begun):
        return NOT_PRINTED
    failed = [each.reason for each in begun if each.reason is not None and each.updated_at <= due]
    return failed[-1] if failed else NO_EVIDENCE
