"""The worker outlives its database, its own faults and the wall clock, and loses nothing that it had in hand (Q120)."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.run.clock_jumps import ClockJumps, log_clock_jumps
from bot.run.worker import IN_FLIGHT, RunningOutboxWorker
from core.actions.broadcast import broadcasts
from core.actions.delivery import evidence, fan_out, sending
from core.actions.marks import gradebook
from core.errors import DatabaseBusyError, DiskFullError, StorageError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.model.notices.family import MarkRecorded
from core.ports import UnavailableError, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from storage.database import engine as engines
from storage.database.engine import create_database_engine
from storage.database.revision import DamagedDatabaseError, NoTablesError
from storage.unit_of_work import unit_of_work_factory
from tests.component.run.test_worker import Gate, a_worker, in_flight, owe, running, statuses, until
from tests.support.delivery.fakes import Clock, ScriptedNotifier
from tests.support.schools.builders import NOW, a_family

SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Database:
    """A database that may go away: at the opening, at a commit that it forgets, or at one that it keeps."""

    open_uow: UnitOfWorkFactory
    opening: list[Exception] = field(default_factory=list)
    commits: list[Exception] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)
    is_away: bool = False
    asked: int = 0

    @asynccontextmanager
    async def __call__(self, *, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        self.asked += 1
        if self.is_away:
            raise StorageError
        if self.opening and not reading:
            raise self.opening.pop()
        async with self.open_uow(reading=reading) as uow:
            commit = uow.commit

            async def failing() -> None:
                if self.commits:
                    raise self.commits.pop()
                await commit()
                if self.answers:
                    raise self.answers.pop()

            uow.commit = failing  # type: ignore[method-assign]
            yield uow


def impatient(worker: RunningOutboxWorker) -> RunningOutboxWorker:
    """One whose pauses a test can wait for."""
    worker.backoff._longest = 0.02  # noqa: SLF001
    return worker


def once_each(phone: ScriptedNotifier, count: int) -> bool:
    """So many chats, and none twice."""
    got = Counter(address for address, _, _ in phone.sent)
    return len(got) == count == got.total()


@pytest.mark.parametrize("moment", ["opening", "commits", "answers"])
@pytest.mark.parametrize(
    "fault", [StorageError(), DatabaseBusyError(), DiskFullError()], ids=lambda each: type(each).__name__
)
async def test_a_database_that_goes_away_is_waited_for_and_nothing_is_lost_or_repeated(
    open_uow: UnitOfWorkFactory, moment: str, fault: Exception
) -> None:
    """Whether a transaction did not begin, was undone, or was kept without a word: each family hears once, unmarked."""
    await owe(open_uow, 40)
    database, phone = Database(open_uow), ScriptedNotifier("telegram")
    faults: list[Exception] = getattr(database, moment)
    async with running(impatient(a_worker(database, phone))):
        for number in (1, 10, 25, 39):
            await until(lambda least=number: len(phone.sent) >= least)  # type: ignore[misc]
            faults.extend([fault] * 3)
        await until(lambda: len(phone.sent) >= 40)
        await until(lambda: not faults)
        while await in_flight(open_uow):
            await asyncio.sleep(0.02)
    assert once_each(phone, 40)
    assert (await statuses(open_uow)).count((Status.ACCEPTED, None)) == 40
    assert not any("повтор" in text.title for _, text, _ in phone.sent)


async def test_what_landed_while_the_database_was_away_is_committed_when_it_is_back(
    open_uow: UnitOfWorkFactory,
) -> None:
    """Sixteen sends end during the outage; their outcomes wait in hand, and nothing more is sent meanwhile."""
    await owe(open_uow, IN_FLIGHT + 4)
    database, gate = Database(open_uow), Gate("telegram")
    with capture_logs() as logs:
        async with running(impatient(a_worker(database, gate))):
            await until(lambda: gate.asked == IN_FLIGHT)
            database.is_away = True
            gate.opened.set()
            await until(lambda: len(gate.sent) == IN_FLIGHT)
            asked = database.asked
            await until(lambda: database.asked > asked + 5)
            assert len(gate.sent) == IN_FLIGHT
            database.is_away = False
            await until(lambda: len(gate.sent) == IN_FLIGHT + 4)
    assert once_each(gate, IN_FLIGHT + 4)
    assert (await statuses(open_uow)).count((Status.ACCEPTED, None)) == IN_FLIGHT + 4
    said = [entry["event"] for entry in logs if entry.get("part") == "worker"]
    assert said == ["part.waits", "part.works_again"]


async def test_a_database_that_is_away_at_the_start_is_waited_for(open_uow: UnitOfWorkFactory) -> None:
    """Whatever starts first, the machine's services need no order."""
    await owe(open_uow, 2)
    database, phone = Database(open_uow, is_away=True), ScriptedNotifier("telegram")
    async with running(impatient(a_worker(database, phone))):
        await until(lambda: database.asked > 3)
        database.is_away = False
        await until(lambda: len(phone.sent) == 2)
    assert len({address for address, _, _ in phone.sent}) == 2


