"""Proving that nobody was forgotten: published results against obligations, and what is about to be late (Q71, Q75)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.actions.delivery import fan_out
from core.model.audit import ACCOUNT_CLOSED, ACCOUNT_OPENED
from core.model.delivery.fact_names import differing_results_fact_name, untold_results_fact_name
from core.model.delivery.obligations import NewNotice, Obligation, ObligationRow, PublishedNotice
from core.model.delivery.states import State
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.notices.staff import ResultsDiffer, ResultsUntold
from core.model.people import Role
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy


@dataclass(frozen=True, slots=True)
class ObligationDifference:
    """Where the two sets differ: a result without a notice, a person without an obligation, or one too many."""

    fact: str
    what: str
    person_id: int | None = None


async def verify_obligations(uow: UnitOfWork, *, policy: Policy) -> Sequence[ObligationDifference]:
    """For every published result × entitled person there is exactly one obligation, open or closed (Q71).

    Entitlement is judged on the day of publication. Notices that the worker has not fanned out yet are announced, but
    not owed to anybody.
    """
    results = {**await uow.results.published_results(), **await uow.exams.published_results()}
    notices = await uow.outbox.published(R6_KINDS)
    announced = [*(notice.fact for notice in notices), *await uow.outbox.unplanned_facts(R6_KINDS)]
    owed = await _entitled_persons(uow, notices, policy=policy)
    former = await _former_guardians(uow, notices)
    accounts = await _account_changes(uow)
    held: dict[int, set[int]] = {}
    for row in await uow.outbox.obligations(kinds=R6_KINDS):
        held.setdefault(row.obligation.notice_id, set()).add(row.obligation.person_id)
    return [*_unannounced(results, Counter(announced)), *_mismatched(notices, owed, held, former, accounts)]


def _unannounced(results: Mapping[str, int], announced: Mapping[str, int]) -> list[ObligationDifference]:
    """Published versions of a result and its notices must be equally many."""
    facts = sorted(results.keys() | announced.keys())
    return [ObligationDifference(fact, "notice") for fact in facts if results.get(fact, 0) != announced.get(fact, 0)]


async def _entitled_persons(
    uow: UnitOfWork, notices: Sequence[PublishedNotice], *, policy: Policy
) -> Mapping[int, Collection[int]]:
    """Entitled persons by notice."""
    by_moment: dict[datetime, list[PublishedNotice]] = {}
    for notice in notices:
        by_moment.setdefault(notice.published_at, []).append(notice)
    owed: dict[int, set[int]] = {}
    for moment, batch in by_moment.items():
        families = await fan_out.load_fan_out_recipients(uow, batch, now=moment, policy=policy)
        owed |= {
            notice.id: {each.person_id for each in fan_out.recipients_of_fan_out(notice, families)} for notice in batch
        }
    return owed


async def _former_guardians(uow: UnitOfWork, notices: Sequence[PublishedNotice]) -> Mapping[int, Collection[int]]:
    """By notice, whose access ended or was barred after it was published: then it was owed to them (Q127)."""
    students = {notice.student_id for notice in notices if notice.student_id is not None}
    ended = [link for link in await uow.people.guardianships(students) if link.access and link.ended_at is not None]
    return {
        notice.id: {
            link.guardian_id
            for link in ended
            if link.student_id == notice.student_id and link.ended_at and link.ended_at >= notice.published_at
        }
        for notice in notices
    }


async def _account_changes(uow: UnitOfWork) -> Mapping[int, datetime]:
    """By student, when the own account was last opened or closed; earlier notices were owed by what was before."""
    lines = await uow.audit.lines_of({ACCOUNT_OPENED, ACCOUNT_CLOSED})
    return {student: line.at for line in lines if isinstance(student := line.facts.get("student"), int)}


def _mismatched(
    notices: Sequence[PublishedNotice],
    owed: Mapping[int, Collection[int]],
    held: Mapping[int, Collection[int]],
    former: Mapping[int, Collection[int]],
    accounts: Mapping[int, datetime],
) -> list[ObligationDifference]:
    """Whoever lost access since then is none too many; where they were the last, the student was not owed it yet.

    A student whose account was opened or closed since then is compared no more.
    """
    differences: list[ObligationDifference] = []
    for notice in notices:
        entitled, having = set(owed[notice.id]), set(held.get(notice.id, ()))
        if having & set(former[notice.id]):
            since_then = {*former[notice.id], notice.student_id}
            having, entitled = having - since_then, entitled - since_then
        changed_at = accounts.get(notice.student_id or 0)
        if changed_at is not None and changed_at >= notice.published_at:
            having, entitled = having - {notice.student_id}, entitled - {notice.student_id}
        differences += [ObligationDifference(notice.fact, "missing", person) for person in sorted(entitled - having)]
        differences += [ObligationDifference(notice.fact, "extra", person) for person in sorted(having - entitled)]
    return differences


async def warn_of_obligation_differences(
    uow: UnitOfWork, differences: Sequence[ObligationDifference], *, now: datetime, policy: Policy
) -> bool:
    """Tells each deputy head that results and obligations differ (Q71); the same number once a day only. Commits.

    Returns whether somebody was told.
    """
    on = timing.local_date_of_time(now, policy)
    notice = ResultsDiffer(on, len(differences))
    fact = differing_results_fact_name(on)
    if not differences or any(each.notice == notice for each in await uow.outbox.published_as(fact)):
        return False
    deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=on)
    told = [NewNotice(None, notice, fact, person_id) for person_id in deputies]
    await uow.outbox.add(told, received_at=now, published_at=now, due=now + policy.warn_before)
    await uow.commit()
    return bool(told)


async def warn_of_late_obligations(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[Obligation]:
    """Tell each deputy head of results whose 24 hours run out, and again of those that ran out untold (Q75).

    Each obligation is told of once before its term and once after; returns what was told. A school without a deputy
    head has only the return value, of all that is about to be late, however often it is asked for. Commits.
    """
    deputies = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=timing.local_date_of_time(now, policy))
    if not deputies:
        return [row.obligation for row in await load_almost_late_obligations(uow, now=now, policy=policy)]
    untold = await uow.outbox.claim_untold(until=now + policy.warn_before, now=now)
    for notice in _warnings(untold, now=now, policy=policy):
        fact = untold_results_fact_name(notice.results, now)
        warnings = [NewNotice(None, notice, fact, person_id) for person_id in deputies]
        await uow.outbox.add(warnings, received_at=now, published_at=now, due=notice.due.astimezone(UTC))
    await uow.commit()
    return untold


def _warnings(untold: Iterable[Obligation], *, now: datetime, policy: Policy) -> Sequence[ResultsUntold]:
    """A notice for each kind of result, what is late apart from what is not yet."""
    terms: dict[tuple[bool, NoticeKind], list[datetime]] = defaultdict(list)
    for each in untold:
        if each.due is not None:
            terms[timing.is_past_due_time(each.due, now), each.kind].append(each.due)
    return [
        ResultsUntold(kind, len(dues), min(dues).astimezone(policy.zone), is_late)
        for (is_late, kind), dues in sorted(terms.items())
    ]


async def load_almost_late_obligations(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[ObligationRow]:
    """Open obligations whose due time is within the school's warning time, 4 h by default (Q75)."""
    rows = await uow.outbox.obligations(states={State.OPEN}, kinds=R6_KINDS)
    limit = now + policy.warn_before
    return [row for row in rows if row.obligation.due is not None and row.obligation.due <= limit]


async def expire_obligations(uow: UnitOfWork, *, now: datetime, limit: int = 500) -> int:
    """Ends obligations whose news is stale by now, on all channels; returns how many (Q123).

    One with a message in flight stays open: the message was sent in time.
    """
    return await uow.outbox.expire(now=now, limit=limit)
