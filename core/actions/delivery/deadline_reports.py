"""The report of a period: which results reached their persons within 24 hours (R6, Q75)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from core.model.audit import RECEIPT_CORRECTED
from core.model.delivery.deadline_report import DeadlineReport, ReceiptCorrection
from core.model.delivery.owed_results import OwedResult, WantedResults
from core.model.delivery.states import Status
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import deadline_report as rules
from core.rules.delivery.timing import Policy


async def load_deadline_report(
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
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    first, after = (
        datetime.combine(day, time(), tzinfo=policy.zone).astimezone(UTC) for day in (since, until + timedelta(days=1))
    )
    results = await uow.outbox.owed_results(Everything(), WantedResults(since=first, until=after))
    report = rules.deadline_report(results, since=since, until=until, closes=closes, now=now)
    corrected, corrections = await _corrections(uow, results, since=first, until=after)
    return replace(report, corrected=corrected, corrections=corrections)


async def _corrections(
    uow: UnitOfWork, results: Sequence[OwedResult], *, since: datetime, until: datetime
) -> tuple[int, Sequence[ReceiptCorrection]]:
    """How many of these results have a corrected moment, and the corrections from or to a moment of the period."""
    lines = await uow.audit.lines_of({RECEIPT_CORRECTED})
    exams = {each.id: each for each in await uow.exams.exams_by_id({int(line.facts["exam"] or 0) for line in lines})}
    corrected = set[int]()
    found = list[ReceiptCorrection]()
    for line in lines:
        was, to = (datetime.fromisoformat(str(line.facts[name])) for name in ("was", "to"))
        corrected |= {int(id_) for id_ in str(line.facts["obligations"]).split(",") if id_}
        if any(since <= each < until for each in (was, to)):
            exam, reason = exams[int(line.facts["exam"] or 0)], str(line.facts["reason"])
            found.append(ReceiptCorrection(exam, was, to, int(line.facts["results"] or 0), reason, line.at))
    return sum(each.obligation.id in corrected for each in results), found
