"""`vestnik bench kill`: a hundred kills, then ten polite stops, then none, each on a database of its own."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot.bench.kill import FaultOfWorker, Losses, losses

TRIALS = {
    "kill": (FaultOfWorker.KILL, 100, 3000),
    "terminate": (FaultOfWorker.TERMINATE, 10, 400),
    "undisturbed": (FaultOfWorker.TERMINATE, 0, 200),
}
"""Kind of fault, faults, messages: enough messages that the last fault still meets some."""


async def measure() -> Mapping[str, object]:
    """`lost` and `unexplained` must be 0 everywhere, and without a kill nothing may come twice."""
    counted = {name: await _trial(*trial) for name, trial in TRIALS.items()}
    figures = {f"{name}_{key}": value for name, each in counted.items() for key, value in asdict(each).items()}
    is_ok = all(each.ok and each.duplicates <= each.in_flight for each in counted.values())
    return figures | {"ok": is_ok}


async def _trial(kind: FaultOfWorker, faults: int, messages: int) -> Losses:
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder:
        database = f"sqlite+aiosqlite:///{folder}/vestnik.db"
        return await losses(database, Path(folder), messages=messages, faults=faults, kind=kind)