async def test_another_process_that_keeps_sqlites_lock_is_waited_for(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long import beside the worker costs time and nothing else."""
    monkeypatch.setattr(engines, "_BUSY_SECONDS", 0.1)
    engine = create_database_engine(sqlite_url)
    open_uow, phone = unit_of_work_factory(engine), ScriptedNotifier("telegram")
    await owe(open_uow, 20)
    worker = impatient(a_worker(open_uow, phone))
    async with running(worker):
        await until(lambda: bool(phone.sent))
        path = sqlite_url.partition("///")[2]
        other = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")  # not in the loop, where the worker must let go
        await asyncio.sleep(1)
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: len(phone.sent) == 20)
        while await in_flight(open_uow):
            await asyncio.sleep(0.02)
    await engine.dispose()
    assert once_each(phone, 20)


@pytest.mark.parametrize("fault", [DamagedDatabaseError(), NoTablesError()], ids=lambda each: type(each).__name__)
async def test_what_a_person_must_mend_ends_the_worker(open_uow: UnitOfWorkFactory, fault: Exception) -> None:
    """A damaged database does not heal by waiting: `vestnik run` ends with a sentence and exit code 2."""
    database = Database(open_uow, opening=[fault])
    with pytest.raises(type(fault)):
        await a_worker(database, ScriptedNotifier("telegram")).run()


async def test_a_standby_does_not_take_an_outage_for_a_death(open_uow: UnitOfWorkFactory) -> None:
    """While the database was away the holder could not count, so the standby begins to watch anew."""
    clock = Clock(NOW)
    database = Database(open_uow)
    first = a_worker(open_uow, ScriptedNotifier("telegram"), clock=clock)
    standby = impatient(a_worker(database, ScriptedNotifier("telegram"), holder="two", clock=clock))
    assert await first._take_lease()  # noqa: SLF001
    assert not await standby._take_lease()  # noqa: SLF001
    clock.advance(seconds=6)
    database.is_away = True
    assert await standby._attempt(standby._take_lease) is None  # noqa: SLF001
    database.is_away = False
    clock.advance(seconds=6)
    assert not await standby._take_lease()  # noqa: SLF001


@dataclass(slots=True)
class Wild(ScriptedNotifier):
    """A channel that breaks in ways that no channel should."""

    breaks: list[BaseException] = field(default_factory=list)

    async def send(self, address: str, text: Text, *, key: str) -> Receipt:
        if self.breaks:
            raise self.breaks.pop()
        return await ScriptedNotifier.send(self, address, text, key=key)


@pytest.mark.parametrize(
    "broken",
    [
        asyncio.CancelledError(),
        UnavailableError(Reason.THROTTLED, retry_after=timedelta.max),
        ExceptionGroup("two", [OSError(), ValueError()]),
        RecursionError(),
        StorageError(),
    ],
    ids=lambda each: type(each).__name__,
)
async def test_nothing_that_one_message_does_ends_the_worker(
    open_uow: UnitOfWorkFactory, broken: BaseException
) -> None:
    """A cancelled send, a number beyond all time, an error of many: the other messages go on."""
    await owe(open_uow, 6)
    phone = Wild("telegram", breaks=[broken])
    async with running(impatient(a_worker(open_uow, phone))):
        await until(lambda: len(phone.sent) >= 5)
    assert len({address for address, _, _ in phone.sent}) >= 5


@pytest.mark.parametrize("step", ["claim_messages_for_sending", "settle_messages_after_sending"])
async def test_a_message_that_cannot_be_claimed_or_settled_holds_up_no_other(
    open_uow: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A fault of ours with one family costs that family its turn; it is said, and the queue goes on."""
    await owe(open_uow, 20)
    phone = ScriptedNotifier("telegram")
    claim, settle = sending.claim_messages_for_sending, sending.settle_messages_after_sending

    async def no_claim(uow: UnitOfWork, channel: str, bundles: list[str], **how: object) -> object:
        parcels = await claim(uow, channel, bundles, **how)  # type: ignore[arg-type]
        if any(parcel.address == "telegram-3" for parcel in parcels):
            raise KeyError("telegram-3")
        return parcels

    async def no_settle(uow: UnitOfWork, results: list[tuple[object, object]], **how: object) -> None:
        if any(getattr(parcel, "address", "") == "telegram-3" for parcel, _ in results):
            raise KeyError("telegram-3")
        await settle(uow, results, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, step, no_claim if step == "claim_messages_for_sending" else no_settle)
    with capture_logs() as logs:
        async with running(impatient(a_worker(open_uow, phone))):
            await until(lambda: len({address for address, _, _ in phone.sent} - {"telegram-3"}) == 19)
            while (await statuses(open_uow)).count((Status.ACCEPTED, None)) < 19:
                await asyncio.sleep(0.02)
    assert [entry["error"] for entry in logs if entry["event"] == "worker.passed_over"] == ["KeyError"]
    assert "telegram-3" not in str(logs)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (broadcasts, "publish_due_broadcasts"),
        (gradebook, "publish_gradebook_marks"),
        (evidence, "escalate_without_evidence"),
        (fan_out, "fan_out_notice_batch"),
    ],
    ids=["broadcasts", "marks", "escalation", "planning"],
)
async def test_a_step_that_breaks_holds_up_no_other(
    open_uow: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch, place: object, name: str
) -> None:
    """What is planned already is sent, whichever of the other duties fails; the fault is said once."""
    await owe(open_uow, 3)
    async with open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=Policy())

    async def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(place, name, broken)
    phone = ScriptedNotifier("telegram")
    with capture_logs() as logs:
        worker = a_worker(open_uow, phone)
        async with running(worker):
            await until(lambda: len(phone.sent) == 3)
            worker.looked_at = None
            while await in_flight(open_uow):
                await asyncio.sleep(0.02)
    assert [entry["error"] for entry in logs if entry["event"] == "worker.fault"] == ["ZeroDivisionError"]


