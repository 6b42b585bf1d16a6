"""The stand-in world: everything a school's notifications reach, on 127.0.0.1 and without a network."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.sandbox.bot_api.bot import Bot
from bot.sandbox.bot_api.chats import Chats, World
from bot.sandbox.bot_api.files import DOCUMENT_LIMIT, Files
from bot.sandbox.bot_api.log import SendLog
from bot.sandbox.bot_api.schema import bot_api_schema
from bot.sandbox.bot_api.server import BotApi
from bot.sandbox.bot_api.updates import Updates
from bot.sandbox.bot_api.webhook import Webhook
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.people import SandboxPerson

HOST = "127.0.0.1"
BOT = {"id": 30, "is_bot": True, "first_name": "Вестник", "username": "vestnik_sandbox_bot"}
TOKEN = "30:SANDBOX-NOT-A-SECRET-000000000000000"  # noqa: S105 -- opens nothing but the sandbox

Obligations = Callable[[], Awaitable[list[dict[str, Any]]]]


class Sandbox:
    """One stand-in world; open it with ``async with Sandbox.open(people) as world``."""

    def __init__(self, people: Sequence[SandboxPerson]) -> None:
        self.people = tuple(people)
        self.token = TOKEN
        self.feed = Feed()
        self.faults = Faults()
        self.log = SendLog()
        telegram = World(BOT, Updates(), Files(), self.feed)
        self.chats = Chats(telegram)
        for person in self.people:
            if person.chat_id is not None:
                self.chats.add(person.chat_id, person.name, phone=person.phone)
        self.bot = Bot(telegram, self.chats, Webhook(telegram.updates), self.log)
        self.bot_api = ""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, people: Sequence[SandboxPerson] = (), *, port: int = 0, started: Iterable[int] = ()
    ) -> AsyncIterator["Sandbox"]:
        """Serve until the block ends; port 0 is any free one; ``started`` are chats the bot may write to already."""
        world = cls(people)
        world.chats.start(started)
        runner = web.AppRunner(world._application(), access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            world.bot_api = f"http://{HOST}:{runner.addresses[0][1]}"
            yield world
        finally:
            await world.bot.webhook.close()
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=DOCUMENT_LIMIT * 2)
        api = BotApi(self.bot, token=self.token, schema=bot_api_schema(), faults=self.faults)
        application.add_routes(api.routes())
        return application
