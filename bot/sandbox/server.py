"""Serves a simulated world on 127.0.0.1, without a network."""

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.bot_api.schema import bot_api_schema
from bot.sandbox.bot_api.server import BotApiServer
from bot.sandbox.bot_api.state.files import DOCUMENT_LIMIT
from bot.sandbox.feed import Clock
from bot.sandbox.max_api.schema import max_api_schema
from bot.sandbox.max_api.server import PREFIX, MaxApiServer
from bot.sandbox.page import Obligations, SandboxPage, Story
from bot.sandbox.people import SandboxPerson
from bot.sandbox.phone import PASSWORD, PATH, USER
from bot.sandbox.readout import SandboxReadout
from bot.sandbox.world import MAX_TOKEN, World

HOST = "127.0.0.1"
TOKEN = "30:SANDBOX-NOT-A-SECRET-000000000000000"  # noqa: S105 -- opens nothing but the sandbox
CLOSING = 0.1  # seconds that open long polls and pages get at the end


class SandboxServer(World):
    """A served world: ``async with Sandbox.open(people) as world``. Its addresses are known while it is open."""

    token = TOKEN
    max_token = MAX_TOKEN
    bot_api = max_api = page_url = sms_url = smtp_url = ""

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        people: Sequence[SandboxPerson] = (),
        *,
        port: int = 0,
        smtp_port: int = 0,
        started: Iterable[int] = (),
        obligations: Obligations | None = None,
        story: Story | None = None,
        clock: Clock = time.time,
    ) -> AsyncIterator["SandboxServer"]:
        """Serve until the block ends; port 0 is any free one; ``started`` are chats the bot may write to already."""
        world = cls(people, clock=clock)
        world.chats.start(started)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(world.phone.reporting())
            world.smtp_url = f"smtp://{HOST}:{await stack.enter_async_context(world.mailbox.serving(HOST, smtp_port))}"
            world._name_addresses(await stack.enter_async_context(world._serving(port, obligations, story)))
            stack.push_async_callback(world.bot.webhook.close)
            stack.push_async_callback(world.max.network.updates.unsubscribe)
            yield world

    @asynccontextmanager
    async def _serving(self, port: int, obligations: Obligations | None, story: Story | None) -> AsyncIterator[int]:
        application = web.Application(client_max_size=DOCUMENT_LIMIT * 2, middlewares=[_from_our_page])
        api = BotApiServer(self.bot, token=self.token, schema=bot_api_schema(), faults=self.faults)
        max_api = MaxApiServer(self.max, schema=max_api_schema(), faults=self.faults)
        for part in (api, max_api, self.phone, SandboxPage(self, obligations, story), SandboxReadout(self)):
            application.add_routes(part.routes())
        runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=CLOSING)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    def _name_addresses(self, port: int) -> None:
        self.bot_api = self.max.network.files.base = f"http://{HOST}:{port}"
        self.max_api = f"{self.bot_api}{PREFIX}"
        self.page_url = f"http://{HOST}:{port}/"
        self.sms_url = f"http://{USER}:{PASSWORD}@{HOST}:{port}{PATH}"


@web.middleware
async def _from_our_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests from other sites open in the same browser."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise web.HTTPForbidden
    return await handler(request)
