"""When a message may go, when it must have gone, and when the next channel starts (R4, R6, Q70, Q73, Q89)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.model.channels import PAPER
from core.model.notices import R6_KINDS, STAFF_KINDS, NoticeKind
from core.model.register.preferences import Frequency

R6_TERM = timedelta(hours=24)
"""Calendar hours from receipt, inclusive (R6)."""

BROADCAST_KINDS = frozenset({NoticeKind.TIMETABLE, NoticeKind.ANNOUNCEMENTS})
"""What a school says to many at once and asks to be acknowledged (Q97)."""

SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
"""Bounds of a wait that a channel asks for: asking again after an hour costs one message, a wrong number no more."""

MOST_CREDIBLE = 86_400
"""Seconds that a peer may mean."""

_BACKOFF = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)


OTHERS = "others"
"""In `next_way_after`: every kind that it does not name."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The school's timing settings.

    `quiet` is local from–until, across midnight if from > until, None: no quiet hours. `leads` is the time each channel
    needs before the due time, `lead` that of any other. `window` gathers several notices into one message.
    `paper_weekday` (Monday 0) at `paper_at` is when ordinary extracts are printed. `repeats` limits sends after an
    uncertain one, `tries` the failures that the channel answered. `patience` is what each way gets before the next one
    starts, however little time is left.
    `next_way_after`, by kind, is how long a way may go without evidence where R6 sets no term before the next starts.
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
    warn_before: timedelta = timedelta(hours=4)
    patience: timedelta = timedelta(minutes=5)
    next_way_after: Mapping[str, timedelta] = field(
        default_factory=lambda: {NoticeKind.MARKS: timedelta(hours=12), OTHERS: timedelta(hours=4)}
    )


def r6_due(kind: NoticeKind, received_at: datetime) -> datetime | None:
    """The last moment in time, inclusive: 24:00:00 after receipt is in time, 24:00:01 is late (R6).

    None for kinds without a term by regulation: their notices may carry one of their own.
    """
    return received_at + R6_TERM if kind in R6_KINDS else None


def is_late(due_at: datetime | None, at: datetime) -> bool:
    """Past the due time; the due moment itself is in time."""
    return due_at is not None and at > due_at


def latest_starts(
    channels: Sequence[str], due_at: datetime, policy: Policy, *, kind: NoticeKind
) -> tuple[datetime, ...]:
    """For each agreed channel in order, the latest moment to start it.

    Planned backwards, each leaving the later ones their lead (Q73). Ordinary paper waits for its weekday whatever the
    due time, so it takes none of it from the ways before.
    """
    starts: list[datetime] = []
    moment = due_at
    for channel in reversed(channels):
        if channel != PAPER or kind in R6_KINDS:
            moment -= policy.leads.get(channel, policy.lead)
        starts.append(moment)
    return tuple(reversed(starts))


def next_way_at(kind: NoticeKind, latest: datetime | None, *, not_before: datetime, policy: Policy) -> datetime | None:
    """When the way after this one starts unless evidence has come; `latest` is its latest start, None without a term.

    R6 keeps to its latest starts; whatever else waits for a way that is down gets its school's patience only (Q123).
    """
    by_term = None if latest is None else max(latest, not_before + policy.patience)
    if kind in R6_KINDS:
        return by_term
    patience = policy.next_way_after.get(kind, policy.next_way_after[OTHERS])
    return min(moment for moment in (by_term, not_before + patience) if moment is not None)


def _next_local(at: datetime, clock: time, zone: ZoneInfo, *, weekday: int | None = None) -> datetime:
    """The next moment at or after `at` when the wall clock shows `clock` (on `weekday`), as UTC."""
    local = at.astimezone(zone)
    for days in range(9):
        moment = datetime.combine(local.date() + timedelta(days=days), clock, tzinfo=zone)
        if moment >= local and weekday in {None, moment.weekday()}:
            return moment.astimezone(UTC)
    raise AssertionError("nine days hold every weekday")  # unreachable by the calendar


