"""Notices, and the obligations and deliveries planned from them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, insert, literal_column, or_, select, text, update

from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import (
    Moved,
    MovedDelivery,
    NewNotice,
    OwedPair,
    PlannedDelivery,
    PlannedObligation,
    PublishedNotice,
)
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import R6_KINDS, NoticeKind
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, fetch_rows_chunked, row_chunks, select_rows, upsert_rows
from storage.delivery.evidence import OPEN, OWED, PENDING, UNSENT, evidence_may_end_sql
from storage.schema.delivery import NOT_WITHDRAWN, delivery, notice, obligation

QUEUED = Status.ACCEPTED
"""The status of paper that lies in the print queue."""

PLANNED = update(notice).where(notice.c.id == bindparam("planned_id")).values(planned_at=bindparam("at"))

_newer, _older = obligation.alias("newer"), obligation.alias("older")
_new_notice, _old_notice = notice.alias("new_notice"), notice.alias("old_notice")
_R6: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in sorted(R6_KINDS)]  # see `evidence.PENDING`
SUPERSEDED = (
    select(_older.c.id)
    .select_from(_new_notice)
    .join(_newer, _newer.c.notice_id == _new_notice.c.id)
    .join(_old_notice, (_old_notice.c.fact == _new_notice.c.fact) & (_old_notice.c.id < _new_notice.c.id))
    .join(_older, (_older.c.notice_id == _old_notice.c.id) & (_older.c.person_id == _newer.c.person_id))
    .where(_new_notice.c.kind.in_(_R6), _old_notice.c.kind.in_(_R6), _older.c.state.in_(OWED))
    .where(_new_notice.c.id.in_(bindparam("notice_ids", expanding=True)))
)
"""Open obligations of an earlier notice of the same R6 fact to the same person."""

_later = delivery.alias("later")
REVISIT = (
    update(obligation)
    .where(obligation.c.id == bindparam("of_obligation"))
    .where(~exists().where(_later.c.obligation_id == obligation.c.id, _later.c.id > bindparam("newest_id")))
    .values(revisit_at=bindparam("at"))
)
"""Sets when the next channel is considered, unless a later delivery has set it already."""


MOVED_RECEIPT = {"warned_at": case((obligation.c.state.in_(OWED), None), else_=obligation.c.warned_at)}
"""With another due time what is still owed is warned of anew; what is over keeps its warning."""

RESCHEDULE = (
    update(delivery)
    .where(delivery.c.id == bindparam("of_delivery"))
    .values(not_before=bindparam("start"), escalate_at=bindparam("after"))
)
RESCHEDULE_REVISIT = (
    update(obligation)
    .where(obligation.c.id == bindparam("of_obligation"), obligation.c.revisit_at == bindparam("before"))
    .values(revisit_at=bindparam("after", type_=obligation.c.revisit_at.type))
)
"""Moves the start of the next channel; an obligation that waits for another moment keeps it."""


class SqlPlanning(Repository):
    async def add(
        self,
        notices: Sequence[NewNotice],
        *,
        received_at: datetime,
        published_at: datetime,
        due: datetime | None = None,
    ) -> None:
        new = [
            {
                "student_id": each.student_id,
                "person_id": each.person_id,
                "kind": each.notice.kind,
                "fact": each.fact,
                "notice": each.notice,
            }
            for each in notices
        ]
        if new:
            values = {"received_at": received_at, "published_at": published_at, "due": due}
            await self._connection.execute(insert(notice).values(values), new)

    async def published_as(self, fact: str) -> Sequence[PublishedNotice]:
        published = select_rows(notice, PublishedNotice).where(notice.c.fact == fact)
        return await fetch_rows(self._connection, PublishedNotice, published.order_by(notice.c.id))

    async def receipts(self, facts: Collection[str]) -> Sequence[tuple[str, datetime]]:
        found: list[tuple[str, datetime]] = []
        for some in row_chunks(sorted(facts)):
            rows = await self._connection.execute(
                select(notice.c.fact, notice.c.received_at).where(notice.c.fact.in_(some)).order_by(notice.c.id)
            )
            found += [(fact, received_at) for fact, received_at in rows]
        return found

    async def move_receipt(
        self, facts: Collection[str], was: Collection[datetime], *, to: datetime, due: datetime
    ) -> Sequence[int]:
        moved: list[int] = []
        for some in row_chunks(sorted(facts)):
            of_receipt = notice.c.fact.in_(some) & notice.c.received_at.in_(was)
            new = update(notice).where(of_receipt).values(received_at=to).returning(notice.c.id)
            moved += await self._connection.scalars(new)
        owed: list[int] = []
        for ids in row_chunks(sorted(moved)):
            of_notice = update(obligation).where(obligation.c.notice_id.in_(ids))
            moment = MOVED_RECEIPT | {"received_at": to, "due": due}
            owed += await self._connection.scalars(of_notice.values(moment).returning(obligation.c.id))
        for ids in row_chunks(owed):
            await self._connection.execute(update(delivery).where(delivery.c.obligation_id.in_(ids)).values(due=due))
        return sorted(owed)

    async def reschedule(self, moved: Sequence[MovedDelivery]) -> None:
        rows = [
            {"of_delivery": each.delivery_id, "of_obligation": each.obligation_id, "start": each.not_before,
             "before": each.before, "after": each.escalate_at}
            for each in moved
        ]  # fmt: skip
        if rows:
            await self._connection.execute(RESCHEDULE_REVISIT, rows)
            await self._connection.execute(RESCHEDULE, rows)

    async def supersede(self, fact: str, *, at: datetime) -> None:
        waiting = (notice.c.fact == fact) & notice.c.planned_at.is_(None)
        await self._connection.execute(update(notice).where(waiting).values(planned_at=at))
        of_fact = select(notice.c.id).where(notice.c.fact == fact)
        owed = select(obligation.c.id).where(obligation.c.notice_id.in_(of_fact), obligation.c.state.in_(OWED))
        for ids in row_chunks(await self._connection.scalars(owed)):
            await self._end_older(ids, at)

    async def unplanned(self, limit: int) -> Sequence[PublishedNotice]:
        waiting = select_rows(notice, PublishedNotice).where(notice.c.planned_at.is_(None)).with_for_update()
        return await fetch_rows(self._connection, PublishedNotice, waiting.order_by(notice.c.id).limit(limit))

    async def published(self, kinds: Collection[NoticeKind]) -> Sequence[PublishedNotice]:
        published = select_rows(notice, PublishedNotice).where(
            notice.c.kind.in_(kinds), notice.c.planned_at.is_not(None)
        )
        return await fetch_rows(self._connection, PublishedNotice, published.order_by(notice.c.id))

    async def unplanned_facts(self, kinds: Collection[NoticeKind]) -> Sequence[str]:
        waiting = select(notice.c.fact).where(notice.c.kind.in_(kinds), notice.c.planned_at.is_(None))
        return list(await self._connection.scalars(waiting))

    async def plan(
        self, obligations: Sequence[PlannedObligation], *, notice_ids: Collection[int], at: datetime
    ) -> None:
        ids = await self._owe(obligations, at)
        new = [
            (ids[planned.notice_id, planned.person_id], planned)
            for planned in obligations
            if (planned.notice_id, planned.person_id) in ids
        ]
        await self._add_deliveries([_delivery(id_, each, way, at) for id_, each in new for way in each.deliveries])
        if notice_ids:
            await self._connection.execute(PLANNED, [{"planned_id": id_, "at": at} for id_ in notice_ids])
        await self._supersede([each.notice_id for _, each in new if each.kind in R6_KINDS], at)

    async def _owe(self, obligations: Sequence[PlannedObligation], at: datetime) -> Mapping[tuple[int, int], int]:
        """Ids of the obligations that are new, by notice and person."""
        if not obligations:
            return {}
        new = upsert_rows(self._connection, obligation).on_conflict_do_nothing(
            index_elements=["notice_id", "person_id"]
        )
        rows = await self._connection.execute(
            new.returning(obligation.c.id, obligation.c.notice_id, obligation.c.person_id),
            [_obligation(planned, at) for planned in obligations],
        )
        return {(notice_id, person_id): id_ for id_, notice_id, person_id in rows}

    async def _add_deliveries(self, new: Sequence[dict[str, Any]]) -> Mapping[int, int]:
        """The newest added delivery by obligation; a channel that the obligation has used already is left out."""
        if not new:
            return {}
        added = upsert_rows(self._connection, delivery).on_conflict_do_nothing(
            index_elements=["obligation_id", "bundle"], index_where=text(NOT_WITHDRAWN)
        )
        rows = await self._connection.execute(added.returning(delivery.c.id, delivery.c.obligation_id), new)
        return {obligation_id: id_ for id_, obligation_id in sorted(rows)}

    async def _supersede(self, notice_ids: Collection[int], at: datetime) -> None:
        """A newer version of an R6 fact replaces what is still owed of the older (Q74)."""
        for ids in row_chunks(notice_ids):
            if older := list(await self._connection.scalars(SUPERSEDED, {"notice_ids": ids})):
                await self._end_older(older, at)

    async def _end_older(self, obligation_ids: Collection[int], at: datetime) -> None:
        stopped = delivery.c.obligation_id.in_(obligation_ids) & delivery.c.status.in_(UNSENT)
        ended = {"status": Status.WITHDRAWN, "reason": Reason.SUPERSEDED, "updated_at": at}
        await self._connection.execute(update(delivery).where(stopped).values(ended))
        replaced = update(obligation).where(obligation.c.id.in_(obligation_ids)).values(state=State.SUPERSEDED)
        await self._connection.execute(replaced)

    async def let_go(
        self, person_id: int, student_id: int | None, *, reason: Reason, at: datetime
    ) -> Sequence[PublishedNotice]:
        unsent = or_(delivery.c.status == PENDING, and_(delivery.c.contact_id.is_(None), delivery.c.status == QUEUED))
        stopped = update(delivery).where(_of_pair(delivery, person_id, student_id), unsent)
        await self._connection.execute(stopped.values(status=Status.WITHDRAWN, reason=reason, updated_at=at))
        waived = update(obligation).where(_of_pair(obligation, person_id, student_id), obligation.c.state == OPEN)
        over = waived.values(state=State.WAIVED, revisit_at=None).returning(obligation.c.notice_id)
        owed = select_rows(notice, PublishedNotice).order_by(notice.c.id)
        notice_ids = sorted(await self._connection.scalars(over))
        return await fetch_rows_chunked(
            self._connection, PublishedNotice, notice_ids, lambda ids: owed.where(notice.c.id.in_(ids))
        )

    async def owed_pairs(self) -> Sequence[OwedPair]:
        owed = select(obligation.c.person_id, obligation.c.student_id).where(obligation.c.state == OPEN).distinct()
        return await fetch_rows(
            self._connection, OwedPair, owed.order_by(obligation.c.person_id, obligation.c.student_id)
        )

    async def replan(self, moved: Sequence[Moved], *, now: datetime) -> None:
        """A delivery that arrived meanwhile cannot end any more: it stays as it is, and nothing follows it."""
        ended = await self._end(moved, now)
        known = [each for each in moved if each.delivery.id in ended]
        open_ids = await self._open({each.delivery.obligation_id for each in known})
        following = [
            _delivery(each.delivery.obligation_id, each.delivery, way, now)
            for each in known
            if each.delivery.obligation_id in open_ids
            for way in each.following
        ]
        added = await self._add_deliveries(following)
        revisits = [
            {
                "of_obligation": each.delivery.obligation_id,
                "newest_id": added.get(each.delivery.obligation_id, each.delivery.id),
                "at": _revisit_at(each.following, now) if each.following else None,
            }
            for each in known
        ]
        if revisits:
            await self._connection.execute(REVISIT, revisits)

    async def _end(self, moved: Sequence[Moved], now: datetime) -> set[int]:
        """Ids of the deliveries that could be given their last status."""
        ended: set[int] = set()
        for status, reason in sorted({(each.status, each.reason) for each in moved}):
            given = [each.delivery.id for each in moved if (each.status, each.reason) == (status, reason)]
            for ids in row_chunks(given):
                allowed = delivery.c.id.in_(ids) & evidence_may_end_sql(delivery.c.status, status)
                last = {"status": status, "reason": reason, "updated_at": now}
                rows = await self._connection.scalars(
                    update(delivery).where(allowed).values(last).returning(delivery.c.id)
                )
                ended.update(rows)
        return ended

    async def _open(self, obligation_ids: Collection[int]) -> set[int]:
        found: set[int] = set()
        for ids in row_chunks(obligation_ids):
            still = obligation.c.id.in_(ids) & (obligation.c.state == State.OPEN)
            found.update(await self._connection.scalars(select(obligation.c.id).where(still)))
        return found


def _of_pair(owed: Any, person_id: int, student_id: int | None) -> ColumnElement[bool]:
    return and_(owed.c.person_id == person_id, owed.c.student_id.is_not_distinct_from(student_id))


def _obligation(planned: PlannedObligation, at: datetime) -> dict[str, Any]:
    return {
        "notice_id": planned.notice_id,
        "person_id": planned.person_id,
        "student_id": planned.student_id,
        "kind": planned.kind,
        "received_at": planned.received_at,
        "due": planned.due,
        "state": planned.state,
        "revisit_at": _revisit_at(planned.deliveries, at),
        "expires_at": planned.expires_at,
    }


def _revisit_at(ways: Sequence[PlannedDelivery], at: datetime) -> datetime | None:
    """When the channel after the last planned one must start; at once where the last one is not to be sent."""
    return ways[-1].escalate_at if ways and ways[-1].status is Status.PENDING else at


def _delivery(
    obligation_id: int, owed: PlannedObligation | Delivery, way: PlannedDelivery, at: datetime
) -> dict[str, Any]:
    """A row of `delivery`. `owed`: the planned obligation, or its delivery that has ended."""
    return {
        "obligation_id": obligation_id,
        "person_id": owed.person_id,
        "student_id": owed.student_id,
        "kind": owed.kind,
        "due": owed.due,
        "channel": way.channel,
        "contact_id": way.contact_id,
        "bundle": way.bundle,
        "status": way.status,
        "reason": way.reason,
        "not_before": way.not_before,
        "escalate_at": way.escalate_at,
        "tries": 0,
        "failures": 0,
        "repeats": 0,
        "updated_at": at,
    }
