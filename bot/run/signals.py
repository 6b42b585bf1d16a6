"""SIGTERM and Ctrl+C: the first asks all parts to end and is obeyed within ten seconds, the second at once (Q120)."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 9.0
"""Seconds from the first signal to the end, whatever a peer does; they count from before the parts know of it."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def obeying_signals(stopping: asyncio.Event) -> Iterator[None]:
    """The first signal sets `stopping` while the block runs.

    A thread keeps the time: a loop that is busy or waits for a peer could not.
    """
    asked, over = threading.Event(), threading.Event()

    def obey(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            _end()
        asked.set()
        try:
            asyncio.get_running_loop().call_soon_threadsafe(stopping.set)
        except RuntimeError:  # no loop runs yet
            stopping.set()

    def watch() -> None:
        asked.wait()
        if not over.wait(PATIENCE):
            _end()

    before = {number: signal.signal(number, obey) for number in SIGNALS}
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
        asked.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end() -> None:
    """Without waiting for anybody, not even for who reads stderr; what was in flight is taken up as after a kill."""
    os._exit(0)
