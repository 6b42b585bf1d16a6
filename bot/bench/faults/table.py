"""`vestnik bench faults`: runs every line of the fault table on both databases, and prints what was seen (Q120–Q127).

On each database two lanes go through the lines beside each other, each with its own sandbox and server. With
`--channel max` families are told in MAX instead of Telegram; a fault that MAX does not have is a row that says so.
"""

import asyncio
import itertools
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bot.app import configure_app_logging
from bot.bench import Figures
from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.lines import LINES, STORM
from bot.bench.faults.messenger import MESSENGERS, TELEGRAM, FaultyMessenger
from bot.bench.peers.postgres import Server, postgres_and_sqlite_databases
from bot.bench.peers.processes import run_bench_sandbox_process
from bot.bench.peers.sandbox_client import SandboxClient
from storage.schema import migrate_schema

ANY_SEED = 1_000_000
STORM_MINUTES = 5.0
LANES = 2
"""Lines that run beside each other on each database: most of the time of a line is waiting."""

NOT_APPLICABLE = "not applicable: this messenger has no such fault"
SOMEBODY = range(1, 2)
"""The chats of a sandbox at its start; each line adds its own."""

Row = Mapping[str, object]


async def measure_table(
    channel: str | None = None, *, seed: int | None = None, minutes: float = STORM_MINUTES, short: bool = False
) -> Figures:
    """The table; `minutes`: how long the storm lasts, which has no short form. Without a seed each run differs."""
    messenger = TELEGRAM if channel is None else MESSENGERS[channel]
    lines = LINES if short else [*LINES, STORM]
    configure_app_logging("critical")
    seed = random.SystemRandom().randrange(ANY_SEED) if seed is None else seed
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vestnik-faults-") as name, ExitStack() as running:
        like = FaultTableLane("", Server(str), Path(name), seed, short, 60 * minutes, messenger)
        preparing = asyncio.Lock()
        tracks = await asyncio.gather(*(_run_fault_track(like, number, preparing, running) for number in range(LANES)))
        tables = [rows for _, some in tracks for rows in some]
        if not short:  # the storm alone, since it measures how many are told a second
            tables += await asyncio.gather(*(lane.rows([STORM]) for lane in tracks[0][0]))
    order = [line.number for line in lines]
    rows = sorted(itertools.chain(*tables), key=lambda row: order.index(str(row["line"])))
    ok = all(row["ok"] for row in rows)
    return {"seed": seed, "seconds": round(time.monotonic() - began), "faults": rows, "ok": ok}


async def _run_fault_track(
    like: "FaultTableLane", number: int, preparing: asyncio.Lock, running: ExitStack
) -> tuple[Sequence["FaultTableLane"], Sequence[Sequence[Row]]]:
    """A lane on each kind of database goes through every second line, as soon as its server is there."""
    folder = like.folder / str(number)
    folder.mkdir(mode=0o700)
    servers = await asyncio.to_thread(running.enter_context, postgres_and_sqlite_databases(folder))
    async with preparing:
        lanes = [
            replace(like, database=name, server=await prepare_fault_table_server(server), folder=folder)
            for name, server in servers.items()
        ]
    return lanes, await asyncio.gather(*(lane.rows(LINES[number::LANES]) for lane in lanes))


async def prepare_fault_table_server(server: Server) -> Server:
    """A server whose new databases have tables. One at a time: Alembic keeps its state in a module."""
    template = server.create("template")
    await migrate_schema(template)
    return server.like(template)


@dataclass(frozen=True, slots=True)
class FaultTableLane:
    """A server of one kind, over which lines run one after the other; they share a sandbox."""

    database: str
    server: Server
    folder: Path
    seed: int
    short: bool = False
    storm_seconds: float = 60 * STORM_MINUTES
    messenger: FaultyMessenger = TELEGRAM

    async def rows(self, lines: Sequence[FaultLine]) -> Sequence[Row]:
        """What was seen of each line that concerns this database."""
        numbers = itertools.count(1)
        async with run_bench_sandbox_process(SOMEBODY) as world:
            return [
                await run_fault_table_line(line, self._place(line, world, numbers))
                for line in lines
                if self.database in line.databases
            ]

    def _place(self, line: FaultLine, world: SandboxClient, numbers: Iterator[int]) -> FaultLinePlace:
        home = self.folder / f"{line.number}_{self.database}".lower()
        home.mkdir(mode=0o700)
        dice = random.Random(f"{self.seed} {line.number}")  # noqa: S311  # dice, not secrets
        return FaultLinePlace(
            self.database, self.server, world, home, dice, numbers, self.short, self.storm_seconds, self.messenger
        )


async def run_fault_table_line(line: FaultLine, place: FaultLinePlace) -> Row:
    """Runs a line; one that breaks does not hold, and says so on stderr."""
    began = time.monotonic()
    if place.messenger.channel not in line.messengers:
        return _row(line, place, FaultLineFinding(NOT_APPLICABLE, holds=True), began)
    try:
        finding = await line.run(place)
    except Exception as error:  # noqa: BLE001  # the other lines go on
        traceback.print_exception(error)
        finding = FaultLineFinding(f"broke with {type(error).__name__}", holds=False)
    row = _row(line, place, finding, began)
    sys.stderr.write(f"{line.number} {place.database} {row['seconds']} {'ok' if finding.holds else 'NOT OK'}\n")
    return row


def _row(line: FaultLine, place: FaultLinePlace, finding: FaultLineFinding, began: float) -> Row:
    return {
        "line": line.number,
        "fault": line.name,
        "database": place.database,
        "messenger": place.messenger.channel,
        "expected": line.expected,
        "seen": finding.seen,
        "lost": finding.lost,
        "repeated": finding.repeated,
        "seconds": round(time.monotonic() - began, 1),
        "ok": finding.holds,
    }
