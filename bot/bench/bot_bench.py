"""`vestnik bench bot`: 500 families ask 30 and 100 questions a second, beside a bare aiogram bot that echoes.

A wait is measured in the sandbox, from the arrival of the question to that of the answer. Both bots are processes of
their own and run one after the other. Start-up: the wait for the answer to a question that is asked at the start.
"""

import math
import os
import tempfile
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bench.peers.processes import kill, run_sandbox, start_bot, start_module, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.asking import NEVER, PATIENCE, Question, asking_families
from bot.bench.schools.cast import SECRET
from bot.bench.schools.database import migrated_database, sqlite_url
from bot.bench.schools.invented import FIRST_CHAT
from bot.bench.schools.talking import add_school
from bot.clocks import utc_now
from core.rules.conversation.buttons import Handle, pack_button

CHATS = range(FIRST_CHAT, FIRST_CHAT + 500)
RATES = {30: 8, 100: 6}
"""Questions a second, and for how many seconds."""

WARM_UP_RATE = 50
"""Questions a second before the measurement."""

AIMED_RATIO = 3.0
KIB_A_MIB = 1024

COMMANDS = ("/marks", "/timetable", "/homework")
TEXTS = ("Что задали на завтра по алгебре?", "уроки завтра", "дз на пятницу", "оценки по русскому за неделю")
BUTTONS = ("marks", "menu")

Start = Callable[[SandboxClient], Awaitable[Process]]


@dataclass(frozen=True, slots=True)
class Run:
    """One bot's figures: waits and processor time in seconds by rate, start-up in seconds, memory in MiB at the end."""

    waited: Mapping[int, Sequence[float]]
    worked: Mapping[int, float]
    startup: float
    memory: float


async def measure() -> Mapping[str, object]:
    """`ok` if every question was answered."""
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder = Path(name)
        database = sqlite_url(folder / "school.db")
        async with migrated_database(database) as open_uow:
            students = await add_school(open_uow, CHATS, now=utc_now())

        async def product(world: SandboxClient) -> Process:
            environment = worker_environment(folder, database, world, pace=0) | {"SECRET": SECRET}
            return await start_bot(environment)

        async def bare(world: SandboxClient) -> Process:
            return await start_module("bot.bench.bare.echo", world.bot_api, world.token)

        ours, echo = await _run_bot(product, students), await _run_bot(bare, students)
    rates = [_rate(rate, ours, echo) for rate in RATES]
    return {
        "chats": len(CHATS),
        "rates": rates,
        "aim_p99_ratio": AIMED_RATIO,
        "startup_s": round(ours.startup, 2),
        "echo_startup_s": round(echo.startup, 2),
        "memory_mib": round(ours.memory),
        "echo_memory_mib": round(echo.memory),
        "ok": not any(each["unanswered"] for each in rates),
    }


async def _run_bot(start: Start, students: Mapping[int, int]) -> Run:
    async with run_sandbox(CHATS) as world, asking_families(world) as families:
        bot = await start(world)
        try:
            (startup,) = await families.ask([(CHATS[0], Question("/help"))], rate=1)
            await families.begin("/marks", CHATS, rate=WARM_UP_RATE)
            await families.ask(_questions(students, WARM_UP_RATE * 2), rate=WARM_UP_RATE)
            waited, worked = {}, {}
            for rate, seconds in RATES.items():
                before = _processor_time(bot)
                waited[rate] = await families.ask(_questions(students, rate * seconds), rate=rate)
                worked[rate] = _processor_time(bot) - before
            return Run(waited, worked, startup, _memory(bot))
        finally:
            await kill(bot)


def _questions(students: Mapping[int, int], number: int) -> list[tuple[int, Question]]:
    """Commands, texts and buttons in turn, each of another chat."""
    return [(CHATS[turn % len(CHATS)], _question(students, turn)) for turn in range(number)]


def _question(students: Mapping[int, int], turn: int) -> Question:
    chat, (index, kind) = CHATS[turn % len(CHATS)], divmod(turn, 3)
    if kind == 0:
        return Question(COMMANDS[index % len(COMMANDS)])
    if kind == 1:
        return Question(TEXTS[index % len(TEXTS)])
    handle = Handle(BUTTONS[index % len(BUTTONS)], (students[chat], 0, 0, 0, 0))
    return Question(data=pack_button(handle, channel="telegram", chat=str(chat), key=SECRET.encode()))


def _rate(rate: int, ours: Run, echo: Run) -> dict[str, float]:
    waited = ours.waited[rate]
    figures: dict[str, float] = {
        "per_second": rate,
        "questions": len(waited),
        "processor_ms": round(ours.worked[rate] / len(waited) * 1000, 1),
        "echo_processor_ms": round(echo.worked[rate] / len(waited) * 1000, 1),
    }
    for share in (50, 99):
        product, baseline = _percentile(waited, share), _percentile(echo.waited[rate], share)
        figures |= {
            f"p{share}_ms": round(product * 1000, 1),
            f"echo_p{share}_ms": round(baseline * 1000, 1),
            f"p{share}_ratio": round(product / baseline, 2),
        }
    return figures | {"unanswered": sum(wait == NEVER for wait in waited)}


def _percentile(waited: Sequence[float], share: int) -> float:
    return min(sorted(waited)[math.ceil(len(waited) * share / 100) - 1], PATIENCE)


def _processor_time(process: Process) -> float:
    """Seconds of processor time that the process has used, in user and kernel mode."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _memory(process: Process) -> float:
    """Resident memory, MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    (resident,) = (line.split()[1] for line in status if line.startswith("VmRSS:"))
    return int(resident) / KIB_A_MIB
