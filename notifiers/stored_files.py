"""Files of announcements and homework for other channels than the messenger that stores them (Q97, Q141).

Each is fetched from its messenger once, and kept in the database for its term.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import StorageError
from core.ports import Notifier, NotifierFileStorePort, UnitOfWorkFactory

MOST_BYTES = 20 << 20
"""A longer file is named in the text: Telegram gives bots none."""

_KEPT = 2
"""Files in memory: the messages of one announcement go one after another."""


@dataclass(slots=True)
class StoredFiles:
    """Gives the content of files that other channels store; one that is not to be had is asked for again.

    Without `open_uow` they are kept in memory alone.
    """

    channels: Mapping[str, Notifier]
    open_uow: UnitOfWorkFactory | None = None
    clock: Callable[[], datetime] | None = None
    _in_memory: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _keeping: asyncio.Task[None] | None = None

    async def fetched(self, wanted: Iterable[tuple[str, str]], *, most: int = MOST_BYTES) -> Mapping[str, bytes]:
        """By reference, the files that could be had; `wanted`: the channel of each, and its reference there."""
        found: dict[str, bytes] = {}
        for channel, reference in dict.fromkeys(wanted):
            content = await self._content(channel, reference)
            if content is not None and len(content) <= most:
                found[reference] = content
        return found

    def keep_expected_soon(self) -> None:
        """Begin to fetch the files that wait for it, unless that goes on already; nothing waits for it."""
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_expected())

    async def stop(self, *, within: float) -> None:
        """Let what is being fetched come to its end, at most so many seconds."""
        if self._keeping is not None:
            await asyncio.wait([self._keeping], timeout=within)
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None

    async def _keep_expected(self) -> None:
        """Fetch what is expected now, one after another; a school with one channel for files keeps none."""
        with suppress(StorageError):  # the next round begins again
            while (expected := await self._expected()) is not None and self._is_wanted_elsewhere(expected[0]):
                await self._content(*expected)

    async def _expected(self) -> tuple[str, str] | None:
        if self.open_uow is None or self.clock is None:
            return None
        async with self.open_uow(reading=True) as uow:
            return await uow.conversations.expected_file(now=self.clock())

    def _is_wanted_elsewhere(self, channel: str) -> bool:
        return any(each.limits.attachments for name, each in self.channels.items() if name != channel)

    async def _content(self, channel: str, reference: str) -> bytes | None:
        place = channel, reference
        async with self._one_at_a_time:
            content = self._in_memory.get(place)
            if content is None and (content := await self._kept(place)) is None:
                content = await self._fetch(place)
                await self._keep(place, content)
            if content is not None:
                self._remember(place, content)
            return content

    async def _kept(self, place: tuple[str, str]) -> bytes | None:
        if self.open_uow is None:
            return None
        async with self.open_uow(reading=True) as uow:
            return await uow.conversations.kept_file(*place)

    async def _fetch(self, place: tuple[str, str]) -> bytes | None:
        channel, reference = place
        store: object = self.channels.get(channel)
        if not isinstance(store, NotifierFileStorePort) or not reference:
            return None
        return await store.fetch_file(reference, most=MOST_BYTES)

    async def _keep(self, place: tuple[str, str], content: bytes | None) -> None:
        if self.open_uow is None or self.clock is None:
            return
        async with self.open_uow() as uow:
            await uow.conversations.keep_file(*place, content, now=self.clock())
            await uow.commit()

    def _remember(self, place: tuple[str, str], content: bytes) -> None:
        while place not in self._in_memory and len(self._in_memory) >= _KEPT:
            del self._in_memory[next(iter(self._in_memory))]
        self._in_memory[place] = content
