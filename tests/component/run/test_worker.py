"""The worker at work: one holds the lease, another stands by, and no channel or message holds up the rest."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.app import open_app
from bot.locales import LocaleCatalogues
from bot.run.receipts import serve_receipts
from bot.run.worker import IN_FLIGHT, RunningOutboxWorker
from bot.settings import SettingsFromArguments
from core.actions.delivery import fan_out, lease
from core.actions.delivery.worker import Worker
from core.errors import LeaseLostError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.model.register.consents import Decision
from core.ports import Notifier, UnavailableError, UncertainError, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.peers.processes import free_ports, listens
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import FINAL, NOW, Builder

TTL = timedelta(seconds=10)
POLICY = Policy()


@dataclass(slots=True)
class Gate(ScriptedNotifier):
    """A channel that hangs until it is opened."""

    opened: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        self.asked += 1
        await self.opened.wait()
        return await ScriptedNotifier.send(self, address, text, key=key)


@dataclass(slots=True)
class Halting(Gate):
    """Takes its first message; those that hang behind it meet a flood limit when it is opened."""

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        self.asked += 1
        if 1 < self.asked <= IN_FLIGHT:
            await self.opened.wait()
            raise UnavailableError(Reason.THROTTLED, retry_after=timedelta(seconds=30), channel_wide=True)
        return await ScriptedNotifier.send(self, address, text, key=key)


def a_worker(
    open_uow: UnitOfWorkFactory, *channels: Notifier, holder: str = "one", clock: Clock | None = None
) -> RunningOutboxWorker:
    """A worker over these channels."""
    clock = clock or Clock(NOW)
    return RunningOutboxWorker(
        open_uow=open_uow,
        channels={channel.channel: channel for channel in channels},
        catalogues=LocaleCatalogues.load(),
        identity=Worker(holder, TTL, POLICY, CLOSES),
        clock=clock,
        ticks=clock.ticks,
        signing_key=b"key",
    )


async def owe(open_uow: UnitOfWorkFactory, count: int, *, channel: str = "telegram") -> None:
    """So many families are each owed a final mark over a channel."""
    async with open_uow() as uow:
        build = Builder(uow)
        for number in range(count):
            student = await build.student(f"Соколов Иван {channel} {number}")
            mother = await build.guardian(f"Соколова Вера {channel} {number}", student)
            await build.decides(mother, student, Decision.CONSENT)
            await build.contact(mother, channel, f"{channel}-{number}")
            fact = f"period_mark:{channel}:{number}"
            await uow.outbox.add([NewNotice(student, FINAL, fact)], received_at=NOW, published_at=NOW)
        await uow.commit()


@asynccontextmanager
async def running(*workers: RunningOutboxWorker) -> AsyncIterator[None]:
    """The workers at work; told to stop at the end, they must end by themselves."""
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        async with asyncio.timeout(10):
            await asyncio.gather(*tasks)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what must happen soon."""
    async with asyncio.timeout(10):
        while not happened():
            await asyncio.sleep(0.01)


async def statuses(open_uow: UnitOfWorkFactory) -> list[tuple[Status, Reason | None]]:
    """Status and reason of every delivery."""
    async with open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    return [(each.status, each.reason) for row in rows for each in row.deliveries]


async def in_flight(open_uow: UnitOfWorkFactory) -> int:
    """Messages claimed and not yet committed."""
    async with open_uow(reading=True) as uow:
        return len(await uow.outbox.in_flight())


async def test_while_one_worker_leads_the_other_sends_nothing(open_uow: UnitOfWorkFactory) -> None:
    """Two processes over one database are one sender: every family gets its message once (Q88)."""
    await owe(open_uow, 40)
    phones = ScriptedNotifier("telegram"), ScriptedNotifier("telegram")
    first, second = (a_worker(open_uow, phone, holder=str(number)) for number, phone in enumerate(phones))
    async with running(first):
        await until(lambda: first.renewed_at is not None and bool(phones[0].sent))
        async with running(second):
            await until(lambda: len(phones[0].sent) >= 40)
    assert (len(phones[0].sent), len(phones[1].sent)) == (40, 0)


