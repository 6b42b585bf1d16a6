"""Running under systemd: the unit files are right by its own judgment, and it hears of the process."""

import asyncio
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from bot.operation.systemd_notice import send_systemd_notices
from bot.operation.systemd_units import Installation, systemd_units
from bot.settings.systemd import systemd_notify_socket, systemd_watchdog_term
from tests.peers import processes
from tests.support.keyboard import Keyboard

UNITS = ["vestnik-backup.service", "vestnik-backup.timer", "vestnik.service"]


def test_the_units_pass_systemds_own_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`vestnik service DIR` needs nobody and no database; the next three commands are printed."""
    monkeypatch.setenv("VESTNIK_PRINTER", str(tmp_path / "pages"))
    keyboard = Keyboard(tmp_path / "the school", capsys, monkeypatch)
    done = keyboard.done("service", tmp_path / "units")
    assert [Path(line).name for line in sorted(done.out.splitlines())] == UNITS
    assert "systemctl enable --now vestnik.service vestnik-backup.timer" in done.err
    checker = processes.program("systemd-analyze", package="systemd")
    units = [tmp_path / "units" / name for name in UNITS]
    checked = subprocess.run([checker, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    written = re.search("^ReadWritePaths=(.*)$", units[2].read_text(encoding="utf-8"), re.MULTILINE)
    assert written is not None
    folders = [keyboard.data, keyboard.data / "backups", tmp_path / "pages"]
    assert written[1] == " ".join(f'"-{folder}"' for folder in folders)
    assert all(folder.stat().st_mode & 0o777 == 0o700 for folder in folders)


def test_a_place_that_systemd_would_read_otherwise_is_written_out() -> None:
    """Blanks are quoted, and `%h` in a path is no home folder."""
    odd = Path('/srv/school "30" 100%h')
    units = systemd_units(Installation(Path("/opt/a b/vestnik"), odd, [odd], "vestnik"))
    service = units["vestnik.service"]
    assert 'ExecStart="/opt/a b/vestnik" run' in service
    assert 'Environment="VESTNIK_DATA=/srv/school \\"30\\" 100%%h"' in service
    assert "RestartPreventExitStatus=2 75" in service


async def test_systemd_hears_that_the_process_is_ready_lives_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watchdog is fed three times a term."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "60000")
        monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
        async with send_systemd_notices():
            await asyncio.sleep(0.1)
        heard = [systemd.recv(100).decode() for _ in range(4)]
    assert heard[0] == "READY=1"
    assert heard[1:3] == ["WATCHDOG=1"] * 2


async def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started by hand there is no socket."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    async with send_systemd_notices():
        assert (systemd_notify_socket(), systemd_watchdog_term()) == (None, None)