def after_quiet(at: datetime, policy: Policy, *, latest: datetime | None) -> datetime:
    """`at`, or the end of the quiet hours it falls into, but never past `latest` (Q73, Q89)."""
    if policy.quiet is None or not _is_quiet(at, policy.quiet, policy.zone):
        return at
    morning = _next_local(at, policy.quiet[1], policy.zone)
    return morning if latest is None else max(at, min(morning, latest))


def _is_quiet(at: datetime, quiet: tuple[time, time], zone: ZoneInfo) -> bool:
    start, end = quiet
    clock = at.astimezone(zone).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def after_window(at: datetime, policy: Policy, *, latest: datetime | None) -> datetime:
    """After the grouping window; what the window would carry into the quiet hours goes before them (Q89).

    So what is recorded before the quiet hours, an absence above all, is told the same day.
    """
    later = at + policy.window
    if policy.quiet is None or _is_quiet(at, policy.quiet, policy.zone):
        return after_quiet(later, policy, latest=latest)
    return at if _is_quiet(later, policy.quiet, policy.zone) else later


def not_before(
    kind: NoticeKind,
    channel: str,
    frequency: Frequency,
    *,
    now: datetime,
    latest: datetime | None,
    policy: Policy,
    digest_at: time | None = None,
) -> datetime:
    """When a new delivery may go: R6 at once, the rest after the grouping window or at the person's digest hour.

    Ordinary paper on the weekly printing day; quiet hours for everything that rings (R4, Q33, Q83, Q89). Neither they
    nor the digest hold anything back past `latest`. A warning to staff goes at any hour, since 24 hours run out (Q75).
    """
    if kind in STAFF_KINDS:
        return now
    if channel == PAPER:
        return now if kind in R6_KINDS else _next_local(now, policy.paper_at, policy.zone, weekday=policy.paper_weekday)
    if kind in R6_KINDS:
        return after_quiet(now, policy, latest=latest)
    if frequency is Frequency.DIGEST:
        digest = _next_local(now, digest_at or policy.digest_at, policy.zone)
        if latest is None or digest <= latest:
            return digest
    return after_window(now, policy, latest=latest)


def retry_at(tries: int, *, now: datetime, retry_after: timedelta | None) -> datetime:
    """When to try again after `tries` safe failures.

    The wait that was asked for, within bounds, or a growing one up to an hour (Q92).
    """
    backoff = _BACKOFF[min(tries, len(_BACKOFF) - 1)]
    return now + (min(max(retry_after, SHORTEST_WAIT), LONGEST_WAIT) if retry_after is not None else backoff)


def parsed_wait(seconds: object) -> timedelta | None:
    """The wait that a peer asks for in its own words, a number or its text, within bounds; None for anything else.

    Nobody means 30,000 years or minus five seconds: a number beyond a day or below nothing counts as none, so that one
    garbled answer does not silence a channel for an hour.
    """
    if isinstance(seconds, str):
        with suppress(ValueError):
            return parsed_wait(float(seconds))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MOST_CREDIBLE:
        return None
    return timedelta(seconds=min(max(seconds, SHORTEST_WAIT.total_seconds()), LONGEST_WAIT.total_seconds()))


def restarted_wait(not_before: datetime, planned_at: datetime, *, now: datetime, policy: Policy) -> datetime:
    """When something may go that was planned in what is the future again, since the clock was put back.

    A wait of up to an hour (the grouping window, a retry) begins anew, outside the quiet hours; a longer one is for an
    hour of the day, which stays. Never later than planned.
    """
    wait = max(not_before - planned_at, timedelta(0))
    if wait > max(_BACKOFF[-1], policy.window):
        return not_before
    return min(not_before, max(now + wait, after_quiet(now, policy, latest=None)))


def local_date(at: datetime, policy: Policy) -> date:
    """The school's calendar date of a moment."""
    return at.astimezone(policy.zone).date()