async def test_a_stop_leaves_what_hangs_as_after_a_kill(open_uow: UnitOfWorkFactory) -> None:
    """The lease is given back, and the next worker sends it at once, marked as a repeat (contracts, Operation)."""
    await owe(open_uow, 3)
    gate, phone = Gate("telegram"), ScriptedNotifier("telegram")
    worker = a_worker(open_uow, gate)
    async with running(worker):
        await until(lambda: gate.asked == 3)
    assert (len(gate.sent), await in_flight(open_uow)) == (0, 3)
    await a_worker(open_uow, phone, holder="two").drain()
    assert once_each(phone, 3)
    assert all("(повтор)" in text.title for _, text, _ in phone.sent)
    assert (await statuses(open_uow)).count((Status.ACCEPTED, None)) == 3


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_standby_takes_over_in_time_whatever_the_wall_clock_does(
    open_uow: UnitOfWorkFactory, hours: float
) -> None:
    """Put back or forward by two hours: one term of the standby's own seconds decides, no more and no less."""
    await owe(open_uow, 1)
    clock = Clock(NOW)
    dead = a_worker(open_uow, ScriptedNotifier("telegram"), clock=clock)
    standby = a_worker(open_uow, ScriptedNotifier("telegram"), holder="two", clock=clock)
    assert await dead._take_lease()  # noqa: SLF001
    clock.jump(hours=hours)
    took = []
    for seconds in (0, 4, 5, 1):
        clock.advance(seconds=seconds)
        took.append(await standby._take_lease())  # noqa: SLF001
    assert took == [False, False, False, True]


async def test_a_holder_whose_clock_jumps_stays_the_holder(open_uow: UnitOfWorkFactory) -> None:
    """While it counts, its own clock and the standby's may say what they like (Q88)."""
    first = a_worker(open_uow, ScriptedNotifier("telegram"))
    theirs = Clock(NOW + timedelta(hours=5))
    standby = a_worker(open_uow, ScriptedNotifier("telegram"), holder="two", clock=theirs)
    assert await first._take_lease()  # noqa: SLF001
    for _ in range(20):
        assert not await standby._take_lease()  # noqa: SLF001
        async with first._leased():  # noqa: SLF001
            theirs.advance(seconds=9)


