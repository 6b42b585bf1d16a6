"""`vestnik bench bot`: 500 families ask 30 and 100 questions a second, beside a bare aiogram bot that echoes.

Waiting is from the question's arrival at the stand-in to the answer's; both bots are processes of their own and take
turns on the same machine. Start-up is how long a question waits that is asked when the process is started.
"""

import math
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.app import utc_now
from bot.bench.peers.processes import kill, stand_in, start_bot, start_module, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.asking import NEVER, PATIENCE, Families, Question
from bot.bench.schools.invented import FIRST_CHAT
from bot.bench.schools.talking import talking_school
from core.rules.conversation.buttons import Handle, pack_button
from storage.database.engine import create_engine
from storage.schema import migrate
from storage.unit_of_work import open_factory

CHATS = range(FIRST_CHAT, FIRST_CHAT + 500)
RATES = {30: 8, 100: 6}
"""Questions a second, and for how many seconds."""

WARMING = 50
"""Questions a second before anything is measured."""

AIM = 3.0
SECRET = "the-seal-of-an-invented-school-of-the-benchmarks"  # noqa: S105  # seals the buttons of an invented school
KIB_A_MIB = 1024

COMMANDS = ("/marks", "/timetable", "/homework")
WORDS = ("Что задали на завтра по алгебре?", "уроки завтра", "дз на пятницу", "оценки по русскому за неделю")
BUTTONS = ("marks", "menu")

Start = Callable[[SandboxClient], Awaitable[Process]]


@dataclass(frozen=True, slots=True)
class Run:
    """What one bot did: seconds of waiting by rate; seconds to start; MiB at the end."""

    waited: Mapping[int, Sequence[float]]
    startup: float
    memory: float


async def measure() -> Mapping[str, object]:
    """`ok` where every question was answered."""
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder = Path(name)
        database = f"sqlite+aiosqlite:///{folder / 'school.db'}"
        students = await _prepare(database)

        async def product(world: SandboxClient) -> Process:
            environment = worker_environment(folder, database, world, pace=0) | {"SECRET": SECRET}
            return await start_bot(environment)

        async def bare(world: SandboxClient) -> Process:
            return await start_module("bot.bench.bare.echo", world.bot_api, world.token)

        ours, echo = await _run(product, students), await _run(bare, students)
    rates = [_rate(rate, ours.waited[rate], echo.waited[rate]) for rate in RATES]
    return {
        "chats": len(CHATS),
        "rates": rates,
        "aim_p99_ratio": AIM,
        "startup_s": round(ours.startup, 2),
        "echo_startup_s": round(echo.startup, 2),
        "memory_mib": round(ours.memory),
        "echo_memory_mib": round(echo.memory),
        "ok": not any(each["unanswered"] for each in rates),
    }


async def _prepare(database: str) -> Mapping[int, int]:
    await migrate(database)
    engine = create_engine(database)
    students = await talking_school(open_factory(engine), CHATS, now=utc_now())
    await engine.dispose()
    return students


async def _run(start: Start, students: Mapping[int, int]) -> Run:
    async with stand_in(CHATS) as world, _families(world) as families:
        bot = await start(world)
        try:
            (startup,) = await families.ask([(CHATS[0], Question("/help"))], rate=1)
            await families.begin("/marks", CHATS, rate=WARMING)
            await families.ask(_questions(students, WARMING * 2), rate=WARMING)
            waited = {rate: await families.ask(_questions(students, rate * RATES[rate]), rate=rate) for rate in RATES}
            return Run(waited, startup, _memory(bot))
        finally:
            await kill(bot)


@asynccontextmanager
async def _families(world: SandboxClient) -> AsyncIterator[Families]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE * 2)) as session:
        yield Families(world, session)


def _questions(students: Mapping[int, int], number: int) -> list[tuple[int, Question]]:
    """Commands, words and buttons in turn, each of another chat."""
    return [(CHATS[turn % len(CHATS)], _question(students, turn)) for turn in range(number)]


def _question(students: Mapping[int, int], turn: int) -> Question:
    chat, (place, way) = CHATS[turn % len(CHATS)], divmod(turn, 3)
    if way == 0:
        return Question(COMMANDS[place % len(COMMANDS)])
    if way == 1:
        return Question(WORDS[place % len(WORDS)])
    handle = Handle(BUTTONS[place % len(BUTTONS)], (students[chat], 0, 0, 0, 0))
    return Question(data=pack_button(handle, channel="telegram", chat=str(chat), key=SECRET.encode()))


def _rate(rate: int, ours: Sequence[float], echo: Sequence[float]) -> dict[str, float]:
    shown: dict[str, float] = {"per_second": rate, "questions": len(ours)}
    for share in (50, 99):
        product, baseline = _percentile(ours, share), _percentile(echo, share)
        shown |= {
            f"p{share}_ms": round(product * 1000, 1),
            f"echo_p{share}_ms": round(baseline * 1000, 1),
            f"p{share}_ratio": round(product / baseline, 2),
        }
    return shown | {"unanswered": sum(each == NEVER for each in ours)}


def _percentile(waited: Sequence[float], share: int) -> float:
    return min(sorted(waited)[math.ceil(len(waited) * share / 100) - 1], PATIENCE)


def _memory(process: Process) -> float:
    """What is resident now, MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    (resident,) = (line.split()[1] for line in status if line.startswith("VmRSS:"))
    return int(resident) / KIB_A_MIB
