"""Forks `vestnik run` and the sandbox from a process that has imported the libraries: they are started many times.

Apart from the imports and the catalogues they run and end like processes of their own. To import the libraries takes
two seconds of processor time.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from pkgutil import resolve_name

from bot.settings import settings_source_for_child, take_on_settings_source

READ_BEFORE = [
    "bot.bench.peers.catalogues",
    "bot.cli",
    "bot.max.bot",
    "bot.run.clock",
    "bot.run.receipts",
    "bot.run.schema_watch",
    "bot.run.worker",
    "bot.sandbox.__main__",
    "bot.telegram.bot",
    "bot.telegram.webhook",
    "notifiers.email.channel",
    "notifiers.max.channel",
    "notifiers.sms.channel",
    "notifiers.telegram.channel",
    "storage.schema",
]
"""Not `bot.app`: it has state that must differ between processes."""

_COMMAND_LINE, _SANDBOX = "bot.cli:main", "bot.sandbox.__main__:main"
"""Named, as in a console script: they are other processes, and the benchmarks do not import them."""

_LONGEST_LINE = 4096
"""Bytes that a pipe takes whole."""

_POLL_SECONDS = 0.01

_REAPING = threading.Lock()
"""A start also asks all earlier processes for their exit codes, and a code that two threads ask for is lost to one."""


class WarmProcess:
    """The part of `asyncio.subprocess.Process` that benchmarks and tests use."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """None while the process runs; negative after a signal."""
        with _REAPING:
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
    return await start_warm_command_process(["run", part], environment, errors=errors)


async def start_warm_command_process(
    words: Sequence[str],
    environment: Mapping[str, str],
    *,
    errors: Path | None = None,
    prepare: Callable[[], None] | None = None,
) -> WarmProcess:
    """`vestnik WORDS` likewise; `prepare` is a function of a module, called in the process before the command."""
    return await _fork(_COMMAND_LINE, words, environment, errors=errors, prepare=prepare)


async def start_warm_sandbox(words: Sequence[str], *, patience: float) -> tuple[WarmProcess, str]:
    """`python -m bot.sandbox WORDS` likewise, and the line that it says when it serves. Raises TimeoutError."""
    reader, writer = _WARM.Pipe(duplex=False)
    with reader:
        with writer:
            process = await _fork(_SANDBOX, words, {}, output=writer)
        if not await asyncio.to_thread(reader.poll, patience):
            process.send_signal(signal.SIGKILL)
            raise TimeoutError
        return process, os.read(reader.fileno(), _LONGEST_LINE).decode()


async def _fork(
    main: str,
    words: Sequence[str],
    environment: Mapping[str, str],
    *,
    output: Connection | None = None,
    errors: Path | None = None,
    prepare: Callable[[], None] | None = None,
) -> WarmProcess:
    """Runs `main` with these words once the process has a group of its own."""
    known = settings_source_for_child(environment)
    process = _WARM.Process(target=_run, args=(main, words, known, output, errors, prepare), daemon=True)
    await asyncio.to_thread(_start_alone, process)
    started = WarmProcess(process)
    with suppress(ProcessLookupError):
        while os.getpgid(started.pid) != started.pid:  # noqa: ASYNC110  # another process
            await asyncio.sleep(_POLL_SECONDS)
    return started


def _start_alone(process: ForkServerProcess) -> None:
    with _REAPING:
        process.start()


def _run(
    main: str,
    words: Sequence[str],
    environment: Mapping[str, str],
    output: Connection | None,
    errors: Path | None,
    prepare: Callable[[], None] | None,
) -> None:
    take_on_settings_source(environment)
    if output is None:
        _redirect(1, Path(os.devnull))
    else:
        os.dup2(output.fileno(), 1)
    if errors is not None:
        _redirect(2, errors)
    os.setsid()
    program = resolve_name(main)
    if prepare is not None:
        prepare()
    raise SystemExit(program(list(words)))


def _redirect(number: int, file: Path) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(opened, number)
    os.close(opened)


_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(READ_BEFORE)
