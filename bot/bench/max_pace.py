"""`vestnik bench maxpace`: pushes and answers in MAX at once, by two processes, never beyond its limits (Q142).

The moments are those of the sandbox, at which a call arrives; both processes know nothing of each other.
"""

import asyncio
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bot.bench.peers.processes import (
    free_port_for_process,
    kill_process_group,
    run_bench_sandbox_process,
    worker_process_environment,
)
from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import start_warm_process
from bot.bench.schools.cast import SECRET
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.schools.families import add_bench_families, publish_bench_family_results
from bot.clocks import utc_clock
from core.rules.conversation.buttons import SETTINGS, Handle, pack_button

CHANNEL, PACE = "max", 4.0
PERSONS = range(70_001, 70_501)
WAITING, SECONDS, PRESSES = 500, 60.0, 3
"""Messages that wait; how long it is pressed, and how often a second."""

MOST_CALLS, MOST_OF_DIALOG, LONGEST_ANSWER = 8, 2, 2.0
_START, _AFTERWARDS, _LOOK = 30.0, 3.0, 0.2


async def measure_max_pace(*, waiting: int = WAITING, seconds: float = SECONDS) -> Mapping[str, object]:
    """`ok` if no second saw more calls than MAX takes, and every press was answered in time."""
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder = Path(name)
        database = bench_database_url(folder / "school.db")
        async with AsyncExitStack() as stack:
            open_uow = await stack.enter_async_context(migrated_bench_database(database))
            world = await stack.enter_async_context(run_bench_sandbox_process(range(1, 2)))
            students = await add_bench_families(open_uow, PERSONS, now=utc_clock(), channel=CHANNEL)
            await world.start_dialogs(PERSONS)
            await publish_bench_family_results(open_uow, students, results=waiting, now=utc_clock())
            environment = _environment(folder, database, world)
            for part in ("worker", "bot"):
                stack.push_async_callback(kill_process_group, await start_warm_process(part, environment))
            pressed = await _press(world, seconds)
            await asyncio.sleep(_AFTERWARDS)
            return _figures(await world.max_log(), pressed)


def _environment(folder: Path, database: str, world: SandboxClient) -> Mapping[str, str]:
    """As a school would set it: both processes with the usual pace, updates by a webhook."""
    listen = f"127.0.0.1:{free_port_for_process()}"
    return worker_process_environment(folder, database, world, pace=PACE, channel=CHANNEL) | {
        "MAX_WEBHOOK_URL": f"http://{listen}/max",
        "MAX_WEBHOOK_SECRET": "wolf-and-hare",
        "WEBHOOK_LISTEN": listen,
        "SECRET": SECRET,
    }


async def _press(world: SandboxClient, seconds: float) -> Sequence[tuple[int, float]]:
    """Who pressed a button and when: families that have a message already, in turn."""
    await _until_both_work(world)
    dice, pressed, begun = random.Random(30), list[tuple[int, float]](), time.monotonic()  # noqa: S311  # no secret
    while time.monotonic() - begun < seconds:
        reached = sorted({each["chat_id"] for each in (await world.max_log())["log"]})
        person = dice.choice(reached)
        payload = pack_button(Handle(SETTINGS, (0,)), channel=CHANNEL, chat=str(person), key=SECRET.encode())
        pressed.append((person, time.monotonic()))
        await world.press_in_max(person, payload)
        await asyncio.sleep(max(0.0, begun + len(pressed) / PRESSES - time.monotonic()))
    return pressed


async def _until_both_work(world: SandboxClient) -> None:
    async with asyncio.timeout(_START):
        while True:
            seen = await world.max_log()
            if len(seen["log"]) >= PRESSES and any(name == "POST /subscriptions" for name, *_ in seen["calls"]):
                return
            await asyncio.sleep(_LOOK)


def _figures(seen: Mapping[str, Sequence[object]], pressed: Sequence[tuple[int, float]]) -> Mapping[str, object]:
    calls: Sequence[tuple[str, int | None, float]] = [(str(n), p, float(at)) for n, p, at in seen["calls"]]  # type: ignore[misc, has-type]
    waits = _waits(calls, pressed)
    most = _peak(at for _, _, at in calls)
    messages, answers = (_peak_of_dialog(calls, name) for name in ("POST /messages", "POST /answers"))
    late = sum(wait > LONGEST_ANSWER for wait in waits)
    return {
        "calls": len(calls),
        "pushes_and_messages": sum(name == "POST /messages" for name, *_ in calls),
        "presses": len(pressed),
        "most_calls_in_a_second": most,
        "most_messages_in_a_dialog": messages,
        "most_answers_in_a_dialog": answers,
        "longest_answer_s": round(max(waits), 2),
        "answers_late": late,
        "ok": most <= MOST_CALLS and max(messages, answers) <= MOST_OF_DIALOG and not late,
    }


def _peak(moments: Iterable[float]) -> int:
    """The most moments in any second."""
    ordered, first, peak = sorted(moments), 0, 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= 1:
            first += 1
        peak = max(peak, last - first + 1)
    return peak


def _peak_of_dialog(calls: Iterable[tuple[str, int | None, float]], name: str) -> int:
    by_person: defaultdict[int | None, list[float]] = defaultdict(list)
    for called, person, at in calls:
        if called == name:
            by_person[person].append(at)
    return max(map(_peak, by_person.values()), default=0)


def _waits(calls: Sequence[tuple[str, int | None, float]], pressed: Sequence[tuple[int, float]]) -> Sequence[float]:
    """Seconds from each press to the answer to it, in the order of each person; infinite for none."""
    answered: defaultdict[int | None, list[float]] = defaultdict(list)
    for name, person, at in calls:
        if name == "POST /answers":
            answered[person].append(at)
    waits = []
    for person, at in pressed:
        later = [moment for moment in answered[person] if moment >= at]
        waits.append(later[0] - at if later else float("inf"))
        if later:
            answered[person].remove(later[0])
    return waits
