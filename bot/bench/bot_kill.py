"""`vestnik bench botkill`: kills the bot while updates wait, and counts lost and doubled effects (Q88).

In a round the bot finds four updates waiting: a code that binds a chat, one «Прочитано», two marks by a teacher. A mark
that was applied twice is stored twice. For the others, the lines of the audit trail are counted.
"""

import asyncio
import itertools
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from bot.bench.peers import warm
from bot.bench.peers.postgres import postgres_and_sqlite_databases
from bot.bench.peers.processes import kill_process_group, lend_sandbox_process, worker_process_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import WarmProcess
from bot.bench.schools.asking import AskingFamilies, Question, open_asking_families
from bot.bench.schools.cast import SECRET, STRANGERS, TEACHER, Cast, ask_cast_for_help, prepare_bench_cast
from bot.bench.schools.database import migrated_bench_database
from bot.bench.schools.invented import FIRST_CHAT
from bot.screens.marks.gradebook import MARK, TOKENS
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.conversation.buttons import READ, Handle, pack_button

KILLS = {"telegram": 100, "max": 40}
"""In each messenger, on each kind of database."""

MARKS_A_ROUND = 2
JITTER = 0.06
"""Seconds from an answer to the kill, at most: by then some updates are half done and some still wait."""

MOST_ANSWERS = 3
"""Answers of one round before the kill, at most."""

_POLL_SECONDS = 0.02
_START_SECONDS = 60.0

Effect = tuple[str, int]
"""Kind and id: `bound` with the person's id, `read` with the attempt's, `mark` with the student's."""


@dataclass(frozen=True, slots=True)
class BotKillOutcome:
    """The result of all kills. `met_work`: kills that left updates waiting."""

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
        """True if each effect happened once and every chat was answered."""
        return not self.lost and not self.twice and not self.unanswered and self.audit_whole


@dataclass(slots=True)
class BotKillTrial:
    """A school whose bot is killed again and again."""

    open_uow: UnitOfWorkFactory
    world: SandboxClient
    families: AskingFamilies
    environment: Mapping[str, str]
    dice: random.Random
    cast: Cast
    channel: str
    expected: Counter[Effect] = field(default_factory=Counter)
    presses: list["asyncio.Task[object]"] = field(default_factory=list)
    met_work: int = 0

    async def round(self, number: int) -> None:
        """Updates wait, the bot starts, answers some of them, and is killed."""
        await self.world.forget()
        await self._send_updates(number)
        bot = await warm.start_warm_process("bot", self.environment)
        try:
            await self._wait_for_answers(bot, self.dice.randint(1, MOST_ANSWERS))
            await asyncio.sleep(self.dice.uniform(0, JITTER))
        finally:
            await kill_process_group(bot)
        self.met_work += (await self.applied_effects()).total() < self.expected.total()

    async def drain(self) -> None:
        """Starts the bot once more and waits until all is applied and answered. Raises TimeoutError."""
        bot = await warm.start_warm_process("bot", self.environment)
        try:
            async with asyncio.timeout(_START_SECONDS):
                while self.expected - await self.applied_effects() or await self._unanswered():  # noqa: ASYNC110  # another process
                    await asyncio.sleep(_POLL_SECONDS)
            await asyncio.gather(*self.presses)
        finally:
            await kill_process_group(bot)

    async def _send_updates(self, number: int) -> None:
        cast = self.cast
        chat, (person, code) = list(cast.codes.items())[number]
        await self.families.ask_one(chat, Question(f"/start {code}"))
        self.expected["bound", person] += 1
        reader, attempt = list(cast.attempts.items())[number]
        self._press(reader, Handle(READ, (attempt,)))
        self.expected["read", attempt] += 1
        for turn in range(MARKS_A_ROUND):
            student = cast.students[(number * MARKS_A_ROUND + turn) % len(cast.students)]
            marks_so_far = self.expected["mark", student]
            self._press(TEACHER, Handle(MARK, (*cast.lesson, student, marks_so_far, TOKENS.index("5"))))
            self.expected["mark", student] += 1
        await asyncio.sleep(_POLL_SECONDS)  # until the presses have arrived

    def _press(self, chat: int, handle: Handle) -> None:
        question = Question(data=pack_button(handle, channel=self.channel, chat=str(chat), key=SECRET.encode()))
        self.presses.append(asyncio.create_task(self.families.ask_one(chat, question)))

    async def _wait_for_answers(self, bot: WarmProcess, count: int) -> None:
        async with asyncio.timeout(_START_SECONDS):
            while len(await self.world.log(self.channel)) < count:
                if bot.returncode is not None:
                    raise RuntimeError("the bot ended by itself")
                await asyncio.sleep(_POLL_SECONDS)

    async def applied_effects(self) -> Counter[Effect]:
        """How often each action had its effect."""
        async with self.open_uow(reading=True) as uow:
            lines = await uow.audit.lines(limit=100_000)
            effects = Counter(
                effect
                for line in lines
                if (effect := _effect(line.action, line.actor_id, line.facts.get("attempt"))) is not None
            )
            for student in self.cast.students:
                marks = await uow.marks.entries(student, Everything(), since=date.min, until=date.max)
                effects["mark", student] = len(marks)
        return +effects

    async def _unanswered(self) -> int:
        """How many chats sent a code and got no answer."""
        senders = {chat for chat, (person, _) in self.cast.codes.items() if self.expected["bound", person]}
        written = await self.world.messages_by_chat(self.channel)
        return sum(not written[chat] for chat in senders)

    async def outcome(self, kills: int) -> BotKillOutcome:
        """Count the effects of each action."""
        done = await self.applied_effects()
        async with self.open_uow(reading=True) as uow:
            is_whole = await uow.audit.verify() is None
        by_kind = Counter(kind for kind, _ in self.expected.elements())
        return BotKillOutcome(
            kills=kills,
            met_work=self.met_work,
            bindings=by_kind["bound"],
            acknowledgements=by_kind["read"],
            marks=by_kind["mark"],
            lost=(self.expected - done).total(),
            twice=(done - self.expected).total(),
            unanswered=await self._unanswered(),
            audit_whole=is_whole,
        )


