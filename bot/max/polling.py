"""Long polling for updates: without a webhook, as in the sandbox and in a small school."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.backoff import backoff_seconds
from bot.conversation.inbox import Inbox
from bot.conversation.line.connection import LineConnectionCalls
from notifiers.max.api import MaxApi, NoAnswerError
from notifiers.pacing import PacingWindow

LONG_POLL = 30  # seconds that MAX waits for an update
MOST_UPDATES = 100
"""Updates in one answer."""


POLLS_A_SECOND = 2.0
"""MAX's limit."""


async def poll_max(
    api: MaxApi,
    inbox: Inbox,
    *,
    kinds: Sequence[str],
    is_paced: bool,
    reach: LineConnectionCalls,
    stopping: asyncio.Event,
) -> None:
    """Poll updates until told to stop. The next poll confirms them, so they are stored before it."""
    line = _UpdateReader(api, kinds, PacingWindow.of_pace(POLLS_A_SECOND if is_paced else None))
    while not stopping.is_set():
        updates = await reach.call(line.fetch_updates) or []
        await reach.retry(partial(inbox.accept, updates))
        line.confirm()


class _UpdateReader:
    """Reads updates and keeps the marker."""

    def __init__(self, api: MaxApi, kinds: Sequence[str], pace: PacingWindow) -> None:
        self._api = api
        self._pace = pace
        self._kinds = ",".join(kinds)
        self._marker: int | None = None
        self._next: int | None = None
        self._limit = MOST_UPDATES
        self._empty_answers = 0

    def confirm(self) -> None:
        """The next poll goes on behind the updates that were read."""
        self._marker = self._next

    async def fetch_updates(self) -> Sequence[object]:
        """Raw updates; after an unreadable answer half as many are requested."""
        await asyncio.sleep(backoff_seconds(self._empty_answers) if self._empty_answers else 0)
        query: dict[str, str | int] = {"limit": self._limit, "timeout": LONG_POLL, "types": self._kinds}
        if self._marker is not None:
            query["marker"] = self._marker
        try:
            async with self._pace.place(is_held_back=True):
                answer = await self._api.call("GET", "/updates", query=query, wait=LONG_POLL)
        except NoAnswerError:
            self._limit = max(self._limit // 2, 1)
            raise
        updates: Sequence[object] = answer["updates"]
        marker = answer.get("marker")
        self._limit = min(self._limit * 2, MOST_UPDATES)
        is_forward = type(marker) is int and marker != self._marker
        self._next = marker if is_forward else self._marker
        self._empty_answers = 0 if is_forward or not updates else self._empty_answers + 1
        return updates
