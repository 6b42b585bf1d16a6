"""`vestnik bench kill`: ends workers at random moments while they send, and counts lost and doubled messages (Q88).

Each plan runs on a fresh database of both kinds: kills, polite stops, lost answers, and none of these. Half of the
messages are of final marks, half of exam results.
"""

import asyncio
import itertools
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.bench.peers import warm
from bot.bench.peers.postgres import postgres_and_sqlite_databases
from bot.bench.peers.processes import kill_process_group, lend_sandbox_process, worker_process_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.database import migrated_bench_database
from bot.bench.schools.families import add_bench_families, publish_bench_family_results
from bot.bench.schools.invented import FIRST_CHAT
from bot.clocks import utc_clock
from core.model.delivery.states import State, Status
from core.ports import UnitOfWorkFactory

PEERS = {"telegram": "bot_api", "max": "max_api"}
PACE = 30.0
"""Messages a second: the most that a school may choose."""

LAST_FAULT = 0.8
"""At most this share of the messages is accepted at the last fault, so that each fault meets work."""

JITTER = 0.3
"""Seconds of random delay before a fault, at most: it strikes between two sends as often as within one."""

_POLL_SECONDS = 0.1
_DRAIN_POLL_SECONDS = 1.0
_TAKE_OVER_SECONDS = 60.0


