"""Publishes changes to every open page, with their time."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Change = tuple[str, dict[str, Any]]
Clock = Callable[[], float]
"""The clock of messages, as Unix time in seconds."""


class SandboxFeed:
    """Publishes changes; their content is computed only while a page is open."""

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
