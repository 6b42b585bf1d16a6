"""Times of messages: earliest and latest sending, retries, the start of the next channel (R4, R6, Q70, Q73, Q89)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.model.channels import PAPER
from core.model.notices.kinds import PERSONAL_KINDS, R6_KINDS, STAFF_KINDS, NoticeKind
from core.model.register.consents import UNKNOWN_PROCESSORS, NamedProcessors
from core.model.register.preferences import Frequency
from core.rules.year import school_date

R6_TERM = timedelta(hours=24)
"""Calendar hours from receipt, inclusive (R6)."""

BROADCAST_KINDS = frozenset({NoticeKind.TIMETABLE, NoticeKind.ANNOUNCEMENTS})
"""Kinds that a broadcast sends and that families acknowledge (Q97)."""

SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
"""Bounds of a wait that a channel asks for, so that a wrong number delays a message by an hour at most."""

MOST_CREDIBLE = 86_400
"""The longest wait in seconds that is believed, a day."""

_BACKOFF = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)


OTHERS = "others"
"""The key in `next_way_after` for every kind that it does not name."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The school's timing settings.

    `quiet`: local time from–until, across midnight if from > until; None: no quiet hours. `window`: notices this
    close together are one message. `leads`: the time that a channel needs before the due time; `lead`: that of other
    channels. `paper_weekday` (Monday 0) and `paper_at`: when ordinary extracts are printed. `repeats`: the most sends
    after an uncertain one; `tries`: the most failures that the channel itself answered. `discreet`: channels that get
    no personal data. `warn_before`: how long before the due time the deputy head is warned. `patience`: the least time
    that a channel has before the next one starts. `next_way_after`: by kind, how long a channel may go without
    evidence before the next one starts, if R6 sets no term. `processors`: of which channels consents name them.
    `served`: the channels that the school has set up; None: all.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Moscow"))
    quiet: tuple[time, time] | None = (time(21), time(7))
    window: timedelta = timedelta(minutes=2)
    digest_at: time = time(18)
    paper_weekday: int = 4
    paper_at: time = time(12)
    leads: Mapping[str, timedelta] = field(
        default_factory=lambda: {PAPER: timedelta(hours=6), "sms": timedelta(hours=2)}
    )
    lead: timedelta = timedelta(hours=1)
    repeats: int = 2
    tries: int = 5
    discreet: frozenset[str] = frozenset()
    processors: NamedProcessors = UNKNOWN_PROCESSORS
    served: frozenset[str] | None = None
    warn_before: timedelta = timedelta(hours=4)
    patience: timedelta = timedelta(minutes=5)
    next_way_after: Mapping[str, timedelta] = field(
        default_factory=lambda: {NoticeKind.MARKS: timedelta(hours=12), OTHERS: timedelta(hours=4)}
    )


def is_served_channel(channel: str, policy: Policy) -> bool:
    """Whether the school has set up a channel; what it has not set up reaches nobody."""
    return policy.served is None or channel in policy.served


def r6_due_time(kind: NoticeKind, received_at: datetime) -> datetime | None:
    """The due time under R6, inclusive: 24:00:00 after receipt is in time, 24:00:01 is late.

    None for kinds that R6 does not cover; their notices may have a due time of their own.
    """
    return received_at + R6_TERM if kind in R6_KINDS else None


def is_past_due_time(due_at: datetime | None, at: datetime) -> bool:
    """True after the due time; the due time itself is in time."""
    return due_at is not None and at > due_at


def latest_channel_start_times(
    channels: Sequence[str], due_at: datetime, policy: Policy, *, kind: NoticeKind
) -> tuple[datetime, ...]:
    """For each agreed channel in order, the latest moment to start it.

    Computed backwards from the due time: each channel leaves the later ones their lead (Q73). Ordinary paper has no
    lead, since it waits for its weekday whatever the due time.
    """
    starts: list[datetime] = []
    moment = due_at
    for channel in reversed(channels):
        if channel != PAPER or kind in R6_KINDS:
            moment -= policy.leads.get(channel, policy.lead)
        starts.append(moment)
    return tuple(reversed(starts))


def next_channel_start_time(
    kind: NoticeKind, latest: datetime | None, *, not_before: datetime, policy: Policy
) -> datetime | None:
    """When the next channel starts if there is no evidence; `latest` is its latest start, None without a due time.

    Results (R6) use their latest starts alone; other kinds also start after `next_way_after` (Q123).
    """
    by_term = None if latest is None else max(latest, not_before + policy.patience)
    if kind in R6_KINDS:
        return by_term
    patience = policy.next_way_after.get(kind, policy.next_way_after[OTHERS])
    return min(moment for moment in (by_term, not_before + patience) if moment is not None)


