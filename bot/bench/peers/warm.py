"""Forks `vestnik run` from a process that has imported the libraries: trials that kill start it many times.

Apart from the imports it runs and ends like a process of its own.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from pkgutil import resolve_name

from bot.settings import settings_source_for_child, take_on_settings_source

READ_BEFORE = [
    "bot.cli",
    "bot.max.bot",
    "bot.run.clock",
    "bot.run.receipts",
    "bot.run.schema_watch",
    "bot.run.worker",
    "bot.telegram.bot",
    "bot.telegram.webhook",
    "notifiers.email.channel",
    "notifiers.max.channel",
    "notifiers.sms.channel",
    "notifiers.telegram.channel",
    "storage.schema",
]
"""Not `bot.app`: it has state that must differ between processes."""

_POLL_SECONDS = 0.01


class WarmProcess:
    """The part of `asyncio.subprocess.Process` that benchmarks and tests use."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """None while the process runs; negative after a signal."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Its exit code."""
        while (code := self.returncode) is None:  # noqa: ASYNC110  # another process
            await asyncio.sleep(_POLL_SECONDS)
        return code


async def start_warm_process(part: str, environment: Mapping[str, str], *, errors: Path | None = None) -> WarmProcess:
    """`vestnik run PART` in a process group of its own; its stderr is written to the file `errors`."""
    return await start_command(["run", part], environment, errors=errors)


async def start_command(
    words: Sequence[str],
    environment: Mapping[str, str],
    *,
    errors: Path | None = None,
    prepare: Callable[[], None] | None = None,
) -> WarmProcess:
    """`vestnik WORDS` likewise; `prepare` is a function of a module, called in the process before the command."""
    known = settings_source_for_child(environment)
    process = _WARM.Process(target=_run, args=(words, known, errors, prepare), daemon=True)
    await asyncio.to_thread(process.start)
    started = WarmProcess(process)
    with suppress(ProcessLookupError):
        while os.getpgid(started.pid) != started.pid:  # noqa: ASYNC110  # another process
            await asyncio.sleep(_POLL_SECONDS)
    return started


def _run(
    words: Sequence[str], environment: Mapping[str, str], errors: Path | None, prepare: Callable[[], None] | None
) -> None:
    take_on_settings_source(environment)
    _redirect(1, Path(os.devnull))
    if errors is not None:
        _redirect(2, errors)
    os.setsid()
    main = resolve_name(
        "bot.cli:main"
    )  # as the console script does: another process, which the benchmarks do not import
    if prepare is not None:
        prepare()
    raise SystemExit(main(list(words)))


def _redirect(number: int, file: Path) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(opened, number)
    os.close(opened)


_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(READ_BEFORE)
