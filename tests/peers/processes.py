"""Real services as child processes: found or asked for, on free ports, in a folder of their own, and surely ended."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

Command = list[str | Path]

SEARCH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/kannel/test"


def program(name: str, *, package: str) -> Path:
    """A program of a Debian package; the test is skipped where it is missing, and fails in CI."""
    found = shutil.which(name, path=SEARCH)
    return Path(found) if found else unavailable(f"{name} is missing: install the Debian package {package}")


def unavailable(reason: str) -> NoReturn:
    """CI promises the real peers, so there a missing one is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on; all are held until the last is found, so they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextmanager
def folder(name: str) -> Iterator[Path]:
    """A folder that the service users may enter (pytest's are closed to them); its path is short enough for sockets."""
    path = Path(tempfile.mkdtemp(prefix=f"vestnik-{name}-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextmanager
def running(
    *command: str | Path, log: Path, user: str | None = None, stop: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """A service for the length of the block; `stop` ends it politely, SIGKILL ends whatever is left of its group."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    try:
        yield process
    finally:
        end(process, stop=stop)


def end(process: subprocess.Popen[bytes], *, stop: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(stop)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=3)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(ready: Callable[[], bool], *, what: str, log: Path, seconds: float = 20) -> None:
    """Poll until the service answers; otherwise the end of its log is the error."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not start within {seconds} s:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
