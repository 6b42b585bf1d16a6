"""A private CUPS on 127.0.0.1 with one queue, `school`, behind which cups-pdf prints into the home folder's PDF.

The filters run as another user, so the folder of temporary files is open to all. The backend of cups-pdf runs as root
and writes to the home of whoever prints; a printed file has the job's title in its name.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers import processes

QUEUE = "school"
CONFIGURATION = Path(__file__).with_name("cups.conf").read_text()
MODEL = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd"
FOLDERS = {"ServerRoot": "root", "StateDir": "run", "RequestRoot": "spool", "CacheDir": "cache", "TempDir": "tmp"}
LOGS = ("AccessLog", "ErrorLog", "PageLog")


@dataclass(frozen=True, slots=True)
class PrintServer:
    """`address` is what CUPS_SERVER says to `lp`."""

    address: str
    printed: Path
    log: Path

    def wait_for(self, title: str) -> Path:
        """The printed file of the job with this title, once CUPS has no job any more."""
        processes.wait_until(lambda: self._is_idle() and bool(self._files(title)), what="the printer", log=self.log)
        (file,) = self._files(title)
        return file

    def _files(self, title: str) -> list[Path]:
        return list(self.printed.glob(f"{title}*.pdf")) if self.printed.exists() else []

    def _is_idle(self) -> bool:
        jobs = subprocess.run(["lpstat", "-h", self.address, "-o"], capture_output=True, text=True, check=True)
        return not jobs.stdout.strip()


@pytest.fixture(scope="session")
def running_print_server() -> Iterator[PrintServer]:
    server = processes.program("cupsd", package="cups")
    if os.geteuid() != 0:
        processes.unavailable("cups-pdf writes to the home of whoever prints: run the tests as root")
    (port,) = processes.free_ports(1)
    printed = Path.home() / "PDF"
    was_there = printed.exists()
    with processes.folder("cups") as home:
        settings = _prepare(home, port)
        with processes.running(server, "-f", "-c", settings[0], "-s", settings[1], log=home / "output"):
            processes.wait_until(lambda: processes.listens(port), what="CUPS", log=home / "output")
            address = f"127.0.0.1:{port}"
            queue = ["lpadmin", "-h", address, "-p", QUEUE, "-v", "cups-pdf:/", "-P", MODEL, "-E"]
            subprocess.run(queue, capture_output=True, check=True)
            yield PrintServer(address, printed, home / "output")
    if not was_there and printed.exists() and not any(printed.iterdir()):
        printed.rmdir()


@pytest.fixture
def print_server(running_print_server: PrintServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintServer]:
    """The print server, to which `lp` prints; what the test printed is removed."""
    monkeypatch.setenv("CUPS_SERVER", running_print_server.address)
    folder = running_print_server.printed
    before = set(folder.iterdir()) if folder.exists() else set()
    yield running_print_server
    for file in set(folder.iterdir()) - before if folder.exists() else ():
        file.unlink()


def _prepare(home: Path, port: int) -> tuple[Path, Path]:
    for name in FOLDERS.values():
        (home / name).mkdir(mode=0o755)
    (home / "tmp").chmod(0o1777)
    daemon, files = home / "root/cupsd.conf", home / "root/cups-files.conf"
    daemon.write_text(CONFIGURATION.replace("PORT", str(port)))
    places = [f"{key} {home / name}" for key, name in FOLDERS.items()]
    logs = [f"{key} {home / key}" for key in LOGS]
    files.write_text("\n".join([*places, *logs, "SystemGroup root", ""]))
    return daemon, files
