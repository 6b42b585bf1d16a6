"""`vestnik bench push`: 15,000 final marks to 1,700 families, beside a bare ExtBot loop with the same messages.

The loop sends the worker's own messages, HTML and buttons, ready made; `plain_text` is the same loop with bare words.
Speed: messages a second from the stand-in's first acceptance to its last, in fresh processes that take turns; with the
planning of the notices it is `with_planning`. Pace: a real worker at 25 a second, and the most that any one second saw.
"""

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.app import bootstrap, freeze_startup_objects, utc_now
from bot.bench.bare.baselines import bare_push, plain_push
from bot.bench.peers.child import measured
from bot.bench.peers.processes import kill, stand_in, start_worker, worker_environment
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.families import publish, settle_in
from bot.bench.schools.invented import FIRST_CHAT
from bot.run.worker import OutboxWorker
from bot.settings import GivenSettings
from notifiers.telegram.channel import TelegramChannel
from storage.database.engine import create_engine
from storage.schema import migrate
from storage.unit_of_work import open_factory

FAMILIES, MARKS = 1700, 15_000
RUNS = 5
PACE = 25.0
PACED_SECONDS = 15.0
ALLOWED_PEAK = 30
"""Telegram's own limit for a bot, messages a second."""

Log = Sequence[Mapping[str, Any]]


async def measure(*, families: int = FAMILIES, marks: int = MARKS, runs: int = RUNS) -> Mapping[str, object]:
    """Medians of alternating runs; `ok` where every message arrived and no second saw more than Telegram allows."""
    chats = range(FIRST_CHAT, FIRST_CHAT + families)
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder = Path(name)
        await _prepare(folder / "school.db", chats, marks)
        async with stand_in(chats) as world:
            speed = await _speeds(folder, world, families, runs)
            paced = await _paced(folder, world)
    peak, is_whole = _peak(paced), speed["messages"] == families
    return speed | {
        "paced_share": round(_rate(paced) / PACE, 3),
        "paced_peak_in_a_second": peak,
        "allowed_peak": ALLOWED_PEAK,
        "ok": is_whole and peak <= ALLOWED_PEAK,
    }


async def product_push(database: str, folder: str, bot_api: str, token: str) -> dict[str, float]:
    """The worker without a pace sends all that is due; `seconds` count the planning of the notices too."""
    settings = GivenSettings.of(
        data=Path(folder), database_url=database, telegram_policy="full", quiet=None, window="PT0S", log_level="error"
    )
    app = bootstrap(settings)
    channel = TelegramChannel(token, api=bot_api, pace=None)
    worker = OutboxWorker(
        open_uow=app.open_uow,
        channels={channel.channel: channel},
        catalogues=app.catalogues,
        identity=app.worker_identity,
        clock=app.clock,
        signing_key=app.signing_key,
    )
    freeze_startup_objects()
    started = time.perf_counter()
    await worker.drain()
    seconds = time.perf_counter() - started
    await channel.close()
    await app.engine.dispose()
    return {"seconds": seconds}


async def _prepare(school: Path, chats: range, marks: int) -> None:
    await migrate(_url(school))
    engine = create_engine(_url(school))
    open_uow = open_factory(engine)
    students = await settle_in(open_uow, chats, now=utc_now())
    await publish(open_uow, students, marks=marks, now=utc_now())
    await engine.dispose()


async def _speeds(folder: Path, world: SandboxClient, families: int, runs: int) -> dict[str, object]:
    ours, bare, plain, planned = [], [], [], []
    messages, sent = folder / "messages.json", 0
    for number in range(runs):
        await world.forget()
        url = _url(_copy(folder, f"run{number}"))
        whole = await measured(product_push, url, str(folder), world.bot_api, world.token)
        log = await world.log()
        ours.append(_rate(log))
        planned.append(families / whole["seconds"])
        if not sent:
            messages.write_text(json.dumps(await world.said()), encoding="utf-8")
        sent = len(log)
        bare.append(await _bare(bare_push, messages, world))
        plain.append(await _bare(plain_push, messages, world))
    product, baseline = statistics.median(ours), statistics.median(bare)
    return {
        "messages": sent,
        "runs": runs,
        "product_per_second": round(product),
        "product_with_planning_per_second": round(statistics.median(planned)),
        "baseline_per_second": round(baseline),
        "plain_text_per_second": round(statistics.median(plain)),
        "share_of_baseline": round(product / baseline, 2),
        "share_of_plain_text": round(product / statistics.median(plain), 2),
    }


async def _bare(push: Callable[[str, str, str], Mapping[str, float]], messages: Path, world: SandboxClient) -> float:
    """Messages a second of a bare loop."""
    await world.forget()
    await measured(push, str(messages), world.bot_api, world.token)
    return _rate(await world.log())


async def _paced(folder: Path, world: SandboxClient) -> Log:
    """What a worker process sent in some seconds, counted from its first message."""
    await world.forget()
    environment = worker_environment(folder, _url(_copy(folder, "paced")), world, pace=PACE)
    worker = await start_worker(environment)
    try:
        async with asyncio.timeout(60 + PACED_SECONDS):
            while not (log := await world.log()):  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.1)
        await asyncio.sleep(PACED_SECONDS - (time.monotonic() - log[0]["at"]))
    finally:
        await kill(worker)
    return await world.log()


def _rate(log: Log) -> float:
    """Messages a second; the first starts the clock and is not counted."""
    return (len(log) - 1) / (float(log[-1]["at"]) - float(log[0]["at"]))


def _peak(log: Log) -> int:
    """The most in any window of one second."""
    times = [float(each["at"]) for each in log]
    return max(sum(1 for other in times[place:] if other - at < 1) for place, at in enumerate(times))


def _copy(folder: Path, name: str) -> Path:
    copy = folder / f"{name}.db"
    shutil.copy(folder / "school.db", copy)
    return copy


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
