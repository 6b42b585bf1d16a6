"""The bot's line to Telegram: a token, and either polling or a webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.utils.token import TokenValidationError

from bot.handlers import DOORS
from bot.handlers.doors import School
from bot.telegram.command_menu import commands_of, name_commands
from bot.telegram.connection import Reach, TokenRefusedError
from bot.telegram.dispatcher import dispatcher
from bot.telegram.inbox import Inbox
from bot.telegram.polling import HOLDER, poll
from bot.telegram.session import Session
from bot.telegram.webhook import Webhook, serve


@dataclass(frozen=True, slots=True)
class Line:
    """`api`: the address of a Bot API server that is not Telegram's own; `webhook` None: the bot polls."""

    token: str
    api: str | None = None
    webhook: Webhook | None = None


async def converse(school: School, line: Line, *, stopping: asyncio.Event, known: asyncio.Event) -> None:
    """Talk with families until told to stop; nothing that Telegram or a proxy says, or leaves unsaid, ends it.

    `known` is set as soon as Telegram has taken the token. Only what a person must mend ends it: TokenRefusedError
    where Telegram refuses the token before that, AnotherInstanceError, WebhookRefusedError.
    """
    async with _bot(line) as bot:
        conversation, reach = dispatcher(school), Reach(stopping, known)
        kinds = conversation.resolve_used_update_types()
        holder = HOLDER if line.webhook is None else line.webhook.holder
        inbox = Inbox(bot, conversation, school=school, holder=holder)
        async with inbox.open(), _naming_commands(bot, school, reach, known):
            if line.webhook is None:
                await poll(bot, inbox, kinds=kinds, reach=reach, stopping=stopping)
            else:
                await serve(bot, inbox, line.webhook, kinds=kinds, reach=reach, stopping=stopping)


def _bot(line: Line) -> Bot:
    server = TelegramAPIServer.from_base(line.api) if line.api else PRODUCTION
    try:
        return Bot(line.token, session=Session(server))
    except TokenValidationError:
        raise TokenRefusedError from None


@asynccontextmanager
async def _naming_commands(bot: Bot, school: School, reach: Reach, known: asyncio.Event) -> AsyncIterator[None]:
    """Beside the conversation: the menu of commands is a help, and nobody waits for it to be answered."""

    async def name() -> None:
        await known.wait()
        await reach.asked(lambda: name_commands(bot, school, commands_of(DOORS)))

    naming = asyncio.create_task(name())
    try:
        yield
    finally:
        naming.cancel()
        await asyncio.gather(naming, return_exceptions=True)