async def test_the_standby_takes_over_when_the_lease_runs_out(open_uow: UnitOfWorkFactory) -> None:
    """What a worker held when it fell silent is sent by the standby ten seconds later, and by nobody before."""
    await owe(open_uow, 3)
    clock, silent, phone = Clock(NOW), Gate("telegram"), ScriptedNotifier("telegram")
    first, second = a_worker(open_uow, silent, clock=clock), a_worker(open_uow, phone, holder="two", clock=clock)
    leading = asyncio.create_task(first.run())
    await until(lambda: silent.asked == 3)
    dying = [leading, *first.sending]
    for task in dying:
        task.cancel()
    await asyncio.gather(*dying, return_exceptions=True)
    for seconds in (0, 4, 4):
        clock.advance(seconds=seconds)
        with pytest.raises(LeaseLostError):
            await second.drain()
    clock.advance(seconds=3)
    await second.drain()
    assert (len(silent.sent), len(phone.sent)) == (0, 3)


async def test_a_stopped_worker_ends_what_is_in_flight_and_commits_it(open_uow: UnitOfWorkFactory) -> None:
    """After a polite stop nothing hangs in the air, nothing new was begun, and the lease is free at once (Q88)."""
    await owe(open_uow, IN_FLIGHT + 10)
    gate = Gate("telegram")
    worker = a_worker(open_uow, gate)
    async with running(worker):
        await until(lambda: gate.asked == IN_FLIGHT)
        worker.stop()
        gate.opened.set()
    assert (len(gate.sent), await in_flight(open_uow)) == (IN_FLIGHT, 0)
    assert (await statuses(open_uow)).count((Status.ACCEPTED, None)) == IN_FLIGHT
    phone = ScriptedNotifier("telegram")
    await a_worker(open_uow, phone, holder="two").drain()
    assert len(phone.sent) == 10


def renewed_after(worker: RunningOutboxWorker, since: float) -> bool:
    """Whether the lease was renewed later than this tick."""
    return worker.renewed_at is not None and worker.renewed_at > since


