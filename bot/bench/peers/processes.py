"""The sandbox and real workers as child processes, which always end with the benchmark."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bot.bench.peers.warm import WarmProcess
from bot.settings import child_environment

_RUN = "from bot.cli import main; raise SystemExit(main(['run', {part!r}]))"
_PATIENCE = 30.0
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class World:
    """Where the stand-in listens."""

    bot_api: str
    token: str
    smtp_url: str
    sms_url: str

    async def log(self) -> Sequence[Mapping[str, Any]]:
        """All sends that it accepted, in order."""
        accepted: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "log")
        return accepted

    async def mails(self) -> Sequence[Mapping[str, Any]]:
        """All mails that it accepted, in order."""
        accepted: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "mail")
        return accepted

    async def sms(self) -> Sequence[Mapping[str, Any]]:
        """All SMS that it accepted, in order."""
        accepted: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "sms")
        return accepted

    async def said(self) -> Sequence[Mapping[str, Any]]:
        """All messages of the bot, chat by chat."""
        chats: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "chats")
        return [said for each in chats for said in each["messages"] if said["from_bot"]]

    async def heard(self) -> set[int]:
        """The chats in which the bot has said something."""
        return {said["chat"]["id"] for said in await self.said()}

    async def forget(self) -> None:
        """Begin a new measurement."""
        await asyncio.to_thread(self._call, "DELETE", "log")

    async def lose_answers(self, share: float) -> None:
        """From now on this share of the sends is accepted and never answered."""
        await self.suffer("answer_lost", share)

    async def suffer(self, kind: str, share: float, **details: object) -> None:
        """From now on this share of the calls meets a fault, with details as the sandbox's README names them."""
        fault = {"kind": kind, "probability": share, "times": None, **details}
        await asyncio.to_thread(self._call, "POST", "faults", json.dumps(fault).encode())

    async def mend(self) -> None:
        """From now on everything works."""
        await asyncio.to_thread(self._call, "DELETE", "faults")

    def _call(self, method: str, what: str, body: bytes | None = None) -> Any:
        request = Request(f"{self.bot_api}/sandbox/{what}", data=body, method=method)  # noqa: S310  # our own stand-in
        with urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310  # as above
            return json.load(response)


@asynccontextmanager
async def stand_in(chats: range) -> AsyncIterator[World]:
    """The sandbox, in which these chats are started, while the block runs."""
    started = ("--started", str(chats[0]), str(chats[-1]))
    process = await _spawn("-m", "bot.sandbox", *started, stdout=PIPE)
    try:
        if process.stdout is None:
            raise RuntimeError
        async with asyncio.timeout(_PATIENCE):
            said = json.loads(await process.stdout.readline())
        yield World(said["bot_api"], said["token"], said["smtp_url"], said["sms_url"])
    finally:
        await kill(process)


async def start_worker(environment: Mapping[str, str]) -> Process:
    """`vestnik run worker` as a school would start it."""
    return await _spawn("-c", _RUN.format(part="worker"), environment=environment)


async def start_bot(environment: Mapping[str, str]) -> Process:
    """`vestnik run bot` likewise."""
    return await _spawn("-c", _RUN.format(part="bot"), environment=environment)


async def start_everything(environment: Mapping[str, str], *, machine: Mapping[str, str] = NOTHING) -> Process:
    """`vestnik run`: bot, worker and schedule in one process; `machine`: variables that are no settings."""
    return await _spawn("-c", _RUN.format(part="all"), environment=environment, machine=machine)


async def start_module(name: str, *arguments: str) -> Process:
    """A program of the benchmarks' own."""
    return await _spawn("-m", name, *arguments)


async def kill(process: Process | WarmProcess) -> None:
    """SIGKILL for the whole group: nothing is cleaned up, and nothing is left."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def worker_environment(data: Path, database: str, world: World, *, pace: float) -> dict[str, str]:
    """A school without quiet hours, whose standby takes over after a second."""
    return {
        "DATA": str(data),
        "DATABASE_URL": database,
        "BOT_API": world.bot_api,
        "BOT_TOKEN": world.token,
        "TELEGRAM_POLICY": "full",
        "PUSH_PACE": str(pace),
        "QUIET": "none",
        "WINDOW": "PT0S",
        "LEASE": "PT1S",
        "LOG_LEVEL": "error",
        "RECEIPTS_LISTEN": f"127.0.0.1:{free_port()}",
    }


async def _spawn(
    *arguments: str,
    environment: Mapping[str, str] = NOTHING,
    machine: Mapping[str, str] = NOTHING,
    stdout: int = DEVNULL,
) -> Process:
    """A group of its own; of the machine's settings it sees only what is given."""
    known = child_environment(environment) | dict(machine)
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=known, stdout=stdout, start_new_session=True
    )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