def _effect(action: str, actor_id: int | None, attempt: str | int | None) -> Effect | None:
    if action == "chat_bound" and actor_id is not None:
        return "bound", actor_id
    return ("read", attempt) if action == "receipt.acknowledged" and isinstance(attempt, int) else None


async def measure_bot_kill() -> Mapping[str, object]:
    """`lost`, `twice` and `unanswered` must be 0 everywhere."""
    trials: list[dict[str, object]] = []
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder,
        postgres_and_sqlite_databases(Path(folder)) as kinds,
    ):
        for (database, server), (channel, kills) in itertools.product(kinds.items(), KILLS.items()):
            counted = await run_bot_kill(server.create(f"botkill_{channel}"), Path(folder), kills, channel=channel)
            trials.append({"database": database, "channel": channel, **asdict(counted), "ok": counted.ok})
    return {"trials": trials, "ok": all(each["ok"] for each in trials)}


async def run_bot_kill(
    database: str,
    folder: Path,
    kills: int,
    *,
    seed: int = 30,
    channel: str = "telegram",
    world: SandboxClient | None = None,
) -> BotKillOutcome:
    """Kill the bot `kills` times, let it finish, and count the effects; `database`: the URL of an empty one.

    `world`: a sandbox that runs already.
    """
    dice = random.Random(seed)  # noqa: S311  # dice, not secrets
    async with (
        lend_sandbox_process(range(TEACHER, STRANGERS + kills), world) as lent,
        _trial(database, folder, lent, kills, dice, channel) as trial,
    ):
        for number in range(kills):
            await trial.round(number)
        await trial.drain()
        return await trial.outcome(kills)


@asynccontextmanager
async def _trial(
    database: str, folder: Path, world: SandboxClient, kills: int, dice: random.Random, channel: str
) -> AsyncIterator[BotKillTrial]:
    readers = range(FIRST_CHAT, FIRST_CHAT + kills)
    async with migrated_bench_database(database) as open_uow, open_asking_families(world, channel=channel) as families:
        await world.start_dialogs([TEACHER, *readers])
        environment = worker_process_environment(folder, database, world, pace=0, channel=channel)
        environment |= {"SECRET": SECRET, "MARKS": "bot"}
        cast = await prepare_bench_cast(open_uow, readers, environment, channel=channel)
        await ask_cast_for_help(families, environment)
        yield BotKillTrial(open_uow, world, families, environment, dice, cast, channel)
