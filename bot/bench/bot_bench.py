"""`vestnik bench bot`: 500 families ask 30 and 100 questions a second, beside a bare aiogram bot that echoes.

With `--channel max` they ask in MAX too, in the same run, without its pace: that is for loopback only. A wait is
measured in the sandbox, from the arrival of the question to that of the answer. The bots are processes of their own and
run one after the other. Start-up: the wait for the answer to a question that is asked at the start.
"""

import math
import os
import tempfile
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bench.peers.processes import (
    kill_process_group,
    run_bench_sandbox_process,
    start_bench_bot_process,
    start_bench_module_process,
    worker_process_environment,
)
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.asking import NEVER, PATIENCE, Question, open_asking_families
from bot.bench.schools.cast import SECRET
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.schools.invented import FIRST_CHAT
from bot.bench.schools.talking import add_talking_school
from bot.clocks import utc_clock
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


async def measure_bot_bench(channel: str | None = None) -> Mapping[str, object]:
    """`ok` if every question was answered. `channel`: a messenger that is measured beside Telegram."""
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder:
        ours = await _run_product(Path(folder), "telegram")
        echo = await _run_bot(_start_echo, "telegram", {})
        others = {} if channel is None else {channel: await _run_product(Path(folder), channel)}
    rates = [_rate(rate, ours, echo, others) for rate in RATES]
    return {
        "chats": len(CHATS),
        "rates": rates,
        "aim_p99_ratio": AIMED_RATIO,
        "startup_s": round(ours.startup, 2),
        "echo_startup_s": round(echo.startup, 2),
        "memory_mib": round(ours.memory),
        "echo_memory_mib": round(echo.memory),
        **{f"{name}_startup_s": round(run.startup, 2) for name, run in others.items()},
        **{f"{name}_memory_mib": round(run.memory) for name, run in others.items()},
        "ok": not any(each["unanswered"] for each in rates),
    }


async def _run_product(folder: Path, channel: str) -> Run:
    """Our bot over a school of its own whose families have this messenger."""
    database = bench_database_url(folder / f"{channel}.db")
    async with migrated_bench_database(database) as open_uow:
        students = await add_talking_school(open_uow, CHATS, now=utc_clock(), channel=channel)

    async def start(world: SandboxClient) -> Process:
        environment = worker_process_environment(folder, database, world, pace=0, channel=channel) | {"SECRET": SECRET}
        return await start_bench_bot_process(environment)

    return await _run_bot(start, channel, students)


async def _start_echo(world: SandboxClient) -> Process:
    return await start_bench_module_process("bot.bench.bare.echo", world.bot_api, world.token)


async def _run_bot(start: Start, channel: str, students: Mapping[int, int]) -> Run:
    async with (
        run_bench_sandbox_process(CHATS) as world,
        open_asking_families(world, patience=PATIENCE, channel=channel) as families,
    ):
        await world.start_dialogs(CHATS)
        bot = await start(world)
        try:
            (startup,) = await families.ask([(CHATS[0], Question("/help"))], rate=1)
            await families.begin("/marks", CHATS, rate=WARM_UP_RATE)
            await families.ask(_questions(channel, students, WARM_UP_RATE * 2), rate=WARM_UP_RATE)
            waited, worked = {}, {}
            for rate, seconds in RATES.items():
                before = _processor_time(bot)
                waited[rate] = await families.ask(_questions(channel, students, rate * seconds), rate=rate)
                worked[rate] = _processor_time(bot) - before
            return Run(waited, worked, startup, _memory(bot))
        finally:
            await kill_process_group(bot)


def _questions(channel: str, students: Mapping[int, int], number: int) -> list[tuple[int, Question]]:
    """Commands, texts and buttons in turn, each of another chat."""
    return [(CHATS[turn % len(CHATS)], _question(channel, students, turn)) for turn in range(number)]


def _question(channel: str, students: Mapping[int, int], turn: int) -> Question:
    chat, (index, kind) = CHATS[turn % len(CHATS)], divmod(turn, 3)
    if kind == 0:
        return Question(COMMANDS[index % len(COMMANDS)])
    if kind == 1:
        return Question(TEXTS[index % len(TEXTS)])
    handle = Handle(BUTTONS[index % len(BUTTONS)], (students.get(chat, 0), 0, 0, 0, 0))
    return Question(data=pack_button(handle, channel=channel, chat=str(chat), key=SECRET.encode()))


def _rate(rate: int, ours: Run, echo: Run, others: Mapping[str, Run]) -> dict[str, float]:
    runs = {"": ours, **{f"{name}_": run for name, run in others.items()}}
    figures: dict[str, float] = {
        "per_second": rate,
        "questions": len(ours.waited[rate]),
        "echo_processor_ms": _processor_ms(echo, rate),
        **{f"{name}processor_ms": _processor_ms(run, rate) for name, run in runs.items()},
    }
    for share in (50, 99):
        baseline = _percentile(echo.waited[rate], share)
        figures[f"echo_p{share}_ms"] = round(baseline * 1000, 1)
        for name, run in runs.items():
            product = _percentile(run.waited[rate], share)
            figures[f"{name}p{share}_ms"] = round(product * 1000, 1)
            figures[f"{name}p{share}_ratio"] = round(product / baseline, 2)
    return figures | {"unanswered": sum(wait == NEVER for run in runs.values() for wait in run.waited[rate])}


def _processor_ms(run: Run, rate: int) -> float:
    return round(run.worked[rate] / len(run.waited[rate]) * 1000, 1)


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
