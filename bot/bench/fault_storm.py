"""`vestnik run` while Telegram answers in every unkind way at random: whether it lives, what is lost, what repeats.

A push is lost where the stand-in never accepted it and neither paper nor a later try has it (contracts, Delivery). It
may come again for each answer that was spoilt after acceptance, at most twice (contracts, Operation).
"""

import asyncio
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.app import utc_now
from bot.bench.asking import PATIENCE, Families, Question
from bot.bench.families import publish, settle_in
from bot.bench.processes import World, kill, stand_in, start_everything, worker_environment
from bot.bench.school import FIRST_CHAT
from core.model.delivery import State, Status
from core.ports import ObligationRow, UnitOfWorkFactory
from core.rules.evidence import ON_ITS_WAY
from storage.engine import create_engine
from storage.schema import migrate
from storage.unit_of_work import open_factory

BEFORE = (
    "html_bad_gateway", "html_forbidden", "html_ok", "empty", "cut", "list", "not_ok", "wrong_types", "server_error",
    "too_many_requests", "huge_numbers", "silence", "slow", "closed",
)  # fmt: skip
"""What a call meets instead of being played."""

AFTER = ("html_bad_gateway", "html_ok", "empty", "cut", "list", "wrong_types", "closed")
"""How the answer of a call is spoilt that was played."""

SHARE = 0.006
"""Of all calls, for each kind: about one call in eight meets a fault."""

ASKERS = 100
QUESTIONS = ("/marks", "дз на завтра", "/timetable", "/holidays")
MOST_REPEATS = 2
OLD_SECONDS = 150.0
"""After the storm: a poll that hung ends, an answer is tried a last time."""

_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Storm:
    """For so many seconds, so many questions and pushes a second."""

    seconds: float
    questions: float = 20
    pushes: float = 25


@dataclass(frozen=True, slots=True)
class Survived:
    """What came of a storm. `waiting`: pushes that Telegram itself asked to put off; `repeats` came more than once."""

    alive: bool
    questions: int
    unanswered: int
    messages: int
    lost: int
    waiting: int
    repeats: int
    unexplained: int
    audit_whole: bool

    @property
    def ok(self) -> bool:
        """Alive, nothing lost, nothing repeated beyond the contract."""
        return self.alive and self.audit_whole and not (self.unanswered or self.lost or self.unexplained)


@dataclass(slots=True)
class Trial:
    """A school at work: families that are told something, others that ask."""

    open_uow: UnitOfWorkFactory
    world: World
    families: Families
    product: Process
    told: range
    asking: range

    async def blow(self, storm: Storm) -> int:
        """Every kind of fault at random while questions come; returns how many were asked."""
        for kind in BEFORE:
            await self.world.suffer(kind, SHARE, delay=2.0, retry_after=2)
        for kind in AFTER:
            await self.world.suffer(kind, SHARE, accepted=True)
        await self.world.suffer("future_update", SHARE * 4, method="getUpdates")
        asked, began = 0, time.monotonic()
        while time.monotonic() - began < storm.seconds:
            chat = self.asking[asked % len(self.asking)]
            await self.families.one(chat, Question(QUESTIONS[asked // len(self.asking) % len(QUESTIONS)]))
            asked += 1
            await asyncio.sleep(max(0.0, began + asked / storm.questions - time.monotonic()))
        await self.world.mend()
        return asked

    async def calm_down(self, asked: int) -> None:
        """Until all is answered and nothing may go any more, or its time is over: then the counts tell."""
        until = time.monotonic() + OLD_SECONDS
        while time.monotonic() < until and self.product.returncode is None:
            if not await self._unanswered(asked) and not await self._due():
                return
            await asyncio.sleep(_LOOK)

    async def _due(self) -> list[ObligationRow]:
        """What is open and has a message that may go by now; an extract in the print tray waits for a person."""
        now = utc_now()
        return [
            row
            for row in await self._open()
            if any(each.status in ON_ITS_WAY and each.not_before <= now for each in row.deliveries)
        ]

    async def _open(self) -> list[ObligationRow]:
        async with self.open_uow(reading=True) as uow:
            return list(await uow.outbox.obligations(states={State.OPEN}))

    async def _unanswered(self, asked: int) -> int:
        """Questions beyond the messages that came into the chat that asked them."""
        answers = Counter(said["chat"]["id"] for said in await self.world.said())
        per_chat = Counter(self.asking[number % len(self.asking)] for number in range(asked))
        return sum(max(0, questions - answers[chat]) for chat, questions in per_chat.items())

    async def survived(self, asked: int) -> Survived:
        """Count what each family got."""
        open_rows = {row.obligation.person_id for row in await self._open()}
        async with self.open_uow(reading=True) as uow:
            persons = {chat: (await uow.register.contacts_at("telegram", str(chat)))[0].person_id for chat in self.told}
            on_paper = {extract.person_id for extract in await uow.paper.extracts(set(Status))}
            is_whole = await uow.audit.verify() is None
        log = [each for each in await self.world.log() if each["chat_id"] in persons]
        got = Counter(each["chat_id"] for each in log)
        spoilt = Counter(each["chat_id"] for each in log if each["lost"])
        missing = [person for chat, person in persons.items() if not got[chat] and person not in on_paper]
        return Survived(
            alive=self.product.returncode is None,
            questions=asked,
            unanswered=await self._unanswered(asked),
            messages=len(persons),
            lost=sum(person not in open_rows for person in missing),
            waiting=len(open_rows),
            repeats=sum(count - 1 for count in got.values()),
            unexplained=sum(max(0, got[chat] - 1 - min(spoilt[chat], MOST_REPEATS)) for chat in got),
            audit_whole=is_whole,
        )


async def survive(database: str, folder: Path, storm: Storm) -> Survived:
    """A storm over an empty database, and what came of it."""
    async with _trial(database, folder, storm) as trial:
        asked = await trial.blow(storm)
        await trial.calm_down(asked)
        return await trial.survived(asked)


@asynccontextmanager
async def _trial(database: str, folder: Path, storm: Storm) -> AsyncIterator[Trial]:
    asking = range(FIRST_CHAT, FIRST_CHAT + ASKERS)
    told = range(asking.stop, asking.stop + int(storm.seconds * storm.pushes))
    async with _school(database) as open_uow, stand_in(range(asking.start, told.stop)) as world, _session() as session:
        students = await settle_in(open_uow, range(asking.start, told.stop), now=utc_now())
        await publish(open_uow, students[ASKERS:], marks=len(told), now=utc_now())
        environment: Mapping[str, str] = worker_environment(folder, database, world, pace=storm.pushes)
        product = await start_everything(environment)
        try:
            yield Trial(open_uow, world, Families(world, session), product, told, asking)
        finally:
            await kill(product)


@asynccontextmanager
async def _school(database: str) -> AsyncIterator[UnitOfWorkFactory]:
    await migrate(database)
    engine = create_engine(database)
    try:
        yield open_factory(engine)
    finally:
        await engine.dispose()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE * 2))
