"""The sandbox and real workers as child processes, which always end with the benchmark."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.bench.peers.sandbox_client import SandboxClient
from bot.bench.peers.warm import WarmProcess, start_warm_sandbox
from bot.settings import settings_source_for_child

_RUN = "from bot.cli import main; raise SystemExit(main(['run', {part!r}]))"
_PATIENCE = 120.0
"""Seconds within which a process has started, on a busy machine too."""

NOTHING: Mapping[str, str] = {}


@asynccontextmanager
async def run_bench_sandbox_process(chats: range) -> AsyncIterator[SandboxClient]:
    """The sandbox as a process, while the block runs; in these chats the bot is started already."""
    process, said = await start_warm_sandbox(("--started", str(chats[0]), str(chats[-1])), patience=_PATIENCE)
    try:
        urls = json.loads(said)
        yield SandboxClient(
            urls["bot_api"], urls["token"], urls["smtp_url"], urls["sms_url"], urls["max_api"], urls["max_token"]
        )
    finally:
        await kill_process_group(process)


@asynccontextmanager
async def lend_sandbox_process(chats: range, world: SandboxClient | None) -> AsyncIterator[SandboxClient]:
    """A sandbox that runs already, without what it remembers; or one of its own, as `run_bench_sandbox_process`."""
    if world is None:
        async with run_bench_sandbox_process(chats) as own:
            yield own
        return
    await world.forget()
    await world.start_chats(chats)
    try:
        yield world
    finally:
        await world.remove_faults()


async def start_bench_worker_process(environment: Mapping[str, str]) -> Process:
    """`vestnik run worker` as a school would start it."""
    return await _spawn("-c", _RUN.format(part="worker"), environment=environment)


async def start_bench_bot_process(environment: Mapping[str, str]) -> Process:
    """`vestnik run bot` as a school would start it."""
    return await _spawn("-c", _RUN.format(part="bot"), environment=environment)


async def start_bench_whole_process(environment: Mapping[str, str], *, machine: Mapping[str, str] = NOTHING) -> Process:
    """`vestnik run`: all parts in one process; `machine`: further environment variables, which are no settings."""
    return await _spawn("-c", _RUN.format(part="all"), environment=environment, machine=machine)


async def start_bench_module_process(name: str, *arguments: str) -> Process:
    """A module of the benchmarks, run as a program."""
    return await _spawn("-m", name, *arguments)


async def kill_process_group(process: Process | WarmProcess) -> None:
    """Sends SIGKILL to the whole process group and waits for its end."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def worker_process_environment(
    data: Path, database: str, world: SandboxClient, *, pace: float, channel: str = "telegram"
) -> dict[str, str]:
    """Settings without quiet hours, with one messenger, whose standby worker takes over after a second."""
    messenger = {
        "telegram": {
            "BOT_API": world.bot_api, "BOT_TOKEN": world.token, "TELEGRAM_POLICY": "full", "PUSH_PACE": str(pace),
        },
        "max": {
            "MAX_API": world.max_api, "MAX_TOKEN": world.max_token, "MAX_POLICY": "full", "MAX_PACE": str(pace),
        },
    }  # fmt: skip
    return messenger[channel] | {
        "DATA": str(data),
        "DATABASE_URL": database,
        "QUIET": "none",
        "WINDOW": "PT0S",
        "LEASE": "PT1S",
        "LOG_LEVEL": "error",
        "RECEIPTS_LISTEN": f"127.0.0.1:{free_port_for_process()}",
        "HEALTH_LISTEN": f"127.0.0.1:{free_port_for_process()}",
    }


async def _spawn(
    *arguments: str, environment: Mapping[str, str] = NOTHING, machine: Mapping[str, str] = NOTHING
) -> Process:
    """Starts a process group of its own; of our own settings it inherits only those in `environment`."""
    known = settings_source_for_child(environment) | dict(machine)
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=known, stdout=DEVNULL, start_new_session=True
    )


def free_port_for_process() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
