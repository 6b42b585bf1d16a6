"""Every line of the fault table in its short form, on one database or on both (Q120–Q127)."""

import asyncio
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.lines import LINES, STORM
from bot.bench.faults.messenger import MAX
from bot.bench.faults.table import NOT_APPLICABLE, FaultTableLane, run_fault_table_line
from bot.bench.peers.postgres import Server
from bot.bench.peers.sandbox_client import SandboxClient
from storage.schema import migrate_schema
from tests.peers.postgres import MortalServer

OFTEN_IN_MAX = {"F8", "F9", "F12", "F13", "F16"}
"""Lines that the usual run plays in MAX too: a limit, a refused text, lost answers, and what MAX does not have."""

NOT_IN_MAX = {"F8", "F13"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each line once: odd numbers on PostgreSQL, even ones on SQLite; with `--whole` each on both, and all in MAX."""
    is_whole = metafunc.config.getoption("whole")
    if "half" in metafunc.fixturenames:
        halves = [("postgresql", 0), ("sqlite", 1)]
        others = [("postgresql", 1), ("sqlite", 0)] if is_whole else []
        metafunc.parametrize(("lane", "half"), [*halves, *others], indirect=["lane"])
    if "in_max" in metafunc.fixturenames:
        lines = LINES if is_whole else [line for line in LINES if line.number in OFTEN_IN_MAX]
        lanes = ["sqlite", "postgresql"] if is_whole else ["sqlite"]
        metafunc.parametrize(("lane", "in_max"), [(lane, lines) for lane in lanes], indirect=["lane"], ids=lanes)


@pytest.fixture
def lane(request: pytest.FixtureRequest, tmp_path: Path) -> FaultTableLane:
    """New databases with tables; a PostgreSQL that may be crashed, since it is this test's own."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        server = Server(lambda name: f"sqlite+aiosqlite:///{shutil.copy(template, tmp_path / f'{name}.db')}")
    else:
        mortal: MortalServer = request.getfixturevalue("mortal_postgres")
        url = mortal.server.create_database()
        asyncio.run(migrate_schema(url))
        server = Server(lambda _: mortal.server.create_database(url), mortal.restart_immediately)
    return FaultTableLane(request.param, server, tmp_path, seed=30, short=True)


async def test_every_line_holds(lane: FaultTableLane, half: int) -> None:
    """F1 to F38 in two halves beside each other; the whole table with the storm is `vestnik bench faults`."""
    rows = await lane.rows(LINES[half::2])
    assert [(row["line"], row["seen"], row["repeated"]) for row in rows if not row["ok"]] == []
    assert len(rows) == sum(lane.database in line.databases for line in LINES[half::2])


async def test_lines_hold_in_max(lane: FaultTableLane, in_max: Sequence[FaultLine]) -> None:
    """Families are told in MAX; what MAX has no fault of is in the table and says so (Q141)."""
    rows = await replace(lane, messenger=MAX).rows(in_max)
    assert [(row["line"], row["seen"], row["repeated"]) for row in rows if not row["ok"]] == []
    assert {row["line"] for row in rows if row["seen"] == NOT_APPLICABLE} == NOT_IN_MAX
    assert {row["messenger"] for row in rows} == {"max"}


def test_the_table_has_every_fault() -> None:
    """F1 to F38 in their order; the storm is a line of its own, and the soak a command of its own."""
    assert [line.number for line in LINES] == [f"F{number}" for number in range(1, 39)]
    assert STORM.number == "storm"


def a_place(folder: Path) -> FaultLinePlace:
    """A place for a line that needs nothing."""
    return FaultLinePlace("sqlite", Server(str), SandboxClient("", "", "", ""), folder, random.Random(30), count(1))  # noqa: S311


@pytest.mark.parametrize("holds", [True, False])
async def test_a_row_says_what_was_expected_and_seen(tmp_path: Path, *, holds: bool) -> None:
    """Fault, expected, seen, lost, repeated; whether it holds decides the exit code."""

    async def run(_place: FaultLinePlace) -> FaultLineFinding:
        return FaultLineFinding("two came", holds, lost=1, repeated=2)

    row = await run_fault_table_line(FaultLine("F0", "a fault", "one comes", run), a_place(tmp_path))
    said = [row[name] for name in ("line", "fault", "expected", "seen", "lost", "repeated", "ok")]
    assert said == ["F0", "a fault", "one comes", "two came", 1, 2, holds]


async def test_a_line_that_breaks_does_not_hold(tmp_path: Path) -> None:
    """The others go on, and the row says what broke."""

    async def run(_place: FaultLinePlace) -> FaultLineFinding:
        raise TimeoutError

    row = await run_fault_table_line(FaultLine("F0", "a fault", "one comes", run), a_place(tmp_path))
    assert (row["seen"], row["ok"]) == ("broke with TimeoutError", False)
