"""How long families wait for answers while a journal comes in beside the bot: three processes, one database."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import utc_now
from bot.bench.peers.child import measured
from bot.bench.peers.processes import kill, stand_in, start_bot, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.asking import NEVER, Families, Question
from bot.bench.schools.cast import SECRET
from bot.bench.schools.invented import FIRST_CHAT
from bot.bench.schools.talking import talking_school
from storage.database.engine import create_engine
from storage.unit_of_work import open_factory

CHATS = range(FIRST_CHAT, FIRST_CHAT + 20)
RATE = 10
"""Questions a second; each of another chat, and none asks again before its answer can have come."""

LONGEST_WAIT = 2.0
WORDS = ("/marks", "/homework", "что задали на завтра?", "/timetable", "какие оценки?")
PATIENCE = 60.0


async def answers_beside(folder: Path, database: str, importing: Mapping[str, Any]) -> Mapping[str, float]:
    """Ask until `importing` (a function and its arguments, run in a process of its own) ends; seconds, and counts."""
    engine = create_engine(database)
    await talking_school(open_factory(engine), CHATS, now=utc_now())
    await engine.dispose()
    async with stand_in(CHATS) as world, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session:
        return await _asked(Families(world, session), world, folder, database, importing)


async def _asked(
    families: Families, world: SandboxClient, folder: Path, database: str, importing: Mapping[str, Any]
) -> Mapping[str, float]:
    bot = await start_bot(worker_environment(folder, database, world, pace=0) | {"SECRET": SECRET})
    try:
        await families.begin("/help", CHATS, rate=RATE)
        asking, waited = _questions(), list[float]()
        running = asyncio.create_task(measured(importing["work"], *importing["arguments"]))
        while not running.done():
            waited += await families.ask(list(itertools.islice(asking, RATE)), rate=RATE)
        imported = await running
    finally:
        await kill(bot)
    answered = [each for each in waited if each != NEVER]
    return {
        "questions": len(waited),
        "unanswered": len(waited) - len(answered),
        "longest_wait": round(max(answered, default=NEVER), 2),
        "import_seconds": round(imported["seconds"], 2),
        "imported_rows": imported["rows"],
    }


def _questions() -> Iterator[tuple[int, Question]]:
    return zip(itertools.cycle(CHATS), map(Question, itertools.cycle(WORDS)), strict=False)
