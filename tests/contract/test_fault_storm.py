"""The whole product while its peers and its machine fail in every way (Q120, Q121)."""

from pathlib import Path

import pytest

from bot.bench.fault_storm import Storm, run_fault_storm
from bot.bench.peers.postgres import Server
from tests.peers import processes
from tests.peers.postgres import MortalServer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On the database that most schools have; with `--whole` on PostgreSQL too."""
    stores = ["sqlite", "postgresql"] if metafunc.config.getoption("whole") else ["sqlite"]
    metafunc.parametrize("server", stores, indirect=True)


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Server:
    """A database of each kind; a PostgreSQL that may be crashed, since it is this test's own."""
    processes.program("faketime", package="faketime")
    if request.param == "sqlite":
        return Server(lambda name: f"sqlite+aiosqlite:///{tmp_path / name}.db")
    mortal: MortalServer = request.getfixturevalue("mortal_postgres")
    return Server(lambda _: mortal.server.create_database(), mortal.restart_immediately)


async def test_the_product_outlives_every_fault(server: Server, tmp_path: Path) -> None:
    """It lives, every question is answered, nobody is forgotten, and nothing comes more often than the contract allows.

    Disk, lock, crash and clock are among the faults. Ten seconds of it; the full five minutes on each database are
    `vestnik bench faults`.
    """
    survived = await run_fault_storm(server, tmp_path, Storm(seconds=10))
    assert survived.alive
    assert survived.in_max > 0
    assert (survived.unanswered, survived.lost, survived.unexplained, survived.audit_whole) == (0, 0, 0, True)
    assert {"put_back", "crash" if server.restart else "fill"} <= set(survived.machine)
