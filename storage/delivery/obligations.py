"""Obligations for escalation, warnings and reports."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, literal_column, or_, select, update

from core.model.delivery.deliveries import Attempt, Delivery
from core.model.delivery.obligations import Obligation, ObligationRow
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import R6_KINDS, NoticeKind
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_chunks, row_columns, select_rows
from storage.delivery.evidence import OPEN, OWED, PENDING
from storage.schema.delivery import attempt, carried, delivery, notice, obligation
from storage.schema.people import person

_guardian, _student = person.alias("owed_to"), person.alias("about")
FAILED = delivery.c.status == literal_column("'failed'", delivery.c.status.type)  # see `evidence.PENDING`
OVERDUE = obligation.c.revisit_at.is_not(None) & (obligation.c.state == OPEN)


_in_flight = exists().where(delivery.c.obligation_id == obligation.c.id, delivery.c.status == Status.SENDING)
STALE = (
    select(obligation.c.id)
    .where(obligation.c.state == OPEN, obligation.c.expires_at <= bindparam("now"), ~_in_flight)
    .order_by(obligation.c.expires_at)
    .limit(bindparam("few"))
)


class SqlObligations(Repository):
    async def to_escalate(self, *, now: datetime, limit: int) -> Sequence[Delivery]:
        stuck = (
            select_rows(obligation, Obligation)
            .where(OVERDUE, obligation.c.revisit_at <= now)
            .order_by(obligation.c.revisit_at, obligation.c.id)
            .limit(limit)
        )
        found = await fetch_rows(self._connection, Obligation, stuck)
        deliveries = await self._deliveries([each.id for each in found])
        return [deliveries[each.id][-1] for each in found if deliveries[each.id]]

    async def expire(self, *, now: datetime, limit: int) -> int:
        found = list(await self._connection.scalars(STALE, {"now": now, "few": limit}))
        for ids in row_chunks(found):
            waiting = delivery.c.obligation_id.in_(ids) & (delivery.c.status == PENDING)
            ended = {"status": Status.WITHDRAWN, "reason": Reason.EXPIRED, "updated_at": now}
            await self._connection.execute(update(delivery).where(waiting).values(ended))
            over = {"state": State.EXPIRED, "closed_at": now, "revisit_at": None}
            await self._connection.execute(update(obligation).where(obligation.c.id.in_(ids)).values(over))
        return len(found)

    async def claim_untold(self, *, until: datetime, now: datetime) -> Sequence[Obligation]:
        warned_at, due = obligation.c.warned_at, obligation.c.due
        is_news = or_(warned_at.is_(None), and_(due < now, warned_at <= due))
        untold = (obligation.c.state == OPEN) & obligation.c.kind.in_(R6_KINDS) & (due <= until)
        warned = update(obligation).where(untold, is_news).values(warned_at=now)
        rows = await self._connection.execute(warned.returning(*row_columns(obligation, Obligation)))
        return [Obligation(*fields) for fields in rows]

    async def obligations(
        self,
        *,
        states: Collection[State] | None = None,
        late_at: datetime | None = None,
        obligation_id: int | None = None,
        kinds: Collection[NoticeKind] | None = None,
        fact: str | None = None,
        person_id: int | None = None,
    ) -> Sequence[ObligationRow]:
        report = (
            select(*row_columns(obligation, Obligation), _guardian.c.name, _student.c.name)
            .join(_guardian, _guardian.c.id == obligation.c.person_id)
            .outerjoin(_student, _student.c.id == obligation.c.student_id)
            .order_by(obligation.c.due.is_(None), obligation.c.due, obligation.c.id)
        )
        if states is not None:
            report = report.where(obligation.c.state.in_(states))
        if kinds is not None:
            report = report.where(obligation.c.kind.in_(kinds))
        if obligation_id is not None:
            report = report.where(obligation.c.id == obligation_id)
        if person_id is not None:
            report = report.where(obligation.c.person_id == person_id)
        if fact is not None:
            report = report.where(obligation.c.notice_id.in_(select(notice.c.id).where(notice.c.fact == fact)))
        return await self._reported(report if late_at is None else _late(report, late_at))

    async def _reported(self, report: Select[Any]) -> Sequence[ObligationRow]:
        rows = [(Obligation(*fields), to, about) for *fields, to, about in await self._connection.execute(report)]
        deliveries = await self._deliveries([each.id for each, _, _ in rows])
        return [ObligationRow(each, to, about, deliveries[each.id]) for each, to, about in rows]

    async def _deliveries(self, obligation_ids: Sequence[int]) -> Mapping[int, tuple[Delivery, ...]]:
        """The deliveries of each obligation, the newest last."""
        found: dict[int, tuple[Delivery, ...]] = defaultdict(tuple)
        for ids in row_chunks(obligation_ids):
            own = select_rows(delivery, Delivery).where(delivery.c.obligation_id.in_(ids)).order_by(delivery.c.id)
            for each in await fetch_rows(self._connection, Delivery, own):
                found[each.obligation_id] += (each,)
        return found

    async def rejections(self, *, since: datetime) -> Mapping[str, int]:
        rejected = (FAILED, delivery.c.reason == Reason.REJECTED, delivery.c.updated_at > since)
        contacts = select(delivery.c.channel, func.count(delivery.c.contact_id.distinct())).where(*rejected)
        rows = await self._connection.execute(contacts.group_by(delivery.c.channel))
        return {channel: count for channel, count in rows}  # noqa: C416  a Row is a tuple of two, which mypy cannot see

    async def attempts_of(self, obligation_id: int) -> Sequence[Attempt]:
        """All attempts that carried the obligation to its person, also those before the last one (Q76)."""
        owed_to = select(obligation.c.person_id).where(obligation.c.id == obligation_id).scalar_subquery()
        own = select(delivery.c.id).where(delivery.c.obligation_id == obligation_id)
        carrying = select(carried.c.attempt_id).where(
            carried.c.attempt_id == attempt.c.id, carried.c.delivery_id.in_(own)
        )
        tries = select_rows(attempt, Attempt).where(attempt.c.person_id == owed_to, carrying.exists())
        return await fetch_rows(self._connection, Attempt, tries.order_by(attempt.c.id))


def _late(report: Select[Any], late_at: datetime) -> Select[Any]:
    closed_late = and_(obligation.c.state == State.CLOSED, obligation.c.closed_at > obligation.c.due)
    open_late = and_(obligation.c.state.in_(OWED), obligation.c.due < late_at)
    return report.where(obligation.c.kind.in_(R6_KINDS), or_(closed_late, open_late))
