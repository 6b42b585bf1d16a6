"""The sandbox as a process of its own: ``python -m bot.sandbox --port N``; one JSON line has all addresses."""

import argparse
import asyncio
import gc
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import SandboxServer

SOMEBODY = [SandboxPerson("Мария Лескова", "мама", 101, "leskova@example.test", "+79000000001", note="/start ABC")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    gc.disable()  # it keeps all that was ever said; a walk through that would be measured as the bot's delay
    asyncio.run(_serve(_options(arguments)))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="Bot API, page, SMS; 0 = any free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="mail; 0 = any free one")
    parser.add_argument("--people", type=Path, help="JSON: a list of objects with the fields of SandboxPerson")
    parser.add_argument("--started", type=int, nargs=2, default=(1, 0), metavar=("FIRST", "LAST"),
                        help="chats with these ids are started already")  # fmt: skip
    return parser.parse_args(arguments)


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    first, last = options.started
    people, started = _people(options.people), range(first, last + 1)
    async with SandboxServer.open(people, port=options.port, smtp_port=options.smtp_port, started=started) as world:
        names = ("bot_api", "token", "max_api", "max_token", "smtp_url", "sms_url", "page_url")
        sys.stdout.write(json.dumps({name: getattr(world, name) for name in names}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _people(path: Path | None) -> Sequence[SandboxPerson]:
    if path is None:
        return SOMEBODY
    return [SandboxPerson(**person) for person in json.loads(path.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    main()
