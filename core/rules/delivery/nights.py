"""The nights of the nightly jobs: which night a moment belongs to, and which nights nobody worked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from core.model.delivery.job_runs import JobRun, JobRunState
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

NIGHT = time(3, 30)
"""When nightly jobs are due: not in the hour that a change to or from summer time skips or repeats."""

REMEMBERED = timedelta(days=30)
"""How far back missed nights are told of."""


def latest_night(now: datetime, policy: Policy) -> date:
    """The local date of the latest `NIGHT` that has passed; where clocks put back show it twice, the first counts."""
    today = timing.local_date_of_time(now, policy)
    night = datetime.combine(today, NIGHT, tzinfo=policy.zone)
    return today if now >= night.astimezone(UTC) else today - timedelta(days=1)


def missed_nights(done: Collection[date], *, until: date) -> Sequence[date]:
    """Nights before `until` in which a job was not done, since it was first done; of the last 30 days, oldest first.

    The night `until` is not one of them: it is made up for at the next start.
    """
    if not done:
        return []
    first = max(min(done), until - REMEMBERED)
    return [day for day in (first + timedelta(days=n) for n in range((until - first).days)) if day not in done]


def nightly_job_state(
    job: str, runs: Iterable[JobRun], *, is_nightly: bool, now: datetime, policy: Policy
) -> JobRunState:
    """How a job stands by its runs, in any order. A job of the day is never due: its next wake-up is near."""
    own = [run for run in runs if run.job == job]
    done = {run.on for run in own if run.done_at}
    latest = latest_night(now, policy)
    return JobRunState(
        job,
        max((run.done_at for run in own if run.done_at), default=None),
        max((run.failed_at for run in own if run.failed_at), default=None),
        is_due=is_nightly and latest not in done,
        missed=missed_nights(done, until=latest) if is_nightly else (),
    )
