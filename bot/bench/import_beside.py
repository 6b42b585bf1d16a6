"""Measures how long families wait for answers during an import: bot, import and sandbox are three processes."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.bench.peers.child import measure_in_child_process
from bot.bench.peers.processes import kill_process_group, run_bench_sandbox_process, worker_process_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import start_warm_process
from bot.bench.schools.asking import NEVER, AskingFamilies, Question, open_asking_families
from bot.bench.schools.cast import SECRET
from bot.bench.schools.database import migrated_bench_database
from bot.bench.schools.invented import FIRST_CHAT
from bot.bench.schools.talking import add_talking_school
from bot.clocks import utc_clock

CHATS = range(FIRST_CHAT, FIRST_CHAT + 20)
RATE = 10
"""Questions a second; each of another chat, and none asks again before its answer can have come."""

LONGEST_WAIT = 2.0
TEXTS = ("/marks", "/homework", "что задали на завтра?", "/timetable", "какие оценки?")
PATIENCE = 60.0


async def answers_beside_import(folder: Path, database: str, importing: Mapping[str, Any]) -> Mapping[str, float]:
    """Ask until `importing` (a function and its arguments, run in a process of its own) ends; seconds, and counts."""
    async with migrated_bench_database(database) as open_uow:
        await add_talking_school(open_uow, CHATS, now=utc_clock())
    async with run_bench_sandbox_process(CHATS) as world, open_asking_families(world, patience=PATIENCE) as families:
        return await _asked(families, world, folder, database, importing)


async def _asked(
    families: AskingFamilies, world: SandboxClient, folder: Path, database: str, importing: Mapping[str, Any]
) -> Mapping[str, float]:
    environment = worker_process_environment(folder, database, world, pace=0) | {"SECRET": SECRET}
    bot = await start_warm_process("bot", environment)
    try:
        await families.begin("/help", CHATS, rate=RATE)
        asking, waited = _questions(), list[float]()
        running = asyncio.create_task(measure_in_child_process(importing["work"], *importing["arguments"]))
        while not running.done():
            waited += await families.ask(list(itertools.islice(asking, RATE)), rate=RATE)
        imported = await running
    finally:
        await kill_process_group(bot)
    answered = [each for each in waited if each != NEVER]
    return {
        "questions": len(waited),
        "unanswered": len(waited) - len(answered),
        "longest_wait": round(max(answered, default=NEVER), 2),
        "import_seconds": round(imported["seconds"], 2),
        "imported_rows": imported["rows"],
    }


def _questions() -> Iterator[tuple[int, Question]]:
    return zip(itertools.cycle(CHATS), map(Question, itertools.cycle(TEXTS)), strict=False)
