"""`vestnik bench botkill`: the bot killed a hundred times with updates waiting, on databases of both kinds."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot.bench.bot_kill import killed
from bot.bench.peers.postgres import databases

KILLS = 100


async def measure() -> Mapping[str, object]:
    """`lost`, `twice` and `unanswered` must be 0 everywhere."""
    trials: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder, databases(Path(folder)) as kinds:
        for database, server in kinds.items():
            counted = await killed(server.create("botkill"), Path(folder), KILLS)
            trials.append({"database": database, **asdict(counted), "ok": counted.ok})
    return {"trials": trials, "ok": all(each["ok"] for each in trials)}
