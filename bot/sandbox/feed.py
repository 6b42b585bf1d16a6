"""What has just happened, told to every open page at once, and when that was."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Change = tuple[str, dict[str, Any]]
Clock = Callable[[], float]
"""Unix time in seconds, as the world's people read it off their phones."""


class Feed:
    """With nobody watching a change costs nothing: what to show is only computed for somebody."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._watchers: set[asyncio.Queue[Change]] = set()

    def now(self) -> int:
        """What messages, mails and sheets are stamped with."""
        return int(self._clock())

    def tell(self, kind: str, show: Callable[[], dict[str, Any]]) -> None:
        """Tell every watcher that something of this kind changed and how it looks now."""
        if not self._watchers:
            return
        shown = show()
        for watcher in self._watchers:
            watcher.put_nowait((kind, shown))

    @contextmanager
    def watched(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue of changes for as long as the page is open."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)
