"""Updates handed straight to the bot, and what it answered: the whole conversation without a network."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import CallbackQuery, Chat, Message, Update, User

from bot.conversation.answering import AnsweringConversation
from bot.conversation.inbox import Inbox
from bot.conversation.routing import RoutingTable
from bot.handlers import AUDIENCES, MENU
from bot.handlers.doors import DoorSchool
from bot.telegram.messenger import TelegramMessenger

TOKEN = "42:TEST"


class Recording(BaseSession):
    """Takes whatever the bot sends and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[TelegramMethod[Any]] = []

    async def make_request(
        self,
        bot: Bot,  # noqa: ARG002  # aiogram passes it
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109  # under this name
    ) -> TelegramType:
        self.sent.append(method)
        return cast("TelegramType", _message(0, "…"))

    async def stream_content(self, *_args: Any, **_options: Any) -> AsyncGenerator[bytes, None]:
        """The bot downloads nothing here."""
        yield b""

    async def close(self) -> None:
        self.sent.clear()


@dataclass(slots=True)
class Line:
    """A line to the bot: `says` and `presses` return everything that was shown for it, buttons included.

    `routes`: the doors, if they are others than the bot's own.
    """

    school: DoorSchool
    routes: RoutingTable | None = None
    recording: Recording = field(default_factory=Recording)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def says(self, chat: int, text: str) -> str:
        """A message in a private chat."""
        return await self._fed(Update(update_id=next(self.numbers), message=_message(chat, text)))

    async def sends(self, chat: int, *messages: dict[str, Any], kind: str = "message") -> str:
        """Messages of any content, as Telegram writes them, through the inbox; what was shown once all are answered."""
        self.recording.sent.clear()
        messenger = TelegramMessenger(Bot(TOKEN, session=self.recording))
        conversation = AnsweringConversation(
            self.school, messenger, self.routes or RoutingTable.of(AUDIENCES, MENU, former=True)
        )
        inbox = Inbox(messenger, conversation, school=self.school, holder="line")
        user = {"id": chat, "is_bot": False, "first_name": "Некто"}
        about = {"date": 1_000_000, "chat": {"id": chat, "type": "private"}, "from": user}
        updates = [next(self.numbers) for _ in messages]
        await inbox.accept(
            {"update_id": number, kind: {"message_id": 1000 + number, **about, **message}}
            for number, message in zip(updates, messages, strict=True)
        )
        async with inbox.open(), asyncio.timeout(10):
            while inbox.unanswered:
                await asyncio.sleep(0.01)
        return "\n".join(filter(None, map(_shown, self.recording.sent)))

    async def presses(self, chat: int, data: str) -> str:
        """A button under a message of the bot."""
        user = User(id=chat, is_bot=False, first_name="Некто")
        query = CallbackQuery(id="1", from_user=user, chat_instance="1", data=data, message=_message(chat, "…"))
        return await self._fed(Update(update_id=next(self.numbers), callback_query=query))

    async def _fed(self, update: Update) -> str:
        self.recording.sent.clear()
        messenger = TelegramMessenger(Bot(TOKEN, session=self.recording))
        incoming = messenger.parse(update.model_dump(mode="json", exclude_unset=True, by_alias=True))
        assert incoming is not None
        routes = self.routes or RoutingTable.of(AUDIENCES, MENU, former=True)
        await AnsweringConversation(self.school, messenger, routes).answer(messenger.read(incoming))
        return "\n".join(filter(None, map(_shown, self.recording.sent)))


def _message(chat: int, text: str) -> Message:
    user = User(id=chat, is_bot=False, first_name="Некто")
    return Message(message_id=1, date=datetime.now(UTC), chat=Chat(id=chat, type="private"), from_user=user, text=text)


def _shown(method: TelegramMethod[Any]) -> str:
    """Words, captions and buttons of what was sent."""
    if isinstance(method, AnswerCallbackQuery | EditMessageReplyMarkup):
        return getattr(method, "text", None) or ""
    said = getattr(method, "text", None) or getattr(method, "caption", None) or ""
    markup = getattr(method, "reply_markup", None)
    rows = getattr(markup, "inline_keyboard", None) or getattr(markup, "keyboard", [])
    return "\n".join([said, *(button.text for row in rows for button in row)])