class FaultOfWorker(StrEnum):
    """How a worker ends."""

    KILL = "kill"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many messages meet how many faults; `lost_answers`: the share of sends that are accepted and not answered."""

    kind: FaultOfWorker
    faults: int
    messages: int
    pace: float = PACE
    lost_answers: float = 0
    seed: int = 30
    channel: str = "telegram"


PLANS = {
    "kill": Plan(FaultOfWorker.KILL, faults=100, messages=3000),
    "terminate": Plan(FaultOfWorker.TERMINATE, faults=40, messages=1200),
    "lost_answers": Plan(FaultOfWorker.KILL, faults=20, messages=600, lost_answers=0.02),
    "kill_in_max": Plan(FaultOfWorker.KILL, faults=40, messages=400, pace=4, channel="max"),
    "lost_answers_in_max": Plan(FaultOfWorker.KILL, faults=10, messages=200, pace=4, lost_answers=0.05, channel="max"),
    "undisturbed": Plan(FaultOfWorker.TERMINATE, faults=0, messages=10_000, pace=0),
}
"""Each has enough messages that some are left at the last fault."""


@dataclass(frozen=True, slots=True)
class WorkerKillLosses:
    """The result of a plan.

    `in_flight`: messages that killed workers were sending, counted right after each kill. A chat may get one repeat for
    each of these and for each lost answer; any further repeat is `unexplained`. `at_work`: faults that worker while
    something was left to send; on a slow machine the last ones may come too late.
    """

    messages: int
    faults: int
    lost: int
    duplicates: int
    in_flight: int
    lost_answers: int
    unexplained: int
    at_work: int
    audit_whole: bool

    @property
    def ok(self) -> bool:
        """True if nothing is lost and only messages in flight came twice."""
        return not self.lost and not self.unexplained and self.audit_whole


@dataclass(slots=True)
class WorkerKillTrial:
    """A school with messages to send, and two workers of which one may die at any moment."""

    open_uow: UnitOfWorkFactory
    world: SandboxClient
    environment: Mapping[str, str]
    dice: random.Random
    channel: str = "telegram"
    workers: list[WarmProcess] = field(default_factory=list)
    held: Counter[int] = field(default_factory=Counter)
    at_work: int = 0

    async def strike(self, fault: FaultOfWorker, *, after: float) -> None:
        """After `after` accepted messages one worker ends at a random moment, and another starts in its place."""
        await self.wait_for_sends(after)
        await asyncio.sleep(self.dice.uniform(0, JITTER))
        self.at_work += await self._left() > 0
        index = self.dice.randrange(len(self.workers))
        worker = self.workers[index]
        if worker.returncode is not None:
            raise RuntimeError("a worker ended by itself")
        match fault:
            case FaultOfWorker.KILL:
                await kill_process_group(worker)
                self.held += await self._held_by(worker.pid)
            case FaultOfWorker.TERMINATE:
                worker.terminate()
                await worker.wait()
        self.workers[index] = await warm.start_warm_process("worker", self.environment)

    async def wait_for_sends(self, count: float) -> None:
        """Waits until the sandbox has accepted this many messages. Raises TimeoutError."""
        async with asyncio.timeout(_TAKE_OVER_SECONDS + count / PACE):
            while len(await self.world.log(self.channel)) < count:  # noqa: ASYNC110  # another process
                await asyncio.sleep(_POLL_SECONDS)

    async def drain(self, messages: int) -> None:
        """Waits until every obligation is closed and nothing is left to send. Raises TimeoutError."""
        async with asyncio.timeout(_TAKE_OVER_SECONDS + messages / PACE):
            while await self._left():  # noqa: ASYNC110  # the workers are other processes
                await asyncio.sleep(_DRAIN_POLL_SECONDS)

    async def _held_by(self, pid: int) -> Counter[int]:
        """Messages that the dead worker was sending, by person; each may now come once more."""
        async with self.open_uow(reading=True) as uow:
            attempts = await uow.outbox.in_flight()
        return Counter(attempt.person_id for attempt in attempts if attempt.worker.endswith(f":{pid}"))

    async def _left(self) -> int:
        """Notices not planned and obligations not closed."""
        async with self.open_uow(reading=True) as uow:
            unplanned = await uow.outbox.unplanned(1)
            return len(unplanned) + len(await uow.outbox.obligations(states={State.OPEN}))

    async def losses(self, chats: range, faults: int) -> WorkerKillLosses:
        """Count what each chat received."""
        async with self.open_uow(reading=True) as uow:
            by_chat = {chat: (await uow.register.contacts_at(self.channel, str(chat)))[0].person_id for chat in chats}
            on_paper = {extract.person_id for extract in await uow.paper.extracts(set(Status))}
            is_whole = await uow.audit.verify() is None
        log = await self.world.log(self.channel)
        received = Counter(by_chat[accepted["chat_id"]] for accepted in log)
        unanswered = Counter(by_chat[accepted["chat_id"]] for accepted in log if accepted["lost"])
        allowed = self.held + unanswered
        repeats = {person: received[person] - 1 for person in received}
        return WorkerKillLosses(
            messages=len(chats),
            faults=faults,
            lost=sum(1 for person in by_chat.values() if not received[person] and person not in on_paper),
            duplicates=sum(repeats.values()),
            in_flight=self.held.total(),
            lost_answers=unanswered.total(),
            unexplained=sum(max(0, count - allowed[person]) for person, count in repeats.items()),
            at_work=self.at_work,
            audit_whole=is_whole,
        )


async def measure_worker_kill() -> Mapping[str, object]:
    """`ok` if `lost` and `unexplained` are 0 everywhere; so without kills and lost answers nothing may come twice."""
    trials: list[dict[str, object]] = []
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder,
        postgres_and_sqlite_databases(Path(folder)) as kinds,
    ):
        for (database, server), (name, plan) in itertools.product(kinds.items(), PLANS.items()):
            counted = await run_worker_kill(server.create(name), Path(folder), plan)
            trials.append({"database": database, "trial": name, **asdict(counted), "ok": counted.ok})
    return {"trials": trials, "ok": all(each["ok"] for each in trials)}


async def run_worker_kill(
    database: str, folder: Path, plan: Plan, *, world: SandboxClient | None = None
) -> WorkerKillLosses:
    """Send the plan's messages while workers end as planned, and count; `database`: the URL of an empty one.

    `world`: a sandbox that runs already.
    """
    chats = range(FIRST_CHAT, FIRST_CHAT + plan.messages)
    async with lend_sandbox_process(chats, world) as lent, _trial(database, folder, lent, chats, plan) as trial:
        for number in range(plan.faults):
            share = LAST_FAULT * (number + trial.dice.random()) / plan.faults
            await trial.strike(plan.kind, after=share * plan.messages)
        await trial.drain(plan.messages)
        return await trial.losses(chats, plan.faults)


@asynccontextmanager
async def _trial(
    database: str, folder: Path, world: SandboxClient, chats: range, plan: Plan
) -> AsyncIterator[WorkerKillTrial]:
    async with migrated_bench_database(database) as open_uow:
        students = await add_bench_families(open_uow, chats, now=utc_clock(), channel=plan.channel)
        await world.start_dialogs(chats)
        await publish_bench_family_results(open_uow, students, results=len(chats), now=utc_clock())
        if plan.lost_answers:
            await world.add_fault("answer_lost", plan.lost_answers, peer=PEERS[plan.channel])
        environment = worker_process_environment(folder, database, world, pace=plan.pace, channel=plan.channel)
        dice = random.Random(plan.seed)  # noqa: S311  # dice, not secrets
        trial = WorkerKillTrial(open_uow, world, environment, dice, plan.channel)
        async with _working(trial):
            yield trial


@asynccontextmanager
async def _working(trial: WorkerKillTrial) -> AsyncIterator[None]:
    """Starts two workers and waits for the first message; kills the workers after the block."""
    try:
        for _ in range(2):
            trial.workers.append(await warm.start_warm_process("worker", trial.environment))
        await trial.wait_for_sends(1)
        yield
    finally:
        for worker in trial.workers:
            await kill_process_group(worker)
