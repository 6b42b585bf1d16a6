"""`vestnik bench push`: 15,000 final marks to 1,700 families, beside a bare ExtBot loop with the same messages.

The loop sends the worker's own messages with HTML and buttons, built beforehand; `plain_text` is the same loop without
HTML and buttons. Speed: messages a second from the first acceptance in the sandbox to the last, in new processes that
run in turn; `with_planning` includes the planning of notices. Pace: a worker at 25 a second, and its busiest second.
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

from bot.app import bootstrap_app, freeze_app_objects
from bot.bench.bare.baselines import bare_push_baseline, plain_push_baseline
from bot.bench.peers.child import measure_in_child_process
from bot.bench.peers.processes import (
    kill_process_group,
    run_bench_sandbox_process,
    start_bench_worker_process,
    worker_process_environment,
)
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.schools.families import add_bench_families, publish_bench_family_results
from bot.bench.schools.invented import FIRST_CHAT
from bot.clocks import utc_clock
from bot.run.worker import RunningOutboxWorker
from bot.settings import SettingsFromArguments
from notifiers.telegram.channel import TelegramChannel

FAMILIES, MARKS = 1700, 15_000
RUNS = 5
PACE = 25.0
PACED_SECONDS = 15.0
ALLOWED_PEAK = 30
"""Telegram's own limit for a bot, messages a second."""

Log = Sequence[Mapping[str, Any]]


async def measure_push_bench(*, families: int = FAMILIES, marks: int = MARKS, runs: int = RUNS) -> Mapping[str, object]:
    """Medians of alternating runs; `ok` if every message arrived and the pace stays within Telegram's limit."""
    chats = range(FIRST_CHAT, FIRST_CHAT + families)
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder = Path(name)
        await _prepare(folder / "school.db", chats, marks)
        async with run_bench_sandbox_process(chats) as world:
            speed = await _speeds(folder, world, families, runs)
            paced = await _paced(folder, world)
    peak, is_whole = _peak(paced), speed["messages"] == families
    return speed | {
        "paced_share": round(_rate(paced) / PACE, 3),
        "paced_peak_in_a_second": peak,
        "allowed_peak": ALLOWED_PEAK,
        "ok": is_whole and peak <= ALLOWED_PEAK,
    }


async def _product_push(database: str, folder: str, bot_api: str, token: str) -> dict[str, float]:
    """The worker sends all that is due, without a pace; `seconds` include the planning of the notices."""
    settings = SettingsFromArguments.of(
        data=Path(folder), database_url=database, telegram_policy="full", quiet=None, window="PT0S", log_level="error"
    )
    app = bootstrap_app(settings)
    channel = TelegramChannel(token, api=bot_api, pace=None)
    worker = RunningOutboxWorker(
        open_uow=app.open_uow,
        channels={channel.channel: channel},
        catalogues=app.catalogues,
        identity=app.worker_identity,
        clock=app.clock,
        signing_key=app.signing_key,
    )
    freeze_app_objects()
    started = time.perf_counter()
    await worker.drain()
    seconds = time.perf_counter() - started
    await channel.close()
    await app.engine.dispose()
    return {"seconds": seconds}


async def _prepare(school: Path, chats: range, marks: int) -> None:
    async with migrated_bench_database(bench_database_url(school)) as open_uow:
        students = await add_bench_families(open_uow, chats, now=utc_clock())
        await publish_bench_family_results(open_uow, students, results=marks, now=utc_clock(), exams=False)


async def _speeds(folder: Path, world: SandboxClient, families: int, runs: int) -> dict[str, object]:
    ours, bare, plain, planned = [], [], [], []
    messages, sent = folder / "messages.json", 0
    for number in range(runs):
        await world.forget()
        url = bench_database_url(_copy(folder, f"run{number}"))
        whole = await measure_in_child_process(_product_push, url, str(folder), world.bot_api, world.token)
        log = await world.log()
        ours.append(_rate(log))
        planned.append(families / whole["seconds"])
        if not sent:
            messages.write_text(json.dumps(await world.bot_messages()), encoding="utf-8")
        sent = len(log)
        bare.append(await _bare(bare_push_baseline, messages, world))
        plain.append(await _bare(plain_push_baseline, messages, world))
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
    await measure_in_child_process(push, str(messages), world.bot_api, world.token)
    return _rate(await world.log())


async def _paced(folder: Path, world: SandboxClient) -> Log:
    """The log of a worker process, for `PACED_SECONDS` from its first message."""
    await world.forget()
    environment = worker_process_environment(folder, bench_database_url(_copy(folder, "paced")), world, pace=PACE)
    worker = await start_bench_worker_process(environment)
    try:
        async with asyncio.timeout(60 + PACED_SECONDS):
            while not (log := await world.log()):  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.1)
        await asyncio.sleep(PACED_SECONDS - (time.monotonic() - log[0]["at"]))
    finally:
        await kill_process_group(worker)
    return await world.log()


def _rate(log: Log) -> float:
    """Messages a second; the first starts the clock and is not counted."""
    return (len(log) - 1) / (float(log[-1]["at"]) - float(log[0]["at"]))


def _peak(log: Log) -> int:
    """The most messages in any window of one second."""
    times = [float(each["at"]) for each in log]
    return max(sum(1 for other in times[index:] if other - at < 1) for index, at in enumerate(times))


def _copy(folder: Path, name: str) -> Path:
    copy = folder / f"{name}.db"
    shutil.copy(folder / "school.db", copy)
    return copy
