"""`vestnik bench kill`: kills, polite stops, lost answers and neither, each on fresh databases of both kinds."""

import itertools
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot.bench.peers.postgres import databases
from bot.bench.worker_kill import FaultOfWorker, Plan, losses

PLANS = {
    "kill": Plan(FaultOfWorker.KILL, faults=100, messages=3000),
    "terminate": Plan(FaultOfWorker.TERMINATE, faults=40, messages=1200),
    "lost_answers": Plan(FaultOfWorker.KILL, faults=20, messages=600, lost_answers=0.02),
    "undisturbed": Plan(FaultOfWorker.TERMINATE, faults=0, messages=10_000, pace=0),
}
"""Enough messages that the last fault still meets some."""


async def measure() -> Mapping[str, object]:
    """`lost` and `unexplained` must be 0 everywhere: so without a kill or a lost answer nothing may come twice."""
    trials: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder, databases(Path(folder)) as kinds:
        for (database, server), (name, plan) in itertools.product(kinds.items(), PLANS.items()):
            counted = await losses(server.create(name), Path(folder), plan)
            trials.append({"database": database, "trial": name, **asdict(counted), "ok": counted.ok})
    return {"trials": trials, "ok": all(each["ok"] for each in trials)}
