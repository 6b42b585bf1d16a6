"""`vestnik bench faults`: five minutes in which peers and machine fail in every way, on databases of both kinds."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot.bench.fault_storm import Storm, survive
from bot.bench.peers.postgres import databases

STORM = Storm(seconds=300)


async def measure() -> Mapping[str, object]:
    """`ok` where the process lives, nothing is lost and nothing repeated beyond the contract."""
    storms: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as folder, databases(Path(folder)) as kinds:
        for database, server in kinds.items():
            survived = await survive(server, Path(folder), STORM)
            storms.append({"database": database, **asdict(survived), "ok": survived.ok})
    return {"seconds": STORM.seconds, "storms": storms, "ok": all(each["ok"] for each in storms)}
