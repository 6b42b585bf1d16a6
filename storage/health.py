"""How notices go at the moment, in SQL over the partial indexes of open work."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from core.model.delivery.states import Status
from storage.database.repository import Repository
from storage.delivery.evidence import OPEN, PENDING
from storage.schema.delivery import attempt, delivery, obligation

_TAKEN = (Status.ACCEPTED, Status.DELIVERED, Status.ACKNOWLEDGED)


class SqlHealth(Repository):
    async def last_send(self) -> datetime | None:
        """Attempts are numbered in their order, so the newest that a channel took is found from the end."""
        newest = select(attempt.c.finished_at).where(attempt.c.outcome.in_(_TAKEN))
        return await self._connection.scalar(newest.order_by(attempt.c.id.desc()).limit(1))

    async def oldest_open(self) -> datetime | None:
        return await self._connection.scalar(
            select(func.min(obligation.c.received_at)).where(obligation.c.state == OPEN)
        )

    async def queue(self, *, now: datetime) -> Mapping[str, int]:
        waiting = select(delivery.c.channel, func.count(delivery.c.bundle.distinct())).where(
            delivery.c.status == PENDING, delivery.c.not_before <= now
        )
        return dict([(*row,) for row in await self._connection.execute(waiting.group_by(delivery.c.channel))])
