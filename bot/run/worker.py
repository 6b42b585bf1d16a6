"""The outbox worker: one process holds the lease, claims, sends and settles. Its whole state is in the tables.

A turn: collect finished sends, then settle them and claim more in one transaction; the channels send meanwhile. No
transaction is open while a channel is awaited (Q92). Pauses and terms use the monotonic clock (`ticks`), since the
wall clock may jump.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog

from bot import metrics
from bot.backoff import Backoff
from bot.clocks import Clock, Ticks, monotonic_clock
from bot.locales import LocaleCatalogues
from bot.run.lanes import WorkerLane
from bot.run.rounds import WorkerRounds
from bot.run.supervision import sleep_under_supervision
from core.actions.delivery import lease
from core.actions.delivery import sending as delivery_sending
from core.actions.delivery.worker import Worker
from core.errors import LeaseLostError, MustBeMendedError, StorageError
from core.model.delivery.deliveries import Outcome, Parcel
from core.model.delivery.states import Reason
from core.ports import Notifier, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import outcomes
from notifiers.stored_files import StoredFiles

IN_FLIGHT = 16
"""At most so many messages are claimed and unsettled: a kill may repeat that many (contracts, Delivery)."""

RESERVE = 2
"""Places reserved for each other channel with waiting messages, so that a hanging channel does not block them."""

READ_AHEAD = 500
"""Bundles of a channel read at once from the tables."""

IDLE = timedelta(seconds=1)
LINGER = timedelta(milliseconds=30)
"""How long the first finished send waits for others, so that they share one commit."""

GRACE, SETTLING = 4.0, 2.0
"""Seconds after the order to stop: for sends in flight, then for their commit."""

_SETTLING_TRIES = 10

log = structlog.get_logger()
T = TypeVar("T")

Finished = tuple[Parcel, Outcome]
Claimable = Mapping[str, Sequence[str]]
"""Bundles that each channel may claim."""


@dataclass(slots=True)
class RunningOutboxWorker:
    """Sends what is due until stopped. A second worker stands by until the lease's counter stops.

    `leading` is entered while the lease is held; the holder also runs the server for receipts.
    """

    open_uow: UnitOfWorkFactory
    channels: Mapping[str, Notifier]
    catalogues: LocaleCatalogues
    identity: Worker
    clock: Clock
    signing_key: bytes
    leading: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
    ticks: Ticks = monotonic_clock
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    lanes: dict[str, WorkerLane] = field(init=False)
    sending: dict[asyncio.Task[Outcome], Parcel] = field(default_factory=dict)
    finished: list[Finished] = field(default_factory=list)
    renewed_at: float | None = None
    looked_at: float | None = None
    watch: lease.LeaseWatch = field(default_factory=lease.LeaseWatch)
    backoff: Backoff = field(init=False)
    is_unsure: bool = False
    """A commit failed, but the database may have executed it."""
    passed_over: set[str] = field(default_factory=set)
    """Bundles whose claim failed by our fault; they are skipped until the next start."""
    rounds: WorkerRounds = field(init=False)
    files: StoredFiles = field(init=False)

    def __post_init__(self) -> None:
        self.files = files = StoredFiles(self.channels, self.open_uow, self.clock)
        self.lanes = {
            name: WorkerLane(
                notifier, self.catalogues, self.signing_key, self.identity.policy, self.clock, self.ticks, files
            )
            for name, notifier in self.channels.items()
        }
        self.rounds = WorkerRounds(self._leased, self.identity, self.clock, self.ticks, self.stopping)
        self.backoff = Backoff("worker", longest=self.identity.ttl.total_seconds() / 3)

    def stop(self) -> None:
        """Claim nothing more, finish sends in flight, commit them and release the lease (SIGTERM)."""
        self.stopping.set()

    async def run(self) -> None:
        """Work while holding the lease, else stand by, until `stop`.

        During an outage of the database finished sends are kept and settled later (Q120). Raises MustBeMendedError.
        """
        try:
            while not self.stopping.is_set():
                if await self._attempt(self._take_lease):
                    await self._work_as_holder()
                elif not self.stopping.is_set():
                    await sleep_under_supervision(self.identity.ttl.total_seconds() / 4, self.stopping)
            await self._settle_and_release()
        finally:
            self._abandon()

    async def drain(self) -> None:
        """Send everything that is due now, then return; for the demo, the command line and tests."""
        if not await self._take_lease():
            raise LeaseLostError
        while await self._turn():
            pass
        await self._settle_and_release()

    async def _attempt(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """The step's result; None, after a pause, where it failed."""
        try:
            return await step()
        except (LeaseLostError, MustBeMendedError):
            raise
        except Exception as error:  # noqa: BLE001  # the next try may succeed, and sends in flight must be settled
            self.watch.forget()
            self.is_unsure = True
            await sleep_under_supervision(self.backoff.failed(error=error), self.stopping)
            return None

    async def _take_lease(self) -> bool:
        ticks = self.ticks()  # read before waiting for the database: during its outage the holder cannot count either
        async with self.open_uow() as uow:
            is_ours = await lease.take_worker_lease(uow, self.identity, self.watch, now=self.clock(), ticks=ticks)
        self.backoff.worked()
        if is_ours:
            self.renewed_at = ticks
        return is_ours

    async def _work_as_holder(self) -> None:
        log.info("worker.lease_taken")
        try:
            async with self.leading():
                while not self.stopping.is_set():
                    if await self._attempt(self._turn) is False:
                        await sleep_under_supervision(self._renewal_pause(), self.stopping)
        except LeaseLostError:
            log.warning("worker.lease_lost")
            await self._wait_for_sends()
            await self._attempt(self._commit_finished_and_release)

    @asynccontextmanager
    async def _leased(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work under the lease, committed at the end."""
        ticks = self.ticks()
        async with self.open_uow() as uow:
            await lease.keep_worker_lease(uow, self.identity)
            yield uow
            await uow.commit()
        self.renewed_at = ticks
        self.backoff.worked()

    async def _turn(self) -> bool:
        """One turn of work; False when nothing changed and nothing is in flight."""
        if self.is_unsure:
            await self._check_after_failure()
        if self._is_planning_due():
            await self._plan_and_read()
        await self._collect()
        return await self._settle_and_claim() or bool(self.sending)

    async def _check_after_failure(self) -> None:
        """After a failed commit: release claims that were never started, drop results that are settled already."""
        held = {parcel.attempt_id for parcel in (*self.sending.values(), *(parcel for parcel, _ in self.finished))}
        async with self._leased() as uow:
            open_ids = await delivery_sending.put_back_unsent_messages(
                uow, held=held, worker=self.identity, now=self.clock()
            )
        self.finished = [(parcel, outcome) for parcel, outcome in self.finished if parcel.attempt_id in open_ids]
        self.is_unsure = False

    def _is_planning_due(self) -> bool:
        """True when there is nothing left to do, and once a second otherwise."""
        is_idle = not self.sending and not any(lane.waiting for lane in self.lanes.values())
        return is_idle or self.looked_at is None or self.ticks() - self.looked_at >= IDLE.total_seconds()

    async def _plan_and_read(self) -> None:
        """Run the rounds, then read which bundles are due; they are claimed a few at a time."""
        await self.rounds.go()
        self.files.keep_expected_soon()
        await self._read_ahead()

    async def _read_ahead(self) -> None:
        now, self.looked_at = self.clock(), self.ticks()
        async with self.open_uow(reading=True) as uow:
            for name, lane in self.lanes.items():
                if not lane.waiting and lane.paused_until <= self.looked_at:
                    waiting = await uow.outbox.waiting(name, now=now, limit=READ_AHEAD + len(self.passed_over))
                    lane.waiting = dict.fromkeys(bundle for bundle in waiting if bundle not in self.passed_over)

    async def _collect(self) -> None:
        """Collect finished sends; with nothing to claim, wait for them, at most until the lease's renewal."""
        if not self.sending:
            return
        if not self._claimable():
            await asyncio.wait(self.sending, timeout=self._renewal_pause(), return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(self.sending, timeout=LINGER.total_seconds())
        self._collect_finished([task for task in self.sending if task.done()])

    def _collect_finished(self, done: Iterable[asyncio.Task[Outcome]]) -> None:
        for task in done:
            parcel = self.sending.pop(task)
            self.lanes[parcel.channel].in_hand -= 1
            self.finished.append((parcel, self._outcome(task, parcel)))

    def _outcome(self, task: asyncio.Task[Outcome], parcel: Parcel) -> Outcome:
        """The outcome of a finished send; one that was cancelled or failed may have been accepted."""
        if not task.cancelled() and (error := task.exception()) is None:
            return task.result()
        kind = "CancelledError" if task.cancelled() else type(error).__name__
        log.error("worker.fault", attempt=parcel.attempt_id, channel=parcel.channel, error=kind)
        return outcomes.uncertain_delivery_outcome(
            parcel, Reason.ANSWER_LOST, at=self.clock(), policy=self.identity.policy
        )

    def _claimable(self) -> dict[str, list[str]]:
        """Bundles that each lane may claim now, within IN_FLIGHT and the reserve of the others."""
        chosen: dict[str, list[str]] = {}
        free = 0 if self.stopping.is_set() else IN_FLIGHT - len(self.sending) - len(self.finished)
        busy = [lane for lane in self.lanes.values() if lane.waiting]
        for lane in busy:
            ceiling = min(2 * lane.notifier.limits.concurrency, IN_FLIGHT - RESERVE * (len(busy) - 1))
            count = min(free, ceiling - lane.in_hand)
            if count > 0:
                chosen[lane.notifier.channel] = [bundle for bundle, _ in zip(lane.waiting, range(count), strict=False)]
                free -= len(chosen[lane.notifier.channel])
        return chosen

    async def _settle_and_claim(self) -> bool:
        """Settle finished sends and claim new bundles in one transaction under the lease.

        False when there was neither.
        """
        settled, room = list(self.finished), self._claimable()
        if not settled and not room and not self._lease_wants_renewal():
            return False
        try:
            await self._commit(settled, room)
        except (LeaseLostError, StorageError, MustBeMendedError):
            raise
        except Exception as error:  # noqa: BLE001  # one broken item must not stop the others
            log.error("worker.fault", error=type(error).__name__)  # noqa: TRY400  # its text may be personal (Q103)
            await self._commit_one_by_one(settled, room)
        return bool(settled or room)

    async def _commit(self, settled: Sequence[Finished], room: Claimable) -> None:
        now = self.clock()
        claimed: list[Parcel] = []
        async with self._leased() as uow:
            await delivery_sending.settle_messages_after_sending(uow, settled, worker=self.identity)
            for name, bundles in room.items():
                claimed += await delivery_sending.claim_messages_for_sending(
                    uow, name, bundles, worker=self.identity, now=now
                )
        self.finished = [each for each in self.finished if each not in settled]
        for parcel, outcome in settled:
            metrics.count_message_metric(parcel.channel, outcome.status)
        for name, bundles in room.items():
            for bundle in bundles:
                self.lanes[name].waiting.pop(bundle, None)
        for parcel in claimed:
            self._start(parcel)

    async def _commit_one_by_one(self, settled: Sequence[Finished], room: Claimable) -> None:
        """Commit each item alone. A broken bundle is skipped until the next start; a broken result stays in flight."""
        for finished in settled:
            if not await self._commit_one([finished], {}):
                self.finished.remove(finished)
        for name, bundle in [(name, bundle) for name, bundles in room.items() for bundle in bundles]:
            if not await self._commit_one([], {name: [bundle]}):
                self.passed_over.add(bundle)
                self.lanes[name].waiting.pop(bundle, None)

    async def _commit_one(self, settled: Sequence[Finished], room: Claimable) -> bool:
        try:
            await self._commit(settled, room)
        except (LeaseLostError, StorageError, MustBeMendedError):
            raise
        except Exception as error:  # noqa: BLE001  # as above
            log.error("worker.passed_over", error=type(error).__name__)  # noqa: TRY400  # as above
            return False
        return True

    def _renewal_pause(self) -> float:
        """Seconds between two renewals: a standby must see the counter change several times a term."""
        return min(self.identity.ttl / 3, IDLE).total_seconds()

    def _lease_wants_renewal(self) -> bool:
        return self.renewed_at is None or self.ticks() - self.renewed_at > self.identity.ttl.total_seconds() / 3

    def _start(self, parcel: Parcel) -> None:
        lane = self.lanes[parcel.channel]
        lane.in_hand += 1
        self.sending[asyncio.create_task(lane.send(parcel))] = parcel

    async def _settle_and_release(self) -> None:
        """Settle and release the lease. If the database is out of reach, the sends are recovered as after a kill."""
        await self._wait_for_sends()
        for _ in range(_SETTLING_TRIES):
            if await self._attempt(self._commit_finished_and_release):
                return
            await asyncio.sleep(SETTLING / _SETTLING_TRIES)

    async def _wait_for_sends(self) -> None:
        """Wait for sends in flight; after the order to stop at most GRACE seconds, then abandon them."""
        while self.sending and not self.stopping.is_set():
            await asyncio.wait(self.sending, timeout=IDLE.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
            self._collect_finished([task for task in self.sending if task.done()])
        await self.files.stop(within=0.0 if self.stopping.is_set() else GRACE)
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._finish_sends()
        self._collect_finished([task for task in self.sending if task.done()])
        self._abandon()

    async def _finish_sends(self) -> None:
        """Wait for sends in flight and keep the lease, so that no standby repeats them meanwhile."""
        while self.sending:
            await asyncio.wait(self.sending, timeout=self._renewal_pause())
            self._collect_finished([task for task in self.sending if task.done()])
            if self.sending and self._lease_wants_renewal():
                with suppress(LeaseLostError, StorageError):
                    async with self._leased():
                        pass  # the renewal alone

    def _abandon(self) -> None:
        """Cancel sends in flight; the next holder of the lease sends them again, marked as repeats."""
        for task, parcel in self.sending.items():
            self.lanes[parcel.channel].in_hand -= 1
            task.cancel()
        self.sending.clear()

    async def _commit_finished_and_release(self) -> bool:
        """Settle finished sends and release the lease. After a takeover they still count where nobody repeated them."""
        async with self.open_uow() as uow:
            await delivery_sending.settle_messages_after_sending(uow, self.finished, worker=self.identity)
            await lease.release_worker_lease(uow, self.identity)
            await uow.commit()
        self.finished = []
        for lane in self.lanes.values():
            lane.waiting.clear()
        return True
