"""SIGTERM and Ctrl+C: the first ends the process within ten seconds, the second at once (Q120)."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LONGEST_STOP = 9.0
"""Seconds from the first signal to the end of the process, whatever hangs."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stop_on_signals(stopping: asyncio.Event) -> Iterator[None]:
    """While the block runs, the first signal sets `stopping`.

    A thread measures the time, since a blocked event loop could not.
    """
    asked, over = threading.Event(), threading.Event()

    def obey(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            _exit_now()
        asked.set()
        try:
            asyncio.get_running_loop().call_soon_threadsafe(stopping.set)
        except RuntimeError:  # no loop runs yet
            stopping.set()

    def watch() -> None:
        asked.wait()
        if not over.wait(LONGEST_STOP):
            _exit_now()

    before = {number: signal.signal(number, obey) for number in SIGNALS}
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
        asked.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_now() -> None:
    """Exit without any clean-up, not even flushing stderr; messages in flight are recovered as after a kill."""
    os._exit(0)
