"""The queue of updates: kept until a getUpdates with a later offset or a webhook's 2xx confirms them."""

import asyncio
from collections import deque
from collections.abc import Iterable

from bot.sandbox.bot_api.call import Json
from bot.sandbox.bot_api.refusal import conflict_refusal

_SECOND_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # only for who asks for them


class BotApiUpdates:
    """What the people did and the bot has not confirmed yet."""

    def __init__(self) -> None:
        self._pending: deque[Json] = deque()
        self._next_id = 1
        self._poll: asyncio.Future[None] | None = None
        self._arrived = asyncio.Event()
        self.allowed: frozenset[str] = frozenset()
        self.webhook_active = False

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, payload: Json) -> None:
        """Queue an update of this kind, unless the bot said it does not want such."""
        if kind not in self.allowed if self.allowed else kind in _ON_REQUEST:
            return
        self.add_raw({kind: payload})

    def add_raw(self, update: Json) -> None:
        """Queue an update as it is, also one that no bot of today can read."""
        self._pending.append({"update_id": self._next_id, **update})
        self._next_id += 1
        self._arrived.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember which kinds the bot wants; ``None`` leaves it as it was, nothing means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    async def poll(self, offset: int, *, limit: int, seconds: float) -> list[Json]:
        """Long polling; a waiting poll ends with 409 when another begins, as in Telegram."""
        if self.webhook_active:
            raise conflict_refusal(_WEBHOOK_ACTIVE)
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict_refusal(_SECOND_POLLER))
        self.confirm(offset)
        if not self._pending and seconds > 0:
            await self._wait(seconds)
        return [update for update, _ in zip(self._pending, range(limit), strict=False)]

    def confirm(self, offset: int) -> None:
        """Forget the updates below the offset; a negative one keeps that many from the end."""
        if offset < 0:
            offset = self._next_id + offset
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def drop(self) -> None:
        """``drop_pending_updates``."""
        self._pending.clear()

    async def first(self) -> Json:
        """The oldest update, for a webhook; waits until there is one."""
        while not self._pending:
            self._arrived.clear()
            await self._arrived.wait()
        return self._pending[0]

    async def _wait(self, seconds: float) -> None:
        self._poll = waiting = asyncio.get_running_loop().create_future()
        await asyncio.wait([waiting], timeout=seconds)
        if waiting.done():
            waiting.result()
        else:
            waiting.cancel()