async def test_a_worker_that_is_stopping_keeps_its_lease(
    open_uow: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in flight may take seconds at MAX's pace; a standby that took over would repeat it (Q88)."""
    monkeypatch.setattr("bot.run.worker.GRACE", 60.0)  # a slow machine must not end the stop in the middle
    await owe(open_uow, 1)
    clock, gate, phone = Clock(NOW), Gate("telegram"), ScriptedNotifier("telegram")
    worker, standby = a_worker(open_uow, gate, clock=clock), a_worker(open_uow, phone, holder="two", clock=clock)
    async with running(worker):
        await until(lambda: gate.asked == 1)
        with pytest.raises(LeaseLostError):
            await standby.drain()
        worker.stop()
        for since in (clock.ticks(), clock.ticks() + TTL.total_seconds() * 0.6):
            clock.advance(seconds=TTL.total_seconds() * 0.6)
            await until(partial(renewed_after, worker, since))
            with pytest.raises(LeaseLostError):
                await standby.drain()
        gate.opened.set()
    assert (len(gate.sent), phone.sent) == (1, [])


async def test_no_more_than_sixteen_messages_are_in_flight(open_uow: UnitOfWorkFactory) -> None:
    """A kill can repeat what is claimed and not yet committed, so that is kept small."""
    await owe(open_uow, 30)
    gate = Gate("telegram")
    async with running(a_worker(open_uow, gate)):
        await until(lambda: gate.asked >= IN_FLIGHT)
        await asyncio.sleep(0.1)
        assert await in_flight(open_uow) == gate.asked == IN_FLIGHT
        gate.opened.set()
        await until(lambda: len(gate.sent) == 30)


async def test_a_hanging_channel_starves_nobody(open_uow: UnitOfWorkFactory) -> None:
    """While Telegram answers nothing, the mail goes on: each waiting channel keeps places of its own."""
    await owe(open_uow, 30)
    await owe(open_uow, 30, channel="email")
    hanging, mail = Gate("telegram"), ScriptedNotifier("email")
    async with running(a_worker(open_uow, hanging, mail)):
        await until(lambda: len(mail.sent) == 30)
        assert not hanging.sent
        hanging.opened.set()
        await until(lambda: len(hanging.sent) == 30)


async def test_a_halt_of_one_channel_leaves_the_others_at_work(open_uow: UnitOfWorkFactory) -> None:
    """Telegram's flood limit pauses Telegram alone, and what waits there is not even claimed (Q92)."""
    await owe(open_uow, 30)
    await owe(open_uow, 5, channel="email")
    halt = UnavailableError(Reason.THROTTLED, retry_after=timedelta(seconds=30), channel_wide=True)
    clock, phone, mail = Clock(NOW), ScriptedNotifier("telegram"), ScriptedNotifier("email")
    phone.script.extend([halt] * IN_FLIGHT)
    await a_worker(open_uow, phone, mail, clock=clock).drain()
    assert (len(phone.sent), len(mail.sent)) == (0, 5)
    assert (await statuses(open_uow)).count((Status.PENDING, Reason.THROTTLED)) <= IN_FLIGHT
    phone.script.clear()
    clock.advance(seconds=31)
    await a_worker(open_uow, phone, mail, clock=clock).drain()
    assert len(phone.sent) == 30


async def test_a_channel_that_names_no_wait_is_asked_again_within_a_second(open_uow: UnitOfWorkFactory) -> None:
    """What failed together counts as one failure, so the others do not wait a minute for it (Q120)."""
    await owe(open_uow, 30)
    clock, phone = Clock(NOW), ScriptedNotifier("telegram")
    phone.script.extend([UnavailableError(Reason.CHANNEL_DOWN, channel_wide=True)] * IN_FLIGHT)
    worker = a_worker(open_uow, phone, clock=clock)
    await worker.drain()
    assert not phone.sent
    phone.script.clear()
    clock.advance(seconds=1)
    await worker.drain()
    assert 30 - IN_FLIGHT <= len(phone.sent) < 30
    clock.advance(seconds=31)
    await worker.drain()
    assert len(phone.sent) == 30


async def test_a_page_in_the_messengers_place_holds_back_what_waits(open_uow: UnitOfWorkFactory) -> None:
    """Each page uses up one of two repeats, so an outage must not be shown every message (Q120, Q121)."""
    await owe(open_uow, 30)
    clock, phone = Clock(NOW), ScriptedNotifier("telegram")
    phone.script.extend([UncertainError(channel_wide=True)] * IN_FLIGHT)
    await a_worker(open_uow, phone, clock=clock).drain()
    assert not phone.sent
    assert (await statuses(open_uow)).count((Status.PENDING, None)) >= 30 - IN_FLIGHT


async def test_a_halt_may_come_while_more_is_being_claimed(open_uow: UnitOfWorkFactory) -> None:
    """The worker outlives it, and once the halt is over everything is sent (Q92)."""
    await owe(open_uow, 30)
    clock, phone = Clock(NOW), Halting("telegram")

    @asynccontextmanager
    async def slow(*, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        async with open_uow(reading=reading) as uow:
            if phone.asked == IN_FLIGHT and not reading:
                phone.opened.set()
                await asyncio.sleep(0.05)
            yield uow

    await a_worker(slow, phone, clock=clock).drain()
    clock.advance(seconds=31)
    await a_worker(open_uow, phone, clock=clock).drain()
    assert len(phone.sent) == 30


async def test_a_message_that_breaks_its_channel_is_seen_and_stops_no_other(open_uow: UnitOfWorkFactory) -> None:
    """It may have been taken, so the result goes again as a repeat; the reason is kept (Q87, Q88)."""
    await owe(open_uow, 5)
    clock, phone = Clock(NOW), ScriptedNotifier("telegram")
    phone.script.append(ZeroDivisionError())
    await a_worker(open_uow, phone, clock=clock).drain()
    assert len(phone.sent) == 4
    assert (await statuses(open_uow)).count((Status.PENDING, Reason.FAULT)) == 1
    clock.advance(minutes=1)
    await a_worker(open_uow, phone, clock=clock).drain()
    assert len(phone.sent) == 5


async def test_planning_a_whole_school_does_not_cost_the_lease(
    open_uow: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fan-out of many notices takes longer than a lease, so each batch renews it (Q88)."""
    await owe(open_uow, 4)
    clock, phone, watch = Clock(NOW), ScriptedNotifier("telegram"), lease.LeaseWatch()
    still: list[bool] = []
    plan = fan_out.fan_out_notice_batch

    async def slowly(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
        clock.advance(seconds=6)
        seen = await uow.leases.held(lease.LEASE)
        still.append(seen is None or watch.stood_still(seen, ticks=clock.ticks(), term=TTL))
        return await plan(uow, now=now, policy=policy)

    monkeypatch.setattr(fan_out, "BATCH", 1)
    monkeypatch.setattr(fan_out, "fan_out_notice_batch", slowly)
    await a_worker(open_uow, phone, clock=clock).drain()
    assert len(still) > 4
    assert not any(still)
    assert len(phone.sent) == 4


async def test_the_standby_may_serve_the_receipts_before_the_other_lets_go(tmp_path: Path) -> None:
    """A leader that merely slept wakes up to find its successor at the same address: neither fails."""
    (port,) = free_ports(1)
    settings = SettingsFromArguments.of(data=tmp_path, receipts_listen=f"127.0.0.1:{port}")
    async with open_app(settings) as app, serve_receipts(app), serve_receipts(app):
        assert listens(port)
