"""Tells systemd that the process is ready, lives and stops (sd_notify(3)); silent where systemd did not start it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.settings.systemd import systemd_notify_socket, systemd_watchdog_term


@asynccontextmanager
async def send_systemd_notices() -> AsyncIterator[None]:
    """While the block runs, the watchdog hears of the event loop: one that hangs is started again (WatchdogSec).

    Ready at once: the parts wait by themselves for what they need.
    """
    term = systemd_watchdog_term()
    feeding = asyncio.create_task(_feed_watchdog(term)) if term else None
    _tell("READY=1")
    try:
        yield
    finally:
        _tell("STOPPING=1")
        if feeding is not None:
            feeding.cancel()


async def _feed_watchdog(term: float) -> None:
    while True:
        _tell("WATCHDOG=1")
        await asyncio.sleep(term / 3)


def _tell(word: str) -> None:
    """One datagram; lost without a word, since the work does not depend on it."""
    place = systemd_notify_socket()
    if place is not None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
            line.sendto(word.encode(), place)
