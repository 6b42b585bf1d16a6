"""Runs the bot over Telegram, by polling or by a webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.utils.token import TokenValidationError

from bot.conversation.answering import Conversation
from bot.conversation.inbox import Inbox
from bot.conversation.line import BotLine
from bot.conversation.line.connection import RetryingCalls, TokenRefusedError
from bot.handlers import DOORS
from bot.handlers.doors import School
from bot.telegram.command_menu import commands_of, set_command_menu
from bot.telegram.connection import TelegramCalls
from bot.telegram.incoming import HANDLED_KINDS
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.polling import poll
from bot.telegram.session import Session
from bot.telegram.webhook import serve


async def converse(school: School, line: BotLine, *, stopping: asyncio.Event, known: asyncio.Event) -> None:
    """Answer updates until told to stop; no answer of Telegram or of a proxy ends it.

    `known` is set when Telegram has accepted us. Raises errors that only a person can mend: TokenRefusedError and
    WebhookRefusedError where Telegram refuses the token or the webhook before that, AnotherInstanceError.
    """
    async with _bot(line) as bot:
        reach, kinds = TelegramCalls(stopping, known), sorted(HANDLED_KINDS)
        messenger = TelegramMessenger(bot)
        inbox = Inbox(messenger, Conversation.of_all_doors(school, messenger), school=school, holder=line.holder)
        async with inbox.open(), _set_menu_in_background(bot, school, reach, known):
            if line.webhook is None:
                await poll(bot, inbox, kinds=kinds, reach=reach, stopping=stopping)
            else:
                await serve(bot, inbox, line.webhook, kinds=kinds, reach=reach, stopping=stopping)


def _bot(line: BotLine) -> Bot:
    server = TelegramAPIServer.from_base(line.api) if line.api else PRODUCTION
    try:
        return Bot(line.token, session=Session(server, proxy=line.proxy))
    except TokenValidationError:
        raise TokenRefusedError from None


@asynccontextmanager
async def _set_menu_in_background(
    bot: Bot, school: School, reach: RetryingCalls, known: asyncio.Event
) -> AsyncIterator[None]:
    """Set the menu of commands in the background; no update waits for it."""

    async def name() -> None:
        await known.wait()
        await reach.call(lambda: set_command_menu(bot, school, commands_of(DOORS)))

    naming = asyncio.create_task(name())
    try:
        yield
    finally:
        naming.cancel()
        await asyncio.gather(naming, return_exceptions=True)
