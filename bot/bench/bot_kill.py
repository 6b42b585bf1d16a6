"""Kills the bot at random moments while updates wait, and counts lost and doubled effects (Q88).

A round is one code that binds a chat, one «Прочитано» and two marks by a teacher, all there before the bot starts; a
mark that is applied twice is there twice, and of the others the audit trail tells how often they were applied.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import aiohttp

from bot.bench.peers import warm
from bot.bench.peers.processes import kill, stand_in, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools import cast as bench_cast
from bot.bench.schools.asking import PATIENCE, Families, Question
from bot.bench.schools.cast import SECRET, STRANGERS, TEACHER, Cast
from bot.bench.schools.invented import FIRST_CHAT
from bot.screens.marks.gradebook import MARK, TOKENS
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.conversation.buttons import READ, Handle, pack_button
from storage.database.engine import create_engine
from storage.schema import migrate
from storage.unit_of_work import open_factory

MARKS_A_ROUND = 2
JITTER = 0.06
"""Seconds after an answer: some updates are half done then, some wait."""

MOST_ANSWERS = 3
"""Of a round, before the kill."""

_LOOK = 0.02
_SECONDS_OF_A_START = 60.0

Deed = tuple[str, int]
"""A chat bound, a message acknowledged, or a mark: its kind, and the person's, attempt's or student's id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of so many kills; `met_work`: those that left updates waiting."""

    kills: int
    met_work: int
    bindings: int
    acknowledgements: int
    marks: int
    lost: int
    twice: int
    unanswered: int
    audit_whole: bool

    @property
    def ok(self) -> bool:
        """True where each effect happened once and everybody was answered."""
        return not self.lost and not self.twice and not self.unanswered and self.audit_whole


@dataclass(slots=True)
class Trial:
    """A school whose bot is killed again and again."""

    open_uow: UnitOfWorkFactory
    world: SandboxClient
    families: Families
    environment: Mapping[str, str]
    dice: random.Random
    cast: Cast
    due: Counter[Deed] = field(default_factory=Counter)
    pressing: list["asyncio.Task[object]"] = field(default_factory=list)
    met_work: int = 0

    async def round(self, number: int) -> None:
        """Updates wait, the bot starts, answers some of them, and is killed."""
        await self.world.forget()
        await self._do(number)
        bot = await warm.start("bot", self.environment)
        try:
            await self._answered(bot, self.dice.randint(1, MOST_ANSWERS))
            await asyncio.sleep(self.dice.uniform(0, JITTER))
        finally:
            await kill(bot)
        self.met_work += (await self.applied()).total() < self.due.total()

    async def drain(self) -> None:
        """One more start, in which everything is done and said; TimeoutError."""
        bot = await warm.start("bot", self.environment)
        try:
            async with asyncio.timeout(_SECONDS_OF_A_START):
                while self.due - await self.applied() or await self._unanswered():  # noqa: ASYNC110  # another process
                    await asyncio.sleep(_LOOK)
            await asyncio.gather(*self.pressing)
        finally:
            await kill(bot)

    async def _do(self, number: int) -> None:
        cast = self.cast
        chat, (person, code) = list(cast.codes.items())[number]
        await self.families.one(chat, Question(f"/start {code}"))
        self.due["bound", person] += 1
        reader, attempt = list(cast.attempts.items())[number]
        self._press(reader, Handle(READ, (attempt,)))
        self.due["read", attempt] += 1
        for turn in range(MARKS_A_ROUND):
            student = cast.students[(number * MARKS_A_ROUND + turn) % len(cast.students)]
            given = self.due["mark", student]
            self._press(TEACHER, Handle(MARK, (*cast.lesson, student, given, TOKENS.index("5"))))
            self.due["mark", student] += 1
        await asyncio.sleep(_LOOK)  # so that the presses are there

    def _press(self, chat: int, handle: Handle) -> None:
        question = Question(data=pack_button(handle, channel="telegram", chat=str(chat), key=SECRET.encode()))
        self.pressing.append(asyncio.create_task(self.families.one(chat, question)))

    async def _answered(self, bot: WarmProcess, count: int) -> None:
        async with asyncio.timeout(_SECONDS_OF_A_START):
            while len(await self.world.log()) < count:
                if bot.returncode is not None:
                    raise RuntimeError("the bot ended by itself")
                await asyncio.sleep(_LOOK)

    async def applied(self) -> Counter[Deed]:
        """How often each action had its effect."""
        async with self.open_uow(reading=True) as uow:
            lines = await uow.audit.lines(limit=100_000)
            done = Counter(
                deed
                for line in lines
                if (deed := _deed(line.action, line.actor_id, line.facts.get("attempt"))) is not None
            )
            for student in self.cast.students:
                marks = await uow.marks.entries(student, Everything(), since=date.min, until=date.max)
                done["mark", student] = len(marks)
        return +done

    async def _unanswered(self) -> int:
        """Chats that said a code and heard nothing."""
        said = {chat for chat, (person, _) in self.cast.codes.items() if self.due["bound", person]}
        return len(said - await self.world.answered_chats())

    async def outcome(self, kills: int) -> Outcome:
        """Count the effects of each action."""
        done = await self.applied()
        async with self.open_uow(reading=True) as uow:
            is_whole = await uow.audit.verify() is None
        of = Counter(kind for kind, _ in self.due.elements())
        return Outcome(
            kills=kills,
            met_work=self.met_work,
            bindings=of["bound"],
            acknowledgements=of["read"],
            marks=of["mark"],
            lost=(self.due - done).total(),
            twice=(done - self.due).total(),
            unanswered=await self._unanswered(),
            audit_whole=is_whole,
        )


def _deed(action: str, actor_id: int | None, attempt: str | int | None) -> Deed | None:
    if action == "chat_bound" and actor_id is not None:
        return "bound", actor_id
    return ("read", attempt) if action == "receipt.acknowledged" and isinstance(attempt, int) else None


async def killed(database: str, folder: Path, kills: int, *, seed: int = 30) -> Outcome:
    """Kill the bot so often over an empty database, let it end its work, and count."""
    async with _trial(database, folder, kills, seed) as trial:
        for number in range(kills):
            await trial.round(number)
        await trial.drain()
        return await trial.outcome(kills)


@asynccontextmanager
async def _trial(database: str, folder: Path, kills: int, seed: int) -> AsyncIterator[Trial]:
    await migrate(database)
    engine = create_engine(database)
    open_uow = open_factory(engine)
    readers = range(FIRST_CHAT, FIRST_CHAT + kills)
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE * 2))
    try:
        async with session, stand_in(range(TEACHER, STRANGERS + kills)) as world:
            environment = worker_environment(folder, database, world, pace=0) | {"SECRET": SECRET, "MARKS": "bot"}
            families = Families(world, session)
            roles = await bench_cast.cast(open_uow, readers, environment)
            await bench_cast.first_words(families, environment)
            dice = random.Random(seed)  # noqa: S311  # dice, not secrets
            yield Trial(open_uow, world, families, environment, dice, roles)
    finally:
        await engine.dispose()
