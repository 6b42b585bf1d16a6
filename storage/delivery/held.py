"""Holds what a restored copy had not sent: its status is `held`, which no query of the worker asks for (Q124)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, literal, select, update

from core.model.broadcast import BroadcastState
from core.model.delivery.obligations import HeldKind
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import NoticeKind
from core.rules.delivery.evidence import ENDS
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_chunks
from storage.delivery.evidence import OPEN, PENDING
from storage.schema.broadcast import broadcast
from storage.schema.conversation import arrival
from storage.schema.delivery import delivery, obligation

KINDS = (
    select(obligation.c.kind, obligation.c.due, func.count())
    .where(obligation.c.state == State.HELD)
    .group_by(obligation.c.kind, obligation.c.due)
    .order_by(obligation.c.due.is_(None), obligation.c.due, obligation.c.kind)
)
_of_obligation = delivery.c.obligation_id == obligation.c.id
_IS_WAITING = exists().where(_of_obligation, delivery.c.status == Status.PENDING)
_HAS_OPEN_DELIVERY = exists().where(_of_obligation, delivery.c.status.not_in(ENDS))


class SqlHeldDeliveries(Repository):
    async def hold(self, *, at: datetime, sent_before: datetime | None) -> None:
        perhaps = literal(value=True) if sent_before is None else delivery.c.not_before <= sent_before
        reason = case((perhaps, Reason.RESTORED), else_=delivery.c.reason)
        owed = select(obligation.c.id).where(obligation.c.state == OPEN)
        waiting = (delivery.c.status == PENDING) & delivery.c.obligation_id.in_(owed)
        held = {"status": Status.HELD, "reason": reason, "updated_at": at}
        await self._connection.execute(update(delivery).where(waiting).values(held))
        await self._connection.execute(update(obligation).where(obligation.c.state == OPEN).values(state=State.HELD))

    async def hold_broadcasts(self) -> None:
        planned = broadcast.c.state == BroadcastState.PLANNED
        await self._connection.execute(update(broadcast).where(planned).values(state=BroadcastState.HELD))

    async def close_updates(self, *, at: datetime) -> int:
        waiting = update(arrival).where(arrival.c.finished_at.is_(None))
        return (await self._connection.execute(waiting.values(finished_at=at, body=""))).rowcount

    async def kinds(self) -> Sequence[HeldKind]:
        return await fetch_rows(self._connection, HeldKind, KINDS)

    async def broadcasts(self) -> int:
        held = select(func.count()).where(broadcast.c.state == BroadcastState.HELD)
        return int(await self._connection.scalar(held) or 0)

    async def release(
        self, kinds: Collection[NoticeKind], *, at: datetime, not_before: datetime, next_way_at: datetime
    ) -> int:
        ids = await self._obligations(kinds)
        later = _not_before(delivery.c.not_before, not_before)
        goes = {"status": Status.PENDING, "not_before": later, "updated_at": at}
        revisit_at = case(
            (_IS_WAITING, _not_before(obligation.c.revisit_at, next_way_at)),
            (_HAS_OPEN_DELIVERY, obligation.c.revisit_at),
            else_=literal(at, obligation.c.revisit_at.type),
        )
        for some in row_chunks(ids):
            await self._connection.execute(update(delivery).where(_held_of(some)).values(goes))
            owed = update(obligation).where(obligation.c.id.in_(some))
            await self._connection.execute(owed.values(state=State.OPEN, revisit_at=revisit_at))
        return len(ids)

    async def drop(self, kinds: Collection[NoticeKind], *, at: datetime) -> Sequence[int]:
        ids = await self._obligations(kinds)
        ended = {"status": Status.WITHDRAWN, "reason": Reason.RESTORED, "updated_at": at}
        for some in row_chunks(ids):
            await self._connection.execute(update(delivery).where(_held_of(some)).values(ended))
            owed = update(obligation).where(obligation.c.id.in_(some))
            await self._connection.execute(owed.values(state=State.WAIVED, revisit_at=None))
        return ids

    async def _obligations(self, kinds: Collection[NoticeKind]) -> Sequence[int]:
        held = select(obligation.c.id).where(obligation.c.state == State.HELD, obligation.c.kind.in_(kinds))
        return list(await self._connection.scalars(held.order_by(obligation.c.id)))

    async def release_broadcasts(self) -> int:
        return len(await self._set_broadcasts(BroadcastState.PLANNED))

    async def drop_broadcasts(self) -> Sequence[int]:
        return await self._set_broadcasts(BroadcastState.RECALLED)

    async def _set_broadcasts(self, state: BroadcastState) -> Sequence[int]:
        held = update(broadcast).where(broadcast.c.state == BroadcastState.HELD).values(state=state)
        return sorted(await self._connection.scalars(held.returning(broadcast.c.id)))


def _held_of(obligation_ids: Collection[int]) -> ColumnElement[bool]:
    return delivery.c.obligation_id.in_(obligation_ids) & (delivery.c.status == Status.HELD)


def _not_before(
    moment: ColumnElement[datetime] | ColumnElement[datetime | None], earliest: datetime
) -> ColumnElement[datetime | None]:
    """The later of the two moments; NULL stays NULL."""
    return case((moment < earliest, literal(earliest, moment.type)), else_=moment)
