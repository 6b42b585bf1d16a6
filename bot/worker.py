"""The outbox worker: one process holds the lease, claims, sends and settles; everything it knows is in the tables.

A turn is: take what has been sent, then in one transaction settle it and claim more, then let the channels send while
the next transaction is prepared. Nothing waits for a channel while a connection is held (Q92).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.locales import Catalogues
from core.actions import broadcast, delivery, marking, outbox
from core.errors import LeaseLostError
from core.model.delivery import Outcome, Parcel, Reason, Text
from core.ports import (
    Notifier,
    RefusedError,
    RejectedError,
    UnavailableError,
    UncertainError,
    UnitOfWorkFactory,
)
from core.rules import outcomes
from notifiers import texts

IN_FLIGHT = 16
"""Messages claimed and not yet committed, at most: what a kill may repeat (contracts, Delivery)."""

RESERVE = 2
"""Places kept for each other channel that has something waiting, so that a hanging one starves nobody."""

READ_AHEAD = 500
IDLE = timedelta(seconds=1)
LINGER = timedelta(milliseconds=30)
"""How long the first message that has landed waits for others, so that one commit serves several."""


log = structlog.get_logger()


@dataclass(slots=True)
class Lane:
    """One channel's part of the worker: which bundles wait for it in order, what it has in hand, any pause.

    `waits`: until when an address asked to be left alone. `served_at`: when the channel last took something.
    """

    notifier: Notifier
    waiting: dict[str, None] = field(default_factory=dict)
    in_hand: int = 0
    paused_until: datetime | None = None
    waits: dict[str, datetime] = field(default_factory=dict)
    served_at: datetime | None = None

    def wait_of(self, address: str, now: datetime) -> timedelta | None:
        """How much longer an address waits; what is over is forgotten."""
        self.waits = {each: until for each, until in self.waits.items() if until > now}
        return self.waits[address] - now if address in self.waits else None

    def has_served_since(self, moment: datetime) -> bool:
        """Whether the channel took something then or later: then it is not out of order as a whole."""
        return self.served_at is not None and self.served_at >= moment


@dataclass(slots=True)
class OutboxWorker:
    """Sends what is due until it is stopped; a second one stands by until the lease runs out.

    `leading` is entered while the lease is held: the holder also serves the address for receipts.
    """

    open_uow: UnitOfWorkFactory
    channels: Mapping[str, Notifier]
    catalogues: Catalogues
    identity: delivery.Worker
    clock: Callable[[], datetime]
    signing_key: bytes
    leading: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    lanes: dict[str, Lane] = field(init=False)
    sending: dict[asyncio.Task[Outcome], Parcel] = field(default_factory=dict)
    landed: list[tuple[Parcel, Outcome]] = field(default_factory=list)
    renewed_at: datetime | None = None
    looked_at: datetime | None = None

    def __post_init__(self) -> None:
        self.lanes = {name: Lane(notifier) for name, notifier in self.channels.items()}

    def stop(self) -> None:
        """Claim no more, let what is in flight end, commit it and give the lease back (SIGTERM)."""
        self.stopping.set()

    async def run(self) -> None:
        """Work while holding the lease, stand by while another does, until `stop`."""
        while not self.stopping.is_set():
            if not await self._take_lease():
                await self._pause(self.identity.ttl / 4)
                continue
            log.info("worker.lease_taken")
            try:
                async with self.leading():
                    await self._serve()
            except LeaseLostError:
                log.warning("worker.lease_lost")
                await self._settle_the_rest()
        await self._give_back()

    async def drain(self) -> None:
        """Send everything that may go now, then return: how the demo, the command line and tests run it."""
        if not await self._take_lease():
            raise LeaseLostError
        while await self._turn():
            pass
        await self._give_back()

    async def _take_lease(self) -> bool:
        async with self.open_uow() as uow:
            self.renewed_at = self.clock()
            return await delivery.take_lease(uow, self.identity, now=self.renewed_at)

    async def _give_back(self) -> None:
        await self._settle_the_rest()
        async with self.open_uow() as uow:
            await uow.leases.release(delivery.LEASE, self.identity.holder)
            await uow.commit()

    async def _serve(self) -> None:
        while not self.stopping.is_set():
            if not await self._turn():
                await self._pause(IDLE)

    async def _pause(self, duration: timedelta) -> None:
        """Wait, but no longer than until `stop`."""
        waiting = asyncio.ensure_future(self.stopping.wait())
        await asyncio.wait({waiting}, timeout=duration.total_seconds())
        waiting.cancel()

    async def _turn(self) -> bool:
        """One round; False when it moved nothing and nothing is in flight: what it moved may have started more."""
        if self._should_look():
            await self._look()
        await self._collect()
        return await self._exchange() or bool(self.sending)

    def _should_look(self) -> bool:
        """The tables are asked when there is nothing left to do, and otherwise once a second for the other lanes."""
        is_idle = not self.sending and not any(lane.waiting for lane in self.lanes.values())
        return is_idle or self.looked_at is None or self.clock() - self.looked_at >= IDLE

    async def _look(self) -> None:
        """Publish what its time has come for, escalate, fan out, and read ahead which bundles may go.

        They are claimed a few at a time.
        """
        now = self.clock()
        async with self.open_uow() as uow:
            await delivery.keep_lease(uow, self.identity, now=now)
            await broadcast.publish_due(uow, now=now, policy=self.identity.policy)
            await marking.publish_due(uow, now=now)
            await delivery.expire(uow, now=now)
            await delivery.escalate(uow, worker=self.identity, now=now)
            await uow.commit()
        self.renewed_at = now
        while not self.stopping.is_set() and await self._plan():
            log.debug("worker.fanned_out")
        now = self.looked_at = self.clock()
        async with self.open_uow(reading=True) as uow:
            for name, lane in self.lanes.items():
                if not lane.waiting and (lane.paused_until is None or lane.paused_until <= now):
                    lane.waiting = dict.fromkeys(await uow.outbox.waiting(name, now=now, limit=READ_AHEAD))

    async def _plan(self) -> int:
        """Fan out one batch, under the lease: planning for a whole school takes longer than a lease runs."""
        now = self.clock()
        async with self.open_uow() as uow:
            await delivery.keep_lease(uow, self.identity, now=now)
            return await outbox.fan_out(uow, now=now, policy=self.identity.policy)

    async def _collect(self) -> None:
        """Take what has been sent; with nothing to claim wait for it, but not past the lease's renewal."""
        if not self.sending:
            return
        if not self._room():
            patience = min(self.identity.ttl / 3, IDLE).total_seconds()
            await asyncio.wait(self.sending, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(self.sending, timeout=LINGER.total_seconds())
        self._land([task for task in self.sending if task.done()])

    def _land(self, done: Iterable[asyncio.Task[Outcome]]) -> None:
        for task in done:
            parcel = self.sending.pop(task)
            self.lanes[parcel.channel].in_hand -= 1
            self.landed.append((parcel, task.result()))

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
        settled, self.landed = self.landed, []
        room = self._room()
        if not settled and not room and not self._lease_wants_renewal():
            return False
        now = self.clock()
        claimed: list[Parcel] = []
        self.landed = settled
        async with self.open_uow() as uow:
            await delivery.keep_lease(uow, self.identity, now=now)
            await delivery.settle(uow, settled, worker=self.identity)
            for name, bundles in room.items():
                claimed += await delivery.claim(uow, name, bundles, worker=self.identity, now=now)
            await uow.commit()
        self.renewed_at, self.landed = now, []
        for name, bundles in room.items():
            for bundle in bundles:
                self.lanes[name].waiting.pop(bundle, None)
        for parcel in claimed:
            self._start(parcel)
        return bool(settled or room)

    def _lease_wants_renewal(self) -> bool:
        return self.renewed_at is None or self.clock() - self.renewed_at > self.identity.ttl / 3

    def _start(self, parcel: Parcel) -> None:
        self.lanes[parcel.channel].in_hand += 1
        self.sending[asyncio.create_task(self._send(parcel))] = parcel

    async def _send(self, parcel: Parcel) -> Outcome:
        """One message over one channel; whatever happens becomes an outcome."""
        try:
            text = texts.compose(parcel, self.catalogues.translator(parcel.language), key=self.signing_key)
        except Exception as error:  # noqa: BLE001  # one message that we cannot write must not stop the others
            self._say("worker.fault", parcel, type(error).__name__)
            at, policy = self.clock(), self.identity.policy
            return outcomes.failing(parcel, Reason.FAULT, at=at, retry_after=None, policy=policy)
        lane = self.lanes[parcel.channel]
        if (wait := lane.wait_of(parcel.address, self.clock())) is not None:
            return outcomes.unavailable(parcel, Reason.THROTTLED, at=self.clock(), retry_after=wait)
        return await self._hand_in(lane, parcel, text)

    async def _hand_in(self, lane: Lane, parcel: Parcel, text: Text) -> Outcome:
        """The channel's word on it; an error that nobody foresaw may have come after the message was taken (Q88)."""
        policy = self.identity.policy
        try:
            receipt = await lane.notifier.send(parcel.address, text, key=parcel.key)
        except RefusedError as error:
            return outcomes.refused(parcel, error.reason, at=self.clock())
        except RejectedError as error:
            self._say("worker.message_rejected", parcel, error.reason)
            return outcomes.failed(parcel, error.reason, at=self.clock())
        except UnavailableError as error:
            return self._later(lane, parcel, error)
        except UncertainError as error:
            return outcomes.uncertain(parcel, error.reason, at=self.clock(), policy=policy)
        except Exception as error:  # noqa: BLE001  # a channel that breaks must not stop the others
            self._say("worker.fault", parcel, type(error).__name__)
            return outcomes.uncertain(parcel, Reason.FAULT, at=self.clock(), policy=policy)
        lane.served_at = self.clock()
        return outcomes.accepted(parcel, receipt, at=lane.served_at, text_sha256=texts.digest(text))

    def _later(self, lane: Lane, parcel: Parcel, error: UnavailableError) -> Outcome:
        """Not now; a channel-wide halt leaves what waits pending and unclaimed until it ends.

        A wait of this address alone holds back what else goes there, and nothing more.
        """
        at, wait = self.clock(), error.retry_after
        if _failed_by_itself(lane, parcel, error):
            outcome = outcomes.failing(parcel, error.reason, at=at, retry_after=wait, policy=self.identity.policy)
        else:
            outcome = outcomes.unavailable(parcel, error.reason, at=at, retry_after=wait)
        if error.channel_wide:
            lane.paused_until = outcome.retry_at
            lane.waiting.clear()
            log.warning("worker.channel_paused", channel=lane.notifier.channel, reason=error.reason)
        elif error.retry_after is not None and outcome.retry_at is not None:
            lane.waits[parcel.address] = outcome.retry_at
        return outcome

    def _say(self, event: str, parcel: Parcel, why: str) -> None:
        log.error(event, attempt=parcel.attempt_id, channel=parcel.channel, error=why)

    async def _settle_the_rest(self) -> None:
        """Let what is in flight end, and commit it: after a takeover it is still evidence where nobody repeated it."""
        if self.sending:
            done, _ = await asyncio.wait(self.sending)
            self._land(done)
        async with self.open_uow() as uow:
            await delivery.settle(uow, self.landed, worker=self.identity)
            await uow.commit()
        self.landed = []
        for lane in self.lanes.values():
            lane.waiting.clear()


def _failed_by_itself(lane: Lane, parcel: Parcel, error: UnavailableError) -> bool:
    """Whether the failure is this message's: the channel answered it, or serves others between two of its turns.

    Everything else is an outage, of which nothing is counted (contracts, Delivery).
    """
    if error.answered or error.channel_wide:
        return error.answered and not error.channel_wide
    last_turns = [item.delivery.updated_at for item in parcel.items if item.delivery.tries]
    return error.reason is Reason.CHANNEL_DOWN and bool(last_turns) and lane.has_served_since(max(last_turns))
