"""Kills workers at random moments while they send, and counts lost and doubled messages (Q88)."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.app import utc_now
from bot.bench.peers import warm
from bot.bench.peers.processes import kill, stand_in, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.families import publish, settle_in
from bot.bench.schools.invented import FIRST_CHAT
from core.model.delivery.states import State, Status
from core.ports import UnitOfWorkFactory
from storage.database.engine import create_engine
from storage.schema import migrate
from storage.unit_of_work import open_factory

PACE = 30.0
"""Messages a second: the most that a school may choose."""

LAST_FAULT = 0.8
"""The part of the messages that is accepted at the last fault, at most: so that each fault meets work."""

JITTER = 0.3
"""Seconds: a moment between two sends is as likely as one within."""

_LOOK = 0.1
_LOOK_AT_ALL = 1.0
_SECONDS_TO_TAKE_OVER = 60.0


class FaultOfWorker(StrEnum):
    """How a worker ends."""

    KILL = "kill"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many messages meet how many faults; `lost_answers` is the share of sends that nobody hears back from."""

    kind: FaultOfWorker
    faults: int
    messages: int
    pace: float = PACE
    lost_answers: float = 0
    seed: int = 30


@dataclass(frozen=True, slots=True)
class Losses:
    """The result of a plan.

    `in_flight` is what the killed held, counted right after each kill. A repeat in a chat is `unexplained` beyond what
    was in flight for it and the answers from it that were lost. `at_work`: the faults that struck while something was
    left to send; on a slow machine the last ones may come too late.
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
        """True where nothing is lost, and only messages in flight came twice."""
        return not self.lost and not self.unexplained and self.audit_whole


@dataclass(slots=True)
class Trial:
    """A school with messages to send, and two workers of which one may die at any moment."""

    open_uow: UnitOfWorkFactory
    world: SandboxClient
    environment: Mapping[str, str]
    dice: random.Random
    workers: list[WarmProcess] = field(default_factory=list)
    held: Counter[int] = field(default_factory=Counter)
    at_work: int = 0

    async def suffer(self, fault: FaultOfWorker, *, after: float) -> None:
        """Once so many messages are accepted one worker ends at a random moment, and another starts in its place."""
        await self.sent(after)
        await asyncio.sleep(self.dice.uniform(0, JITTER))
        self.at_work += await self._left() > 0
        place = self.dice.randrange(len(self.workers))
        struck = self.workers[place]
        if struck.returncode is not None:
            raise RuntimeError("a worker ended by itself")
        match fault:
            case FaultOfWorker.KILL:
                await kill(struck)
                self.held += await self._held_by(struck.pid)
            case FaultOfWorker.TERMINATE:
                struck.terminate()
                await struck.wait()
        self.workers[place] = await warm.start("worker", self.environment)

    async def sent(self, count: float) -> None:
        """Until the stand-in has accepted so many; TimeoutError."""
        async with asyncio.timeout(_SECONDS_TO_TAKE_OVER + count / PACE):
            while len(await self.world.log()) < count:  # noqa: ASYNC110  # another process
                await asyncio.sleep(_LOOK)

    async def drain(self, messages: int) -> None:
        """Until every obligation is closed and nothing waits; TimeoutError."""
        async with asyncio.timeout(_SECONDS_TO_TAKE_OVER + messages / PACE):
            while await self._left():  # noqa: ASYNC110  # the workers tell nobody, they are other processes
                await asyncio.sleep(_LOOK_AT_ALL)

    async def _held_by(self, pid: int) -> Counter[int]:
        """Whose messages the dead worker had in flight; each may now come once more."""
        async with self.open_uow(reading=True) as uow:
            attempts = await uow.outbox.in_flight()
        return Counter(each.person_id for each in attempts if each.worker.endswith(f":{pid}"))

    async def _left(self) -> int:
        """Notices not planned and obligations not closed."""
        async with self.open_uow(reading=True) as uow:
            unplanned = await uow.outbox.unplanned(1)
            return len(unplanned) + len(await uow.outbox.obligations(states={State.OPEN}))

    async def losses(self, chats: range, faults: int) -> Losses:
        """Count what each chat got."""
        async with self.open_uow(reading=True) as uow:
            by_chat = {chat: (await uow.register.contacts_at("telegram", str(chat)))[0].person_id for chat in chats}
            on_paper = {extract.person_id for extract in await uow.paper.extracts(set(Status))}
            is_whole = await uow.audit.verify() is None
        log = await self.world.log()
        got = Counter(by_chat[accepted["chat_id"]] for accepted in log)
        unheard = Counter(by_chat[accepted["chat_id"]] for accepted in log if accepted["lost"])
        allowed = self.held + unheard
        repeats = {person: got[person] - 1 for person in got}
        return Losses(
            messages=len(chats),
            faults=faults,
            lost=sum(1 for person in by_chat.values() if not got[person] and person not in on_paper),
            duplicates=sum(repeats.values()),
            in_flight=self.held.total(),
            lost_answers=unheard.total(),
            unexplained=sum(max(0, more - allowed[person]) for person, more in repeats.items()),
            at_work=self.at_work,
            audit_whole=is_whole,
        )


async def losses(database: str, folder: Path, plan: Plan) -> Losses:
    """Send the plan's messages from an empty database through its faults, and count."""
    chats = range(FIRST_CHAT, FIRST_CHAT + plan.messages)
    async with _trial(database, folder, chats, plan) as trial:
        for number in range(plan.faults):
            share = LAST_FAULT * (number + trial.dice.random()) / plan.faults
            await trial.suffer(plan.kind, after=share * plan.messages)
        await trial.drain(plan.messages)
        return await trial.losses(chats, plan.faults)


@asynccontextmanager
async def _trial(database: str, folder: Path, chats: range, plan: Plan) -> AsyncIterator[Trial]:
    await migrate(database)
    engine = create_engine(database)
    open_uow = open_factory(engine)
    try:
        async with stand_in(chats) as world:
            students = await settle_in(open_uow, chats, now=utc_now())
            await publish(open_uow, students, marks=len(chats), now=utc_now())
            if plan.lost_answers:
                await world.lose_answers(plan.lost_answers)
            environment = worker_environment(folder, database, world, pace=plan.pace)
            trial = Trial(open_uow, world, environment, random.Random(plan.seed))  # noqa: S311  # dice, not secrets
            async with _working(trial):
                yield trial
    finally:
        await engine.dispose()


@asynccontextmanager
async def _working(trial: Trial) -> AsyncIterator[None]:
    """Two workers from the first message on; whoever lives at the end is killed."""
    try:
        for _ in range(2):
            trial.workers.append(await warm.start("worker", trial.environment))
        await trial.sent(1)
        yield
    finally:
        for worker in trial.workers:
            await kill(worker)
