"""A worker with channels that do what a test tells them, and what became of the deliveries."""

from datetime import timedelta

import pytest

from bot.locales import LocaleCatalogues
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery.worker import Worker
from core.errors import LeaseLostError
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import Reason, Status
from core.ports import Notifier, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import NOW

TTL = timedelta(seconds=10)
POLICY = Policy()


class Post:
    """A worker with scripted channels and a clock that the test moves."""

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        *,
        holder: str = "one",
        policy: Policy = POLICY,
        clock: Clock | None = None,
        paper: Notifier | None = None,
    ) -> None:
        self.clock = clock or Clock(NOW)
        self.telegram, self.email, self.sms, self.paper = map(ScriptedNotifier, ("telegram", "email", "sms", "paper"))
        self.worker = RunningOutboxWorker(
            open_uow=open_uow,
            channels={each.channel: each for each in (self.telegram, self.email, self.sms, paper or self.paper)},
            catalogues=LocaleCatalogues.load(),
            identity=Worker(holder, TTL, policy, CLOSES),
            clock=self.clock,
            ticks=self.clock.ticks,
            signing_key=b"key",
        )

    async def drain(self, **ahead: float) -> None:
        """Let time pass, then send all that may go."""
        self.clock.advance(**ahead)
        await self.worker.drain()

    async def stand_by(self) -> None:
        """Watch the lease of a dead worker until its count has nearly stood still for a term."""
        for seconds in (0, 4, 5):
            with pytest.raises(LeaseLostError):
                await self.drain(seconds=seconds)


async def rows(open_uow: UnitOfWorkFactory) -> list[ObligationRow]:
    """All obligations."""
    async with open_uow(reading=True) as uow:
        return list(await uow.outbox.obligations())


async def deliveries(open_uow: UnitOfWorkFactory) -> list[tuple[str, Status, Reason | None]]:
    """Channel, status and reason of the first obligation's deliveries, in order."""
    (row, *_) = await rows(open_uow)
    return [(each.channel, each.status, each.reason) for each in row.deliveries]
