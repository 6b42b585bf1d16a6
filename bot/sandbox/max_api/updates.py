"""The queue of MAX's updates: polled behind a marker, or delivered to a webhook one at a time until it says 200."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.bot_api.call import Json
from bot.sandbox.faults import FaultKind, Peer, SandboxFaults
from bot.sandbox.max_api.refusal import MaxApiRefusal, invalid_max_api_refusal
from bot.sandbox.max_api.schema import max_api_schema

SECRET_HEADER = "X-Max-Bot-Api-Secret"  # noqa: S105 -- the name of a header
AGAIN = 0.05  # seconds between tries; MAX waits a minute and longer, tests should not
ANSWER_WAIT = 30.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class MaxApiUpdates:
    """What people did; an update that was delivered or polled past is gone."""

    def __init__(self, faults: SandboxFaults) -> None:
        self._faults = faults
        self._pending: list[tuple[int, Json]] = []
        self._last = 0
        self._arrived = asyncio.Event()
        self._delivery: asyncio.Task[None] | None = None
        self.subscription: Json | None = None
        self._secret = ""

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, update: Json) -> None:
        """Queue an update that MAX would write."""
        max_api_schema().check_update(update)
        self.add_raw(update)

    def add_raw(self, update: Json) -> None:
        """Queue an update as it is, also one that nobody knows yet."""
        self._last += 1
        self._pending.append((self._last, update))
        self._arrived.set()

    async def poll(self, marker: int | None, *, limit: int, seconds: float) -> Json:
        """Long polling behind a marker; refused while there is a subscription."""
        if self.subscription is not None:
            raise MaxApiRefusal(405, "method.not.allowed", "a subscription exists")
        if marker is not None:
            self._pending = [each for each in self._pending if each[0] > marker]
        if not self._pending:
            self._arrived.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), seconds)
        found = self._pending[:limit]
        return {"updates": [update for _, update in found], "marker": found[-1][0] if found else self._last}

    async def subscribe(self, body: Json, *, now: int) -> None:
        """Deliver to this address from now on."""
        if urlsplit(body["url"]).hostname not in _LOOPBACK:
            raise invalid_max_api_refusal("sandbox: the address must be on 127.0.0.1")
        await self.unsubscribe()
        self._secret = body.get("secret", "")
        kinds = body.get("update_types")
        self.subscription = {"url": body["url"], "time": now, "update_types": kinds, "version": None}
        self._delivery = asyncio.create_task(self._deliver(body["url"]))

    async def unsubscribe(self) -> None:
        """Deliver no more; what was not delivered stays queued."""
        self.subscription = None
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)
            self._delivery = None

    async def _deliver(self, url: str) -> None:
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(ANSWER_WAIT)) as session:
            while True:
                while not self._pending:
                    self._arrived.clear()
                    await self._arrived.wait()
                if await self._turn(session, url):
                    return

    async def _turn(self, session: aiohttp.ClientSession, url: str) -> bool:
        """Deliver the next update; True where the subscription has ended."""
        fault = self._faults.strike("webhook", None, peer=Peer.MAX_API)
        if fault is not None and fault.kind is FaultKind.UNSUBSCRIBED:
            self.subscription = None
            return True
        is_reordered = fault is not None and fault.kind is FaultKind.REORDERED and len(self._pending) > 1
        number, update = self._pending[1 if is_reordered else 0]
        is_taken = await _is_taken(session, url, update)
        if fault is not None and fault.kind is FaultKind.TWICE:
            await _is_taken(session, url, update)
        if is_taken:
            self._pending = [each for each in self._pending if each[0] != number]
        else:
            await asyncio.sleep(AGAIN)
        return False


async def _is_taken(session: aiohttp.ClientSession, url: str, update: Json) -> bool:
    with suppress(aiohttp.ClientError, TimeoutError):
        async with session.post(url, json=update) as response:
            return response.ok
    return False
