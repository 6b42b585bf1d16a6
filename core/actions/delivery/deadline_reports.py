"""The report of a period: which results reached their persons within 24 hours (R6, Q75)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from core.model.delivery.deadline_report import DeadlineReport
from core.model.delivery.owed_results import WantedResults
from core.model.delivery.states import Status
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import deadline_report as rules
from core.rules.delivery.timing import Policy


async def deadline_report(
    uow: UnitOfWork,
    actor: Actor,
    *,
    since: date,
    until: date,
    closes: Mapping[str, Status],
    now: datetime,
    policy: Policy,
) -> DeadlineReport:
    """What was received between two dates of the school, both included. NotAllowedError unless a deputy head asks."""
    access.require_role(actor, Role.DEPUTY_HEAD)
    first, after = (
        datetime.combine(day, time(), tzinfo=policy.zone).astimezone(UTC) for day in (since, until + timedelta(days=1))
    )
    results = await uow.outbox.owed_results(Everything(), WantedResults(since=first, until=after))
    return rules.deadline_report(results, since=since, until=until, closes=closes, now=now)
