"""The worker's steps once a second under its lease, before it sends: publish, expire, escalate, plan."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.clocks import Clock, Ticks
from bot.run.clock_jumps import ClockJumps
from core.actions import conversation
from core.actions.broadcast import broadcasts
from core.actions.delivery import evidence, fan_out, obligations, sending
from core.actions.delivery.worker import Worker
from core.actions.marks import gradebook
from core.errors import LeaseLostError, MustBeMendedError, StorageError
from core.ports import UnitOfWork

log = structlog.get_logger()

Leased = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work under the lease, committed at the end; raises LeaseLostError."""


@dataclass(slots=True)
class WorkerRounds:
    """Runs the steps, each in its own transaction: a failed step is logged once and does not stop the others (Q120)."""

    leased: Leased
    worker: Worker
    clock: Clock
    ticks: Ticks
    stopping: asyncio.Event
    jumps: ClockJumps = field(init=False)
    put_back_by: timedelta = timedelta(0)
    """How far the clock was put back; reset when the tables are corrected."""
    broken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.jumps = ClockJumps(self.clock, self.ticks)

    async def go(self) -> None:
        """Run all steps in order. Raises LeaseLostError, StorageError and MustBeMendedError."""
        self.put_back_by = max(self.put_back_by, -self.jumps.look())
        steps = (self.restart_waits, self.broadcast, self.publish_marks, self.expire, self.escalate, self.plan)
        for step in steps:
            name = step.__name__
            try:
                await step()
            except (LeaseLostError, StorageError, MustBeMendedError):
                raise
            except Exception as error:  # noqa: BLE001  # tried again at the next round; its text may be personal (Q103)
                if name not in self.broken:
                    log.error("worker.fault", step=name, error=type(error).__name__)  # noqa: TRY400  # for that reason
                self.broken.add(name)
            else:
                self.broken.discard(name)

    async def restart_waits(self) -> None:
        """After the clock was put back, restart waits that were planned by the old time."""
        if not self.put_back_by:
            return
        async with self.leased() as uow:
            await sending.restart_sending_waits(uow, now=self.clock(), policy=self.worker.policy)
        published = 1
        while published:
            async with self.leased() as uow:
                published = await gradebook.publish_gradebook_marks(
                    uow, now=self.clock(), delayed_by=2 * self.put_back_by
                )
        self.put_back_by = timedelta(0)

    async def broadcast(self) -> None:
        """Publish broadcasts that are due."""
        async with self.leased() as uow:
            await broadcasts.publish_due_broadcasts(uow, now=self.clock(), policy=self.worker.policy)

    async def publish_marks(self) -> None:
        """Publish marks whose delay is over."""
        async with self.leased() as uow:
            await gradebook.publish_gradebook_marks(uow, now=self.clock())

    async def expire(self) -> None:
        """Expire notices that are out of date, and erase files whose term is over."""
        async with self.leased() as uow:
            await obligations.expire_obligations(uow, now=self.clock())
            await conversation.erase_files(uow, now=self.clock())

    async def escalate(self) -> None:
        """Start the next channel where the one before gave no evidence in time."""
        async with self.leased() as uow:
            await evidence.escalate_without_evidence(uow, worker=self.worker, now=self.clock())

    async def plan(self) -> None:
        """Plan deliveries batch by batch, each under the lease: a whole school takes longer than a lease lasts."""
        found = 1
        while found and not self.stopping.is_set():
            async with self.leased() as uow:
                found = await fan_out.fan_out_notice_batch(uow, now=self.clock(), policy=self.worker.policy)
            if found:
                log.debug("worker.fanned_out", notices=found)
                await asyncio.sleep(fan_out.BREATH)
