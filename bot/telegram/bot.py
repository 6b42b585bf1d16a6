"""Runs the bot over Telegram, by polling or by a webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.utils.token import TokenValidationError

from bot.conversation.answering import AnsweringConversation
from bot.conversation.inbox import Inbox
from bot.conversation.line import ConversationLine
from bot.conversation.line.connection import LineConnectionCalls, TokenRefusedError
from bot.handlers import DOORS
from bot.handlers.doors import DoorSchool
from bot.telegram.command_menu import command_menu_of_doors, set_telegram_command_menu
from bot.telegram.connection import TelegramConnectionCalls
from bot.telegram.incoming import HANDLED_KINDS
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.polling import poll_telegram
from bot.telegram.session import TelegramSession
from bot.telegram.webhook import serve_telegram_webhook


async def converse(
    school: DoorSchool, line: ConversationLine, *, stopping: asyncio.Event, known: asyncio.Event
) -> None:
    """Answer updates until told to stop; no answer of Telegram or of a proxy ends it.

    `known` is set when Telegram has accepted us. Raises errors that only a person can mend: TokenRefusedError and
    WebhookRefusedError where Telegram refuses the token or the webhook before that, AnotherInstanceError.
    """
    async with _bot(line) as bot:
        reach, kinds = TelegramConnectionCalls(stopping, known), sorted(HANDLED_KINDS)
        messenger = TelegramMessenger(bot)
        inbox = Inbox(
            messenger, AnsweringConversation.of_all_doors(school, messenger), school=school, holder=line.holder
        )
        async with inbox.open(), _set_menu_in_background(bot, school, reach, known):
            if line.webhook is None:
                await poll_telegram(bot, inbox, kinds=kinds, reach=reach, stopping=stopping)
            else:
                await serve_telegram_webhook(bot, inbox, line.webhook, kinds=kinds, reach=reach, stopping=stopping)


def _bot(line: ConversationLine) -> Bot:
    server = TelegramAPIServer.from_base(line.api) if line.api else PRODUCTION
    try:
        return Bot(line.token, session=TelegramSession(server, proxy=line.proxy))
    except TokenValidationError:
        raise TokenRefusedError from None


@asynccontextmanager
async def _set_menu_in_background(
    bot: Bot, school: DoorSchool, reach: LineConnectionCalls, known: asyncio.Event
) -> AsyncIterator[None]:
    """Set the menu of commands in the background; no update waits for it."""

    async def name() -> None:
        await known.wait()
        await reach.call(lambda: set_telegram_command_menu(bot, school, command_menu_of_doors(DOORS)))

    naming = asyncio.create_task(name())
    try:
        yield
    finally:
        naming.cancel()
        await asyncio.gather(naming, return_exceptions=True)
