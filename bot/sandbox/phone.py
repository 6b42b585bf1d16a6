"""The families' telephones: an SMS gateway that speaks Kannel's sendsms and keeps every message by number."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.bot_api.entities import entity_utf16_length
from bot.sandbox.bot_api.spoilt import spoilt_bot_api_answer
from bot.sandbox.faults import FaultKind, Peer, SandboxFault, SandboxFaults
from bot.sandbox.feed import SandboxFeed

USER, PASSWORD = "school", "secret"
PATH = "/cgi-bin/sendsms"
ACCEPTED_BY_CENTRE, DELIVERED = 8, 1  # Kannel's delivery report codes; 2 is failed, 16 refused by the centre
REPORT_AFTER = 0.05  # seconds between one report and the next
REPORT_AGAIN = 1.0  # seconds until one that was not taken is made again
UCS2, GSM = (70, 67), (160, 153)  # length of a single message, and of each part of a longer one


@dataclass(slots=True)
class SandboxPhoneSms:
    """``reports`` are the delivery report codes the sender's address has taken so far.

    ``lost``: the answer to it was spoilt, so its sender does not know that it arrived.
    """

    number: int
    to: str
    sender: str
    text: str
    parts: int
    date: int
    reports: list[int] = field(default_factory=list)
    lost: bool = False

    def as_json(self) -> dict[str, Any]:
        """The SMS for the page and for reading out."""
        return asdict(self)


class SandboxPhone:
    """All SMS, oldest first; ``phone[number]`` are those of one telephone, written with or without a plus."""

    def __init__(self, feed: SandboxFeed, faults: SandboxFaults | None = None) -> None:
        self._faults = SandboxFaults() if faults is None else faults
        self._received: list[SandboxPhoneSms] = []
        self._outcomes: dict[str, tuple[int, ...]] = {}
        self._numbers = itertools.count(1)
        self._reporting: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._feed = feed

    def __getitem__(self, to: str) -> list[SandboxPhoneSms]:
        return [sms for sms in self._received if sms.to.lstrip("+") == to.lstrip("+")]

    def __iter__(self) -> Iterator[SandboxPhoneSms]:
        return iter(self._received)

    def __len__(self) -> int:
        return len(self._received)

    def report(self, to: str, *codes: int) -> None:
        """Report these codes for this number from now on; none at all means silence."""
        self._outcomes[to.lstrip("+")] = codes

    def routes(self) -> list[web.AbstractRouteDef]:
        """Kannel's one address."""
        return [web.get(PATH, self._sendsms)]

    @asynccontextmanager
    async def reporting(self) -> AsyncIterator[None]:
        """Send delivery reports while the block runs."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as self._session:
            yield
            for task in self._reporting:
                task.cancel()
            await asyncio.gather(*self._reporting, return_exceptions=True)

    async def _sendsms(self, request: web.Request) -> web.Response:
        query = request.query
        if (query.get("username"), query.get("password")) != (USER, PASSWORD):
            return web.Response(status=403, text="Authorization failed for sendsms")
        if not query.get("to"):
            return web.Response(status=400, text="Empty receiver number not allowed, rejected")
        fault = self._faults.strike("sendsms", None, peer=Peer.SMS)
        if fault is not None and not fault.accepted and (answer := await _spoilt(fault, request)) is not None:
            return answer
        sms = self._received_from(query.get("to", ""), query.get("from", ""), _as_shown(query))
        sms.lost = fault is not None and fault.accepted
        if query.get("dlr-url") and int(query.get("dlr-mask", "0")):
            self._report_soon(sms, query["dlr-url"], int(query["dlr-mask"]))
        if fault is not None and fault.accepted and (answer := await _spoilt(fault, request)) is not None:
            return answer
        return web.Response(status=202, text="0: Accepted for delivery")

    def _received_from(self, to: str, sender: str, text: str) -> SandboxPhoneSms:
        sms = SandboxPhoneSms(next(self._numbers), to, sender, text, sandbox_phone_part_count(text), self._feed.now())
        self._received.append(sms)
        self._feed.tell("sms", sms.as_json)
        return sms

    def _report_soon(self, sms: SandboxPhoneSms, address: str, mask: int) -> None:
        task = asyncio.create_task(self._report(sms, address, mask))
        self._reporting.add(task)
        task.add_done_callback(self._reporting.discard)

    async def _report(self, sms: SandboxPhoneSms, address: str, mask: int) -> None:
        assert self._session is not None  # noqa: S101 -- the gateway only serves while it reports
        for code in self._outcomes.get(sms.to.lstrip("+"), (ACCEPTED_BY_CENTRE, DELIVERED)):
            await asyncio.sleep(REPORT_AFTER)
            if not code & mask:
                continue
            await _told(self._session, address.replace("%d", str(code)))
            sms.reports.append(code)
            self._feed.tell("sms", sms.as_json)


async def _told(session: aiohttp.ClientSession, address: str) -> None:
    """Until the receiver takes the report: Kannel tries again as long as it is refused or nobody listens."""
    while True:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(address) as response:
                if response.ok:
                    return
        await asyncio.sleep(REPORT_AGAIN)


async def _spoilt(fault: SandboxFault, request: web.Request) -> web.Response | None:
    if fault.kind is FaultKind.SLOW:
        await asyncio.sleep(fault.delay)
    if fault.kind is FaultKind.REPLY:
        status, _, words = fault.reply.partition(" ")
        return web.Response(status=int(status), text=words)
    return await spoilt_bot_api_answer(fault, request, "0: Accepted for delivery")


def sandbox_phone_part_count(text: str) -> int:
    """How many SMS this text takes: 70 Cyrillic characters in one, 67 in each of several."""
    single, each = GSM if text.isascii() else UCS2
    length = entity_utf16_length(text)
    return 1 if length <= single else -(-length // each)


def _as_shown(query: Mapping[str, str]) -> str:
    """Without ``coding=2&charset=UTF-8`` Kannel accepts Cyrillic and the phone shows question marks."""
    text = str(query.get("text", ""))
    unicode = query.get("coding") == "2" and query.get("charset", "").upper() in {"UTF-8", "UTF8"}
    return text if unicode else text.encode("latin-1", "replace").decode("latin-1")
