"""A private PostgreSQL: data in a temporary folder, one fresh database a test, gone afterwards."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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

    def run(self, *statements: str, database: str = "postgres") -> str:
        """What the statements answer, one after the other in one session."""
        login = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        each = [word for sql in statements for word in ("-c", sql)]
        command: processes.Command = [self.binaries / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *login, *each]
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


@dataclass(frozen=True, slots=True)
class MortalServer:
    """A server of one test's own, to be killed and frozen: the shared one must live."""

    server: PostgresServer
    _control: processes.Command
    _user: str | None

    def restart_immediately(self) -> None:
        """As after a loss of power: every session ends without a word, and the log is replayed."""
        run_as(self._user, [*self._control, "-m", "immediate", "restart"])

    def stop(self) -> None:
        """Nobody listens any more."""
        run_as(self._user, [*self._control, "-m", "immediate", "stop"])

    def start(self) -> None:
        """As it was."""
        run_as(self._user, [*self._control, "start"])

    def freeze(self) -> list[int]:
        """It answers nothing any more, and keeps its connections; returns whom to thaw."""
        folder = Path(str(self._control[2]))
        first = int((folder / "postmaster.pid").read_text().split()[0])
        family = [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]
        for each in family:
            os.kill(each, signal.SIGSTOP)
        return family

    def thaw(self, family: list[int]) -> None:
        for each in family:
            os.kill(each, signal.SIGCONT)


def run_as(user: str | None, command: processes.Command) -> None:
    """A program of PostgreSQL, whose words nobody reads; the server that it starts must not hold our pipes."""
    subprocess.run(
        command,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def _initialised(binaries: Path, user: str | None) -> Iterator[tuple[Path, int, list[str]]]:
    """The folder of a new server, its port and its settings as words of a command."""
    with processes.folder("postgres") as home:
        if user:
            shutil.chown(home, user, user)
        access = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        run_as(user, [binaries / "initdb", "-D", home / "data", "-N", *access])
        (port,) = processes.free_ports(1)
        yield home, port, [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    binaries = find_binaries()
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    with _initialised(binaries, user) as (home, port, options):
        log = home / "log"
        command: processes.Command = [binaries / "postgres", "-D", home / "data", "-p", str(port), "-k", home, *options]
        with processes.running(*command, log=log, user=user, stop=signal.SIGINT):
            ready: processes.Command = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            processes.wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, what="PostgreSQL", log=log)
            yield PostgresServer(binaries, port)


@pytest.fixture
def mortal_postgres() -> Iterator[MortalServer]:
    binaries = find_binaries()
    user = "postgres" if os.geteuid() == 0 else None
    with _initialised(binaries, user) as (home, port, options):
        durable = ["-c", "synchronous_commit=on"]  # what was committed outlives the server's own processes
        words = " ".join(["-p", str(port), "-k", str(home), *options, *durable])
        control: processes.Command = [binaries / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", words]
        mortal = MortalServer(PostgresServer(binaries, port), control, user)
        mortal.start()
        yield mortal
        with suppress(subprocess.CalledProcessError):
            mortal.stop()


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
