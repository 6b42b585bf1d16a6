"""Long polling: the one place that asks Telegram for updates."""

import asyncio
from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramServerError, TelegramUnauthorizedError
from aiogram.types import BotCommand

from bot.handlers import dispatcher
from bot.handlers.doors import School
from core.errors import SchoolError

COMMANDS = ("marks", "help")
REST = 5.0  # seconds before Telegram is asked again

log = structlog.get_logger()


class TokenRefusedError(SchoolError):
    """Telegram does not take the bot's token."""


async def poll(school: School, *, token: str, api: str | None, stopping: asyncio.Event) -> None:
    """Talk with families until told to stop; an unreachable Telegram is waited for. Raises TokenRefusedError."""
    server = TelegramAPIServer.from_base(api) if api else PRODUCTION
    while not stopping.is_set():
        try:
            async with Bot(token, session=AiohttpSession(api=server)) as bot:
                await _listen(bot, school, stopping=stopping)
        except TelegramUnauthorizedError:
            raise TokenRefusedError from None
        except (TelegramNetworkError, TelegramServerError):
            log.warning("conversation.unreachable")
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), REST)


async def _listen(bot: Bot, school: School, *, stopping: asyncio.Event) -> None:
    """An update counts as taken only when its handler has ended, so a kill loses none (`handle_as_tasks=False`)."""
    await _name_commands(bot, school)
    conversation = dispatcher(school)
    polling = asyncio.create_task(
        conversation.start_polling(bot, handle_as_tasks=False, handle_signals=False, close_bot_session=False)
    )
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({polling, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not polling.done():
        await conversation.stop_polling()
    stop.cancel()
    await polling


async def _name_commands(bot: Bot, school: School) -> None:
    """The menu beside the text box, in each language."""
    for language, t in school.catalogues.translators.items():
        commands = [BotCommand(command=name, description=t(f"command.{name}")) for name in COMMANDS]
        await bot.set_my_commands(commands, language_code=None if language == school.language else language)
