"""Proving that nobody was forgotten: published results against obligations, and what is about to be late (Q71, Q75)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actions import outbox
from core.model.delivery import PublishedNotice, State
from core.model.notices import R6_KINDS
from core.ports import ObligationRow, UnitOfWork
from core.rules.timing import Policy


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two sets differ: a result without a notice, a person without an obligation, or one too many."""

    fact: str
    what: str
    person_id: int | None = None


async def verify(uow: UnitOfWork, *, policy: Policy) -> Sequence[Difference]:
    """For every published result × entitled person there is exactly one obligation, open or closed (Q71).

    Entitlement is judged on the day of publication. Notices that the worker has not fanned out yet are not due here.
    """
    notices = await uow.outbox.published(R6_KINDS)
    results = await uow.journal.published_results()
    owed = await _entitled(uow, notices, policy=policy)
    held: dict[int, set[int]] = {}
    for row in await uow.outbox.obligations(kinds=R6_KINDS):
        held.setdefault(row.obligation.notice_id, set()).add(row.obligation.person_id)
    return [*_unannounced(results, notices), *_mismatched(notices, owed, held)]


def _unannounced(results: Mapping[str, int], notices: Sequence[PublishedNotice]) -> list[Difference]:
    """Published versions of a result and its notices must be equally many."""
    announced: dict[str, int] = {}
    for notice in notices:
        announced[notice.fact] = announced.get(notice.fact, 0) + 1
    facts = sorted(results.keys() | announced.keys())
    return [Difference(fact, "notice") for fact in facts if results.get(fact, 0) != announced.get(fact, 0)]


async def _entitled(
    uow: UnitOfWork, notices: Sequence[PublishedNotice], *, policy: Policy
) -> Mapping[int, Collection[int]]:
    """Entitled persons by notice."""
    by_moment: dict[datetime, list[PublishedNotice]] = {}
    for notice in notices:
        by_moment.setdefault(notice.published_at, []).append(notice)
    owed: dict[int, set[int]] = {}
    for moment, batch in by_moment.items():
        families = await outbox.families(uow, batch, now=moment, policy=policy)
        owed |= {notice.id: {each.person_id for each in outbox.entitled(notice, families)} for notice in batch}
    return owed


def _mismatched(
    notices: Sequence[PublishedNotice], owed: Mapping[int, Collection[int]], held: Mapping[int, Collection[int]]
) -> list[Difference]:
    differences: list[Difference] = []
    for notice in notices:
        entitled, having = set(owed[notice.id]), set(held.get(notice.id, ()))
        differences += [Difference(notice.fact, "missing", person) for person in sorted(entitled - having)]
        differences += [Difference(notice.fact, "extra", person) for person in sorted(having - entitled)]
    return differences


async def about_to_be_late(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[ObligationRow]:
    """Open obligations whose due time is within the school's warning time, 4 h by default (Q75)."""
    rows = await uow.outbox.obligations(states={State.OPEN}, kinds=R6_KINDS)
    limit = now + policy.warn_before
    return [row for row in rows if row.obligation.due is not None and row.obligation.due <= limit]
