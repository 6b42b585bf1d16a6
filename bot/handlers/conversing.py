"""The bot's line to Telegram: a token, and either polling or a webhook."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageMedia,
    EditMessageText,
    GetUpdates,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType

from bot.handlers import DOORS, dispatcher
from bot.handlers.commands import commands_of, name_commands
from bot.handlers.doors import School
from bot.handlers.inbox import Inbox
from bot.handlers.polling import HOLDER, poll
from bot.handlers.reaching import patiently
from bot.handlers.webhook import Webhook, serve

SHOWN = (SendMessage, SendPhoto, SendDocument, EditMessageText, EditMessageMedia, AnswerCallbackQuery)
ANSWERS = [Response[GetUpdates.__returning__]]
"""The model that reads updates: held here, or pydantic forgets it and builds one for every call."""


class Session(AiohttpSession):
    """Telegram answers a message with that message, buttons and all: nobody reads it, so no objects are made of it."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """A refusal is read as always, so the exceptions are aiogram's."""
        if isinstance(method, SHOWN) and status_code == HTTPStatus.OK:
            with suppress(ValueError, LookupError, TypeError):
                if self.json_loads(content)["ok"] is True:
                    return Response.model_construct(ok=True)
        return super().check_response(bot, method, status_code, content)


@dataclass(frozen=True, slots=True)
class Line:
    """`api`: the address of a Bot API server that is not Telegram's own; `webhook` None: the bot polls."""

    token: str
    api: str | None = None
    webhook: Webhook | None = None


async def converse(school: School, line: Line, *, stopping: asyncio.Event, known: asyncio.Event) -> None:
    """Talk with families until told to stop; an unreachable Telegram is waited for.

    `known` is set as soon as Telegram has taken the token.
    Raises TokenRefusedError, AnotherInstanceError, WebhookRefusedError.
    """
    server = TelegramAPIServer.from_base(line.api) if line.api else PRODUCTION
    async with Bot(line.token, session=Session(api=server)) as bot:
        conversation = dispatcher(school)
        kinds = conversation.resolve_used_update_types()
        await patiently(lambda: name_commands(bot, school, commands_of(DOORS)), stopping=stopping)
        known.set()
        holder = HOLDER if line.webhook is None else line.webhook.holder
        inbox = Inbox(bot, conversation, school=school, holder=holder)
        async with inbox.open():
            if line.webhook is None:
                await poll(bot, inbox, kinds=kinds, stopping=stopping)
            else:
                await serve(bot, inbox, line.webhook, kinds=kinds, stopping=stopping)
