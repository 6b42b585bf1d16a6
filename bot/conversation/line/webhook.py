"""One HTTP server for the webhooks of all messengers: each brings its updates to its own path, with its own secret."""

import asyncio
import hmac
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web

from bot.conversation.inbox import Inbox
from bot.conversation.line.lenient_json import lenient_json
from core.errors import StorageError

LONGEST_BODY = 1 << 20  # bytes; an update is a few thousand
LONGEST_READING = 10.0  # seconds


@dataclass(slots=True)
class LineWebhookServer:
    """Listens on a local address while at least one messenger brings updates."""

    host: str
    port: int
    _receivers: "dict[str, LineWebhookReceiver]" = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def holder(self) -> str:
        """Names this process: stable over restarts, different for each process behind one URL."""
        return f"{socket.gethostname()}:{self.port}"

    @asynccontextmanager
    async def receiving(self, path: str, receiver: "LineWebhookReceiver") -> AsyncIterator[None]:
        """Hand on what is brought to this path while the block runs."""
        async with self._changing:
            self._receivers[path] = receiver
            try:
                await self._listen()
            except OSError:
                await self._leave(path)
                raise
        try:
            yield
        finally:
            async with self._changing:
                await self._leave(path)

    async def _listen(self) -> None:
        if self._runner is not None:
            return
        server = web.Application(client_max_size=LONGEST_BODY)
        server.add_routes([web.post("/{anything:.*}", self._answer)])
        self._runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()

    async def _leave(self, path: str) -> None:
        del self._receivers[path]
        if not self._receivers and self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        """By path; of a single messenger any path is taken, since a proxy may have changed it."""
        receivers = self._receivers
        receiver = next(iter(receivers.values())) if len(receivers) == 1 else receivers.get(request.path)
        return web.Response(status=401) if receiver is None else await receiver.answer(request)


@dataclass(frozen=True, slots=True)
class LineWebhook:
    """The public URL of a messenger's webhook, its secret, and the server that listens for it."""

    url: str
    secret: str
    server: LineWebhookServer

    @property
    def path(self) -> str:
        """What tells the messengers apart."""
        return urlsplit(self.url).path or "/"


class LineWebhookReceiver:
    """Answers 200 when an update is stored or can never be read; otherwise the messenger repeats it."""

    def __init__(self, inbox: Inbox, *, header: str, secret: str) -> None:
        self._inbox = inbox
        self._header = header
        self._secret = secret.encode()

    async def answer(self, request: web.Request) -> web.Response:
        """401 without the secret, before the body is read; 400 for what is no JSON; 503 while it cannot be stored."""
        said = request.headers.get(self._header, "")  # aiohttp decodes invalid UTF-8 as surrogates
        if not hmac.compare_digest(said.encode(errors="surrogateescape"), self._secret):
            return web.Response(status=401)
        try:
            raw = lenient_json(await _body(request))
        except ValueError:
            return web.Response(status=400)
        try:
            await self._inbox.accept([raw])
        except StorageError:
            return web.Response(status=503)
        return web.Response()


async def _body(request: web.Request) -> bytes:
    """The body; empty where it is cut off, too slow or wrongly encoded."""
    try:
        async with asyncio.timeout(LONGEST_READING):
            return await request.read()
    except (web.RequestPayloadError, OSError):
        return b""