@pytest.mark.parametrize("hours", [1, 2])
async def test_what_was_planned_does_not_wait_for_the_clock_a_second_time(
    open_uow: UnitOfWorkFactory, hours: float
) -> None:
    """A mark in its grouping window, and one that waits for a retry, go in minutes, not in hours."""
    family = await a_family(open_uow)
    clock, phone = Clock(NOW), ScriptedNotifier("telegram")
    worker = a_worker(open_uow, phone, clock=clock)
    await family.learns(MarkRecorded(subject="Алгебра", on=NOW.date(), value="5"), fact="entry:1")
    await worker.drain()
    assert not phone.sent
    clock.jump(hours=-hours)
    clock.advance(seconds=2)
    await worker.drain()
    phone.script.append(UnavailableError(Reason.CHANNEL_DOWN))
    clock.advance(minutes=2, seconds=1)
    await worker.drain()
    assert not phone.sent
    clock.jump(hours=-hours)
    clock.advance(seconds=2)
    await worker.drain()
    clock.advance(seconds=31)
    await worker.drain()
    assert len(phone.sent) == 1


async def test_the_next_worker_knows_that_the_last_ones_clock_went_ahead(open_uow: UnitOfWorkFactory) -> None:
    """Nobody was at work when the clock was put right: the tables tell it."""
    family = await a_family(open_uow)
    ahead, right, phone = Clock(NOW + timedelta(hours=2)), Clock(NOW), ScriptedNotifier("telegram")
    await family.learns(MarkRecorded(subject="Алгебра", on=NOW.date(), value="5"), fact="entry:1", at=ahead())
    await a_worker(open_uow, ScriptedNotifier("telegram"), clock=ahead).drain()
    next_one = a_worker(open_uow, phone, holder="two", clock=right)
    await next_one.drain()
    right.advance(minutes=2, seconds=1)
    await next_one.drain()
    assert len(phone.sent) == 1


async def test_the_due_time_never_moves(open_uow: UnitOfWorkFactory) -> None:
    """Twenty-four hours from the receipt, whatever the clock did since (R6)."""
    family = await a_family(open_uow)
    clock = Clock(NOW)
    await owe(open_uow, 1)
    await family.learns(MarkRecorded(subject="Алгебра", on=NOW.date(), value="5"), fact="entry:1")
    worker = a_worker(open_uow, Wild("telegram", breaks=[UnavailableError(Reason.CHANNEL_DOWN)] * 3), clock=clock)
    await worker.drain()

    async def dues() -> list[tuple[datetime | None, datetime | None]]:
        async with open_uow(reading=True) as uow:
            rows = await uow.outbox.obligations()
        return sorted((row.obligation.due, each.escalate_at) for row in rows for each in row.deliveries if each.due)

    before = await dues()
    clock.jump(hours=-2)
    await worker.drain()
    assert await dues() == before != []


@pytest.mark.parametrize(("seconds", "noticed"), [(-7200, -7200), (7200, 7200), (-61, -61), (59, 0), (-59, 0), (0, 0)])
def test_a_jump_is_told_from_a_correction(seconds: float, noticed: float) -> None:
    """A minute either way between two looks is a jump; what time itself does is none, and each is told once."""
    clock = Clock(NOW)
    jumps = ClockJumps(clock, clock.ticks)
    clock.advance(hours=3)
    clock.jump(seconds=seconds)
    assert jumps.look() == timedelta(seconds=noticed)
    clock.advance(seconds=1)
    assert jumps.look() == timedelta(0)


async def test_a_jump_is_said_once() -> None:
    """In the log stand the seconds, and nothing else."""
    clock, stopping = Clock(datetime(2026, 11, 20, tzinfo=UTC)), asyncio.Event()
    with capture_logs() as logs:
        telling = asyncio.create_task(log_clock_jumps(ClockJumps(clock, clock.ticks), stopping=stopping))
        clock.jump(hours=-2)  # before the task has its first turn: other parts of the process may keep the loop
        await asyncio.sleep(2.5)
        stopping.set()
        await telling
    assert logs == [{"event": "clock.jumped", "log_level": "warning", "seconds": -7200}]
