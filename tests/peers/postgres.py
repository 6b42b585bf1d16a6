"""A private PostgreSQL: data in a temporary folder, one fresh database a test, gone afterwards."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from tests.peers import processes

# Nothing here outlives the tests, so nothing waits for the disk; killing a client needs no fsync to be survived.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    binaries: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    def create_database(self, template: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of the one at `template`, to which nobody may be connected."""
        name = f"school_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {_name(template) if template else 'template0'}")
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"

    def drop_database(self, url: str) -> None:
        self.run(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def run(self, sql: str, *, database: str = "postgres") -> str:
        login = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        command: processes.Command = [self.binaries / "psql", "-XqAt", *login, "-c", sql]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"PostgreSQL refused: {done.stderr}")
        return done.stdout.strip()


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def find_binaries() -> Path:
    """The newest server that Debian's package brought, whatever its version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return (
        versions[-1]
        if versions
        else processes.unavailable("PostgreSQL is missing: install the Debian package postgresql")
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    binaries = find_binaries()
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    with processes.folder("postgres") as home:
        if user:
            shutil.chown(home, user, user)
        log, data = home / "log", home / "data"
        access = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        initdb: processes.Command = [binaries / "initdb", "-D", data, "-N", *access]
        subprocess.run(
            initdb, user=user, group=user, extra_groups=[] if user else None, check=True, capture_output=True
        )
        (port,) = processes.free_ports(1)
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command: processes.Command = [binaries / "postgres", "-D", data, "-p", str(port), "-k", home, *options]
        with processes.running(*command, log=log, user=user, stop=signal.SIGINT):
            ready: processes.Command = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            processes.wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, what="PostgreSQL", log=log)
            yield PostgresServer(binaries, port)


@pytest.fixture
def create_database(postgres: PostgresServer) -> Iterator[Callable[..., str]]:
    """Makes databases (empty, or copies of a template) that end with the test."""
    made: list[str] = []

    def create(template: str | None = None) -> str:
        made.append(postgres.create_database(template))
        return made[-1]

    yield create
    for url in made:
        postgres.drop_database(url)


@pytest.fixture
def postgres_url(create_database: Callable[..., str]) -> str:
    return create_database()
