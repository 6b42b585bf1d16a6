"""Files of announcements for channels that attach them: fetched from the messenger that stores them (Q97)."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.ports import FileStore, Notifier

MOST_BYTES = 10 << 20
"""A longer file is named in the text: many mail servers refuse it, encoded it is a third longer."""

_KEPT = 4
"""Files kept in memory: the mails of one announcement go one after another."""


@dataclass(slots=True)
class StoredFiles:
    """Fetches each file once for the mails of one broadcast; a file that is not to be had is asked for again."""

    channels: Mapping[str, Notifier]
    _kept: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def fetched(self, wanted: Iterable[tuple[str, str]]) -> Mapping[str, bytes]:
        """By reference, the files that could be fetched; `wanted`: the channel of each, and its reference there."""
        found: dict[str, bytes] = {}
        for channel, reference in dict.fromkeys(wanted):
            content = await self._fetch(channel, reference)
            if content is not None:
                found[reference] = content
        return found

    async def _fetch(self, channel: str, reference: str) -> bytes | None:
        store: object = self.channels.get(channel)
        if not isinstance(store, FileStore) or not reference:
            return None
        async with self._one_at_a_time:
            place = channel, reference
            if place not in self._kept:
                content = await store.fetch_file(reference, most=MOST_BYTES)
                if content is None:
                    return None
                while len(self._kept) >= _KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[place] = content
            return self._kept[place]
