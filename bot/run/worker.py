"""The outbox worker: one process holds the lease, claims, sends and settles; everything it knows is in the tables.

A turn is: take what has been sent, then in one transaction settle it and claim more, then let the channels send while
the next transaction is prepared. Nothing waits for a channel while a connection is held (Q92). Pauses and terms are
counted by the monotonic clock (`ticks`), since the wall clock may be put forward or back.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog

from bot.locales import Catalogues
from bot.run.clock_jumps import Clock, Ticks, monotonic
from bot.run.lanes import Lane
from bot.run.patience import Patience
from bot.run.rounds import Rounds
from bot.run.supervision import rest
from core.actions.delivery import lease
from core.actions.delivery import sending as delivery_sending
from core.actions.delivery.worker import Worker
from core.errors import LeaseLostError, MustBeMendedError, StorageError
from core.model.delivery.deliveries import Outcome, Parcel
from core.model.delivery.states import Reason
from core.ports import Notifier, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import outcomes

IN_FLIGHT = 16
"""Messages claimed and not yet committed, at most: what a kill may repeat (contracts, Delivery)."""

RESERVE = 2
"""Places kept for each other channel that has something waiting, so that a hanging one starves nobody."""

READ_AHEAD = 500
IDLE = timedelta(seconds=1)
LINGER = timedelta(milliseconds=30)
"""How long the first message that has landed waits for others, so that one commit serves several."""

GRACE, SETTLING = 4.0, 2.0
"""Seconds that what is in flight has to land in after the order to stop, and then its commit."""

_SETTLING_TRIES = 10

log = structlog.get_logger()
T = TypeVar("T")

Landed = tuple[Parcel, Outcome]
Room = Mapping[str, Sequence[str]]
"""Which bundles each channel may claim."""


@dataclass(slots=True)
class OutboxWorker:
    """Sends what is due until it is stopped; a second one stands by until the lease's count stands still.

    `leading` is entered while the lease is held: the holder also serves the address for receipts.
    """

    open_uow: UnitOfWorkFactory
    channels: Mapping[str, Notifier]
    catalogues: Catalogues
    identity: Worker
    clock: Clock
    signing_key: bytes
    leading: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
    ticks: Ticks = monotonic
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    lanes: dict[str, Lane] = field(init=False)
    sending: dict[asyncio.Task[Outcome], Parcel] = field(default_factory=dict)
    landed: list[Landed] = field(default_factory=list)
    renewed_at: float | None = None
    looked_at: float | None = None
    watch: lease.LeaseWatch = field(default_factory=lease.LeaseWatch)
    patience: Patience = field(init=False)
    is_unsure: bool = False
    """A commit failed, and the database may have taken it all the same."""
    passed_over: set[str] = field(default_factory=set)
    """Bundles that could not be claimed for a fault of ours: the rest goes on without them."""
    rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = {
            name: Lane(notifier, self.catalogues, self.signing_key, self.identity.policy, self.clock, self.ticks)
            for name, notifier in self.channels.items()
        }
        self.rounds = Rounds(self._leased, self.identity, self.clock, self.ticks, self.stopping)
        self.patience = Patience("worker", longest=self.identity.ttl.total_seconds() / 3)

    def stop(self) -> None:
        """Claim no more, let what is in flight end, commit it and give the lease back (SIGTERM)."""
        self.stopping.set()

    async def run(self) -> None:
        """Work while holding the lease, stand by while another does, until `stop`.

        A database that goes away is waited for, with what is in flight kept in hand (Q120). Raises MustBeMendedError.
        """
        try:
            while not self.stopping.is_set():
                if await self._try(self._take_lease):
                    await self._lead()
                elif not self.stopping.is_set():
                    await rest(self.identity.ttl.total_seconds() / 4, self.stopping)
            await self._give_back()
        finally:
            self._abandon()

    async def drain(self) -> None:
        """Send everything that may go now, then return: how the demo, the command line and tests run it."""
        if not await self._take_lease():
            raise LeaseLostError
        while await self._turn():
            pass
        await self._give_back()

    async def _try(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """The step's answer; None after a pause where the database or a fault of ours stopped it."""
        try:
            return await step()
        except (LeaseLostError, MustBeMendedError):
            raise
        except Exception as error:  # noqa: BLE001  # the next try may succeed, and what is in flight must be settled
            self.watch.forget()
            self.is_unsure = True
            await rest(self.patience.failed(error=error), self.stopping)
            return None

    async def _take_lease(self) -> bool:
        ticks = self.ticks()  # before the database is waited for: meanwhile the holder could not count either
        async with self.open_uow() as uow:
            is_ours = await lease.take_lease(uow, self.identity, self.watch, now=self.clock(), ticks=ticks)
        self.patience.worked()
        if is_ours:
            self.renewed_at = ticks
        return is_ours

    async def _lead(self) -> None:
        log.info("worker.lease_taken")
        try:
            async with self.leading():
                while not self.stopping.is_set():
                    if await self._try(self._turn) is False:
                        await rest(self._breath(), self.stopping)
        except LeaseLostError:
            log.warning("worker.lease_lost")
            await self._let_land()
            await self._try(self._settle_the_rest)

    @asynccontextmanager
    async def _leased(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work under the lease, committed at the end."""
        ticks = self.ticks()
        async with self.open_uow() as uow:
            await lease.keep_lease(uow, self.identity)
            yield uow
            await uow.commit()
        self.renewed_at = ticks
        self.patience.worked()

    async def _turn(self) -> bool:
        """One round; False when it moved nothing and nothing is in flight: what it moved may have started more."""
        if self.is_unsure:
            await self._make_sure()
        if self._should_look():
            await self._look()
        await self._collect()
        return await self._exchange() or bool(self.sending)

    async def _make_sure(self) -> None:
        """After a failure: what was claimed and never begun is put back, what was settled already is let go."""
        held = {parcel.attempt_id for parcel in (*self.sending.values(), *(parcel for parcel, _ in self.landed))}
        async with self._leased() as uow:
            open_ids = await delivery_sending.put_back_unbegun(uow, held=held, worker=self.identity, now=self.clock())
        self.landed = [(parcel, outcome) for parcel, outcome in self.landed if parcel.attempt_id in open_ids]
        self.is_unsure = False

    def _should_look(self) -> bool:
        """The tables are asked when there is nothing left to do, and otherwise once a second for the other lanes."""
        is_idle = not self.sending and not any(lane.waiting for lane in self.lanes.values())
        return is_idle or self.looked_at is None or self.ticks() - self.looked_at >= IDLE.total_seconds()

    async def _look(self) -> None:
        """Plan what is new, then read ahead which bundles may go; they are claimed a few at a time."""
        await self.rounds.go()
        await self._read_ahead()

    async def _read_ahead(self) -> None:
        now, self.looked_at = self.clock(), self.ticks()
        async with self.open_uow(reading=True) as uow:
            for name, lane in self.lanes.items():
                if not lane.waiting and lane.paused_until <= self.looked_at:
                    waiting = await uow.outbox.waiting(name, now=now, limit=READ_AHEAD + len(self.passed_over))
                    lane.waiting = dict.fromkeys(bundle for bundle in waiting if bundle not in self.passed_over)

    async def _collect(self) -> None:
        """Take what has been sent; with nothing to claim wait for it, but not past the lease's renewal."""
        if not self.sending:
            return
        if not self._room():
            await asyncio.wait(self.sending, timeout=self._breath(), return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(self.sending, timeout=LINGER.total_seconds())
        self._land([task for task in self.sending if task.done()])

    def _land(self, done: Iterable[asyncio.Task[Outcome]]) -> None:
        for task in done:
            parcel = self.sending.pop(task)
            self.lanes[parcel.channel].in_hand -= 1
            self.landed.append((parcel, self._outcome(task, parcel)))

    def _outcome(self, task: asyncio.Task[Outcome], parcel: Parcel) -> Outcome:
        """A send that ended without an outcome may have been accepted."""
        if not task.cancelled() and (error := task.exception()) is None:
            return task.result()
        kind = "CancelledError" if task.cancelled() else type(error).__name__
        log.error("worker.fault", attempt=parcel.attempt_id, channel=parcel.channel, error=kind)
        return outcomes.uncertain(parcel, Reason.ANSWER_LOST, at=self.clock(), policy=self.identity.policy)

    def _room(self) -> dict[str, list[str]]:
        """Which bundles each lane may claim now, within IN_FLIGHT and the reserve of the others."""
        chosen: dict[str, list[str]] = {}
        free = 0 if self.stopping.is_set() else IN_FLIGHT - len(self.sending) - len(self.landed)
        busy = [lane for lane in self.lanes.values() if lane.waiting]
        for lane in busy:
            ceiling = min(2 * lane.notifier.limits.concurrency, IN_FLIGHT - RESERVE * (len(busy) - 1))
            count = min(free, ceiling - lane.in_hand)
            if count > 0:
                chosen[lane.notifier.channel] = [bundle for bundle, _ in zip(lane.waiting, range(count), strict=False)]
                free -= len(chosen[lane.notifier.channel])
        return chosen

    async def _exchange(self) -> bool:
        """Settle what has landed and claim what there is then room for, in one transaction under the lease.

        False when there was neither.
        """
        settled, room = list(self.landed), self._room()
        if not settled and not room and not self._lease_wants_renewal():
            return False
        try:
            await self._commit(settled, room)
        except (LeaseLostError, StorageError, MustBeMendedError):
            raise
        except Exception as error:  # noqa: BLE001  # one that breaks must not hold up the others
            log.error("worker.fault", error=type(error).__name__)  # noqa: TRY400  # its text may be personal (Q103)
            await self._one_by_one(settled, room)
        return bool(settled or room)

    async def _commit(self, settled: Sequence[Landed], room: Room) -> None:
        now = self.clock()
        claimed: list[Parcel] = []
        async with self._leased() as uow:
            await delivery_sending.settle_messages(uow, settled, worker=self.identity)
            for name, bundles in room.items():
                claimed += await delivery_sending.claim_messages(uow, name, bundles, worker=self.identity, now=now)
        self.landed = [each for each in self.landed if each not in settled]
        for name, bundles in room.items():
            for bundle in bundles:
                self.lanes[name].waiting.pop(bundle, None)
        for parcel in claimed:
            self._start(parcel)

    async def _one_by_one(self, settled: Sequence[Landed], room: Room) -> None:
        """What breaks by itself is passed over until the next start; a result then counts as in flight at a kill."""
        for landed in settled:
            if not await self._goes_alone([landed], {}):
                self.landed.remove(landed)
        for name, bundle in [(name, bundle) for name, bundles in room.items() for bundle in bundles]:
            if not await self._goes_alone([], {name: [bundle]}):
                self.passed_over.add(bundle)
                self.lanes[name].waiting.pop(bundle, None)

    async def _goes_alone(self, settled: Sequence[Landed], room: Room) -> bool:
        try:
            await self._commit(settled, room)
        except (LeaseLostError, StorageError, MustBeMendedError):
            raise
        except Exception as error:  # noqa: BLE001  # as above
            log.error("worker.passed_over", error=type(error).__name__)  # noqa: TRY400  # as above
            return False
        return True

    def _breath(self) -> float:
        """Seconds that nothing need be done for: a standby must see the count move, and more than once a term."""
        return min(self.identity.ttl / 3, IDLE).total_seconds()

    def _lease_wants_renewal(self) -> bool:
        return self.renewed_at is None or self.ticks() - self.renewed_at > self.identity.ttl.total_seconds() / 3

    def _start(self, parcel: Parcel) -> None:
        lane = self.lanes[parcel.channel]
        lane.in_hand += 1
        self.sending[asyncio.create_task(lane.send(parcel))] = parcel

    async def _give_back(self) -> None:
        """Settle and let the lease go; a database that is away now finds what was in flight as after a kill."""
        await self._let_land()
        for _ in range(_SETTLING_TRIES):
            if await self._try(self._settle_the_rest):
                return
            await asyncio.sleep(SETTLING / _SETTLING_TRIES)

    async def _let_land(self) -> None:
        """Wait for what is in flight; after the order to stop only so long, and what hangs then is left as it is."""
        while self.sending and not self.stopping.is_set():
            await asyncio.wait(self.sending, timeout=IDLE.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
            self._land([task for task in self.sending if task.done()])
        if self.sending:
            await asyncio.wait(self.sending, timeout=GRACE)
            self._land([task for task in self.sending if task.done()])
        self._abandon()

    def _abandon(self) -> None:
        """What is in flight now is not waited for: whoever takes the lease sends it again as a repeat."""
        for task, parcel in self.sending.items():
            self.lanes[parcel.channel].in_hand -= 1
            task.cancel()
        self.sending.clear()

    async def _settle_the_rest(self) -> bool:
        """Commit what has landed: after a takeover it is still evidence where nobody repeated it."""
        async with self.open_uow() as uow:
            await delivery_sending.settle_messages(uow, self.landed, worker=self.identity)
            await lease.release_lease(uow, self.identity)
            await uow.commit()
        self.landed = []
        for lane in self.lanes.values():
            lane.waiting.clear()
        return True