def _next_local(at: datetime, clock: time, zone: ZoneInfo, *, weekday: int | None = None) -> datetime:
    """The next moment at or after `at` when the wall clock shows `clock` (on `weekday`), as UTC."""
    local, today = at.astimezone(zone), school_date(at, zone)
    for days in range(9):
        moment = datetime.combine(today + timedelta(days=days), clock, tzinfo=zone)
        if moment >= local and weekday in {None, moment.weekday()}:
            return moment.astimezone(UTC)
    raise AssertionError("nine days hold every weekday")  # unreachable by the calendar


def next_paper_delivery_time(now: datetime, policy: Policy) -> date:
    """The local date on which ordinary extracts are printed next (Q33)."""
    return local_date_of_time(_next_local(now, policy.paper_at, policy.zone, weekday=policy.paper_weekday), policy)


def time_after_quiet_hours(at: datetime, policy: Policy, *, latest: datetime | None) -> datetime:
    """`at`, or the end of the quiet hours it falls into, but never past `latest` (Q73, Q89)."""
    if policy.quiet is None or not is_quiet_time(at, policy):
        return at
    morning = _next_local(at, policy.quiet[1], policy.zone)
    return morning if latest is None else max(at, min(morning, latest))


def is_quiet_time(at: datetime, policy: Policy) -> bool:
    """Whether a moment lies in the school's quiet hours: what may not wait comes without a sound then."""
    return policy.quiet is not None and _is_quiet(at, policy.quiet, policy.zone)


def _is_quiet(at: datetime, quiet: tuple[time, time], zone: ZoneInfo) -> bool:
    start, end = quiet
    clock = at.astimezone(zone).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def _after_window(at: datetime, policy: Policy, *, latest: datetime | None) -> datetime:
    """The end of the grouping window; at once if the window ends in the quiet hours (Q89).

    So an absence that is recorded just before the quiet hours is told the same day.
    """
    later = at + policy.window
    if policy.quiet is None or _is_quiet(at, policy.quiet, policy.zone):
        return time_after_quiet_hours(later, policy, latest=latest)
    return at if _is_quiet(later, policy.quiet, policy.zone) else later


def earliest_sending_time(
    kind: NoticeKind,
    channel: str,
    frequency: Frequency,
    *,
    now: datetime,
    latest: datetime | None,
    policy: Policy,
    digest_at: time | None = None,
) -> datetime:
    """The earliest moment of a new delivery (R4, Q33, Q83, Q89).

    Results (R6) go at once, ordinary notices after the grouping window or at the person's digest hour, ordinary paper
    on the weekly printing day. Electronic messages wait for the end of the quiet hours, but never past `latest`. A
    warning to staff goes at any hour, since 24 hours are running out (Q75); a code too, since its owner waits for it.
    """
    if kind in STAFF_KINDS | PERSONAL_KINDS:
        return now
    if channel == PAPER:
        return now if kind in R6_KINDS else _next_local(now, policy.paper_at, policy.zone, weekday=policy.paper_weekday)
    if kind in R6_KINDS:
        return time_after_quiet_hours(now, policy, latest=latest)
    if frequency is Frequency.DIGEST:
        digest = _next_local(now, digest_at or policy.digest_at, policy.zone)
        if latest is None or digest <= latest:
            return digest
    return _after_window(now, policy, latest=latest)


def next_retry_time(tries: int, *, now: datetime, retry_after: timedelta | None) -> datetime:
    """The next try after `tries` failures: after `retry_after` within bounds, or a growing wait (Q92)."""
    backoff = _BACKOFF[min(tries, len(_BACKOFF) - 1)]
    return now + (min(max(retry_after, SHORTEST_WAIT), LONGEST_WAIT) if retry_after is not None else backoff)


def requested_waiting_time(seconds: object) -> timedelta | None:
    """The wait that a peer asks for, a number of seconds or its text, within bounds; None for anything else.

    A negative number or more than a day is ignored, so that one garbled answer does not stop a channel for an hour.
    """
    if isinstance(seconds, str):
        with suppress(ValueError):
            return requested_waiting_time(float(seconds))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MOST_CREDIBLE:
        return None
    return timedelta(seconds=min(max(seconds, SHORTEST_WAIT.total_seconds()), LONGEST_WAIT.total_seconds()))


def restarted_waiting_time(not_before: datetime, planned_at: datetime, *, now: datetime, policy: Policy) -> datetime:
    """The new `not_before` of a delivery that was planned at a time that is in the future again.

    That happens when the clock is put back. A wait of up to an hour (the grouping window, a retry) starts again,
    outside the quiet hours. A longer wait is for an hour of the day and stays. Never later than planned before.
    """
    wait = max(not_before - planned_at, timedelta(0))
    if wait > max(_BACKOFF[-1], policy.window):
        return not_before
    return min(not_before, max(now + wait, time_after_quiet_hours(now, policy, latest=None)))


def local_date_of_time(at: datetime, policy: Policy) -> date:
    """The school's calendar date of a moment."""
    return school_date(at, policy.zone)
