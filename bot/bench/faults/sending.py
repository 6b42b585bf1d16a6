"""Who sends in a line whose fault takes time: a real process, or in the short form a worker on a simulated clock.

Both use the real channels against the sandbox. The simulated clock spares the waits between two tries; its channels
give up earlier on a peer that says nothing.
"""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.bench.faults.line import FaultLinePlace
from bot.bench.faults.messenger import MAX
from bot.bench.faults.school import FaultySchool, run_faulty_school_part
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.cast import SECRET
from bot.bench.simulation.channels import SimulatedChannelClock
from bot.clocks import utc_clock
from bot.locales import LocaleCatalogues
from bot.paper.tray import PaperTray
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery.worker import Worker
from core.ports import Notifier
from core.rules.delivery.timing import Policy
from notifiers.discovery import discovered_closing_statuses
from notifiers.email.channel import EmailChannel, EmailChannelServer
from notifiers.max.api import MaxApi
from notifiers.max.channel import MaxChannel
from notifiers.paper import PaperChannel
from notifiers.sms.channel import SmsChannel, SmsChannelGateway
from notifiers.telegram.channel import TelegramChannel

STEP = timedelta(seconds=30)
"""The simulated clock goes in steps of the shortest wait between two tries."""

MOST_STEPS = 40
GIVING_UP = 1.0
"""Seconds after which a simulated sender gives up on a silent peer."""

TTL = timedelta(seconds=10)
POLICY = Policy(quiet=None, window=timedelta(0))


class FaultSender(Protocol):
    """Sends what a school owes."""

    async def let_pass(self, seconds: float) -> None:
        """Lets time pass while it sends."""
        ...

    async def send_all(self) -> None:
        """Waits until nothing is left to send. Raises TimeoutError."""
        ...


@dataclass(frozen=True, slots=True)
class ProcessFaultSender:
    """`vestnik run worker`."""

    school: FaultySchool
    process: Process | WarmProcess

    async def let_pass(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)

    async def send_all(self) -> None:
        """Waits for the process."""
        await self.school.wait_until_sent()
        if self.process.returncode is not None:
            raise RuntimeError("the worker ended by itself")


@dataclass(slots=True)
class ClockedFaultSender:
    """The worker on a simulated clock."""

    school: FaultySchool
    policy: Policy = POLICY
    reports: str | None = None
    """Where the SMS gateway is to report to."""
    clock: SimulatedChannelClock = field(default_factory=lambda: SimulatedChannelClock(utc_clock()))
    worker: RunningOutboxWorker = field(init=False)

    def __post_init__(self) -> None:
        open_uow = self.school.open_uow
        settings = self.school.environment()
        server = EmailChannelServer.from_url(settings["SMTP_URL"])
        gateway = SmsChannelGateway.from_url(settings["SMS_URL"], receipts_url=self.reports)
        channels: list[Notifier] = [
            _messenger_channel(self.school.place),
            EmailChannel(server, clock=self.clock, secret=SECRET.encode(), timeout=GIVING_UP),
            SmsChannel(gateway, secret=SECRET.encode(), timeout=GIVING_UP),
            PaperChannel(PaperTray(open_uow=open_uow, clock=self.clock, policy=self.policy)),
        ]
        self.worker = RunningOutboxWorker(
            open_uow=open_uow,
            channels={each.channel: each for each in channels},
            catalogues=LocaleCatalogues.load(),
            identity=Worker("clocked", TTL, self.policy, discovered_closing_statuses()),
            clock=self.clock,
            ticks=self.clock.ticks,
            signing_key=SECRET.encode(),
        )

    async def let_pass(self, seconds: float) -> None:
        """Moves the clock in steps, and sends at each."""
        until = self.clock.now + timedelta(seconds=seconds)
        await self.worker.drain()
        while self.clock.now < until:
            self.clock.move(min(self.clock.now + STEP, until))
            await self.worker.drain()

    async def move(self, to: datetime) -> None:
        """Moves the clock to a moment at once, and sends what is due then."""
        self.clock.move(to)
        await self.worker.drain()

    async def send_all(self) -> None:
        """Moves the clock until nothing is left to send."""
        for _ in range(MOST_STEPS):
            await self.worker.drain()
            if not await self.school.left(self.clock.now):
                return
            self.clock.move(self.clock.now + STEP)
        raise TimeoutError


def _messenger_channel(place: FaultLinePlace) -> Notifier:
    world = place.world
    if place.messenger is MAX:
        return MaxChannel(MaxApi(world.max_token, api=world.max_api, timeout=GIVING_UP), pace=None)
    return TelegramChannel(world.token, api=world.bot_api, pace=None, timeout=GIVING_UP)


@asynccontextmanager
async def open_clocked_fault_sender(
    school: FaultySchool, *, policy: Policy = POLICY, begins: datetime | None = None, reports: str | None = None
) -> AsyncIterator[ClockedFaultSender]:
    """A worker on a simulated clock that begins at a moment, now without one; its channels are closed after it."""
    sender = ClockedFaultSender(school, policy, reports, SimulatedChannelClock(begins or utc_clock()))
    try:
        yield sender
    finally:
        for channel in sender.worker.channels.values():
            await channel.close()


@asynccontextmanager
async def _process(school: FaultySchool) -> AsyncIterator[ProcessFaultSender]:
    async with run_faulty_school_part(school) as process:
        yield ProcessFaultSender(school, process)


def open_fault_sender(school: FaultySchool) -> AbstractAsyncContextManager[FaultSender]:
    """A process, or in the short form a worker on a simulated clock."""
    return open_clocked_fault_sender(school) if school.place.short else _process(school)
