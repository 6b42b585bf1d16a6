"""Files of MAX: how one is named in messages of ours, uploads that are made once, and attachments."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from notifiers.max.api import MaxApi, RefusedCallError
from notifiers.max.limits import Json

IMAGE, FILE = "image", "file"
PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before an attachment that is not processed yet is tried again."""

_MOST_TOKENS = 1000
_BLANK = " "


@dataclass(frozen=True, slots=True)
class MaxStoredFile:
    """A file that somebody sent to the bot: its token sends it again, its address brings the content for a while."""

    kind: str
    token: str
    url: str = ""

    @classmethod
    def of(cls, reference: str) -> "MaxStoredFile":
        """The file of a reference that `reference` has written."""
        kind, token, url = (*reference.split(_BLANK, 2), "", "")[:3]
        return cls(kind, token, url)

    @property
    def reference(self) -> str:
        """In one line, as it is stored with messages."""
        return _BLANK.join((self.kind, self.token, self.url)).strip()

    def attachment(self) -> Json:
        """The file in a message."""
        return {"type": self.kind, "payload": {"token": self.token}}


@dataclass(slots=True)
class MaxFileUploads:
    """Uploads each content once; MAX's tokens may be used again."""

    api: MaxApi
    _payloads: dict[tuple[str, str, bytes], Json] = field(default_factory=dict)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def attachment(self, kind: str, name: str, content: bytes) -> Json:
        """The content in a message. Raises MaxError."""
        place = kind, name, hashlib.sha256(content).digest()
        async with self._one_at_a_time:
            if place not in self._payloads:
                self._payloads[place] = await self.api.upload(kind, name, content)
                if len(self._payloads) > _MOST_TOKENS:
                    del self._payloads[next(iter(self._payloads))]
            return {"type": kind, "payload": self._payloads[place]}


async def max_file_when_ready(send: Callable[[], Awaitable[Json]]) -> Json:
    """The answer to a message whose attachment MAX may still be processing: it is tried again after a pause."""
    for pause in PAUSES:
        try:
            return await send()
        except RefusedCallError as refused:
            if not refused.is_not_ready:
                raise
        await asyncio.sleep(pause)
    return await send()
