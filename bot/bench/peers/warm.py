"""`vestnik run` forked from a process that has read the libraries: a trial that kills starts it often.

Everything from the command line on is as in a process of its own, and so is its end.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.settings import child_environment, take_on

READ_BEFORE = [
    "bot.cli",
    "bot.run.clock",
    "bot.run.receipts",
    "bot.run.schema_watch",
    "bot.run.worker",
    "bot.telegram.bot",
    "bot.telegram.webhook",
    "notifiers.email.channel",
    "notifiers.sms.channel",
    "notifiers.telegram.channel",
    "storage.schema",
]
"""Not `bot.app`: it holds what tells one process from another."""

_LOOK = 0.01


class WarmProcess:
    """What the tests use of an `asyncio.subprocess.Process`."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """None while it lives; negative after a signal."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Its exit code."""
        while (code := self.returncode) is None:  # noqa: ASYNC110  # another process
            await asyncio.sleep(_LOOK)
        return code


async def start(part: str, environment: Mapping[str, str], *, words: Path | None = None) -> WarmProcess:
    """`vestnik run PART` in a group of its own; what it says on stderr goes to the file `words`."""
    known = child_environment(environment)
    process = _WARM.Process(target=_run, args=(part, known, words), daemon=True)
    await asyncio.to_thread(process.start)
    begun = WarmProcess(process)
    with suppress(ProcessLookupError):
        while os.getpgid(begun.pid) != begun.pid:  # noqa: ASYNC110  # another process
            await asyncio.sleep(_LOOK)
    return begun


def _run(part: str, environment: Mapping[str, str], words: Path | None) -> None:
    take_on(environment)
    _say_to(1, Path(os.devnull))
    if words is not None:
        _say_to(2, words)
    os.setsid()
    from bot.cli import main

    raise SystemExit(main(["run", part]))


def _say_to(number: int, file: Path) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(opened, number)
    os.close(opened)


_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(READ_BEFORE)
