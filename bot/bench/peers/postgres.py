"""A private PostgreSQL for the length of a benchmark: the newest that is installed, its data in a temporary folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.bench.peers.processes import free_port_for_process

INSTALLED = Path("/usr/lib/postgresql")
ACCESS = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")


@dataclass(frozen=True, slots=True)
class Server:
    """`create` gives the URL of a new and empty database of this name; `restart` kills a server and starts it again.

    `copy` takes the URL of a database, to which nobody is connected, and the name of a new one that is to be like it.
    SQLite has no server, so no `restart`.
    """

    create: Callable[[str], str]
    restart: Callable[[], None] | None = None
    copy: Callable[[str, str], str] | None = None

    def like(self, template: str) -> "Server":
        """The same server, whose new databases are copies of the one at `template`."""
        return self if self.copy is None else replace(self, create=partial(self.copy, template))


@contextmanager
def postgres_and_sqlite_databases(folder: Path) -> Iterator[Mapping[str, Server]]:
    """The kinds of database by name, while the block runs; only SQLite on a machine without PostgreSQL."""
    kinds = {"sqlite": Server(lambda name: f"sqlite+aiosqlite:///{folder}/{name}.db", copy=_copy_file)}
    with private_server() as server:
        if server is not None:
            kinds["postgresql"] = server
        yield kinds


@contextmanager
def private_server() -> Iterator[Server | None]:
    """The server while the block runs; None on a machine without one."""
    binaries = max(INSTALLED.glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="vestnik-postgres-") as name:
        home, port = Path(name), free_port_for_process()
        if os.geteuid() == 0:
            shutil.chown(home, "postgres", "postgres")
        data = ("-D", str(home / "data"))
        _run(binaries / "initdb", *data, *ACCESS)
        listen = f"-p {port} -c listen_addresses=127.0.0.1 -k {home}"
        control = partial(_run, binaries / "pg_ctl", *data, "-w", "-l", str(home / "log"), "-o", listen)
        control("start")
        try:
            yield Server(
                create=lambda database: _create(binaries, port, database),
                restart=lambda: control("-m", "immediate", "restart"),
                copy=lambda like, database: _create(binaries, port, database, like.rpartition("/")[2]),
            )
        finally:
            _run(binaries / "pg_ctl", *data, "-m", "immediate", "stop")


def _copy_file(like: str, name: str) -> str:
    scheme, _, file = like.partition("///")
    shutil.copy(file, copy := Path(file).with_name(f"{name}.db"))
    return f"{scheme}///{copy}"


def _create(binaries: Path, port: int, database: str, like: str = "template1") -> str:
    _run(binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-T", like, database)
    return f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{database}"


def _run(program: Path, *arguments: str) -> None:
    """Runs a program; as the user `postgres` if we are root, because the server refuses to run as root."""
    account = "postgres" if os.geteuid() == 0 else None
    subprocess.run(  # noqa: S603  # Debian's own programs
        [program, *arguments],
        user=account,
        group=account,
        extra_groups=[] if account else None,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
