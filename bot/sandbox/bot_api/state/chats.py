"""Private chats with the bot, and what people do in them."""

import asyncio
import itertools
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Unpack

from bot.sandbox.bot_api.call import Json, Upload
from bot.sandbox.bot_api.entities import parse_plain_entities
from bot.sandbox.bot_api.refusal import bad_request_refusal, blocked_bot_refusal
from bot.sandbox.bot_api.state.files import BotApiFiles
from bot.sandbox.bot_api.state.messages import BotApiMessage, BotApiMessageAttachment, Parts
from bot.sandbox.bot_api.state.updates import BotApiUpdates
from bot.sandbox.feed import SandboxFeed


@dataclass(slots=True)
class Answer:
    """What the bot answered to a pressed button; ``None`` until it did."""

    chat_id: int
    text: str | None = None
    alert: bool = False
    given: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Telegram:
    """What the chats of one sandbox share."""

    bot: Json
    updates: BotApiUpdates
    files: BotApiFiles
    feed: SandboxFeed
    answers: dict[str, Answer] = field(default_factory=dict)  # by callback query id
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))


class BotApiChat:
    """One person's private chat with the bot."""

    def __init__(self, chat_id: int, name: str, *, phone: str | None, telegram: Telegram) -> None:
        self.chat_id = chat_id
        self.name = name
        self.phone = phone
        self.started = False
        self.blocked = False
        self.keyboard: Json | None = None  # the reply keyboard under the text box
        self.messages: list[BotApiMessage] = []
        self._by_id: dict[int, BotApiMessage] = {}
        self._telegram = telegram
        self.as_json: Json = {"id": chat_id, "type": "private", "first_name": name}
        self.person: Json = {"id": chat_id, "is_bot": False, "first_name": name, "language_code": "ru"}

    # What the person does.

    def send(self, text: str) -> BotApiMessage:
        """The person writes to the bot, which also starts the chat."""
        shown, entities = parse_plain_entities(text)
        return self._from_person(self._new(from_bot=False, text=shown, entities=entities))

    def send_file(self, upload: Upload, *, photo: bool = False, caption: str = "") -> BotApiMessage:
        """The person sends a document, or a photo with its caption."""
        attachment = BotApiMessageAttachment(
            "photo" if photo else "document", self._telegram.files.keep(upload, photo=photo)
        )
        return self._from_person(self._new(from_bot=False, text=caption, attachment=attachment))

    def share_contact(self, *, owner: int | None = None) -> BotApiMessage:
        """The person presses a "share my number" button, whose card bears the own id, or forwards another's card."""
        contact = {"phone_number": self.phone or "", "first_name": self.name, "user_id": owner or self.chat_id}
        return self._from_person(self._new(from_bot=False, text="", contact=contact))

    def press(self, message_id: int, callback_data: str) -> str:
        """The person presses an inline button; the id of the callback query, under which the answer will be."""
        message = self.message(message_id)
        query_id = secrets.token_hex(8)
        self._telegram.answers[query_id] = Answer(self.chat_id)
        query = {
            "id": query_id, "from": self.person, "message": self.shown(message),
            "chat_instance": str(self.chat_id), "data": callback_data,
        }  # fmt: skip
        self._telegram.updates.add("callback_query", query)
        return query_id

    def answer(self, query_id: str) -> Answer:
        """What the bot has answered to this press so far."""
        return self._telegram.answers[query_id]

    def block(self) -> None:
        """The person stops the bot: every call for this chat is refused with 403 from now on."""
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        """The person restarts the bot."""
        self._set_blocked(blocked=False)

    def start(self) -> None:
        """Mark the chat as started, as if the person had written before."""
        self.started = True

    # What the bot does, checked by the caller.

    def open_for_bot(self) -> None:
        """Raise what Telegram answers to a bot that may not write here."""
        if not self.started:
            raise bad_request_refusal("chat not found")
        if self.blocked:
            raise blocked_bot_refusal()

    def accept(self, text: str, **parts: Unpack[Parts]) -> BotApiMessage:
        """A message of the bot arrives; a reply keyboard in its markup goes under the text box."""
        message = self._new(from_bot=True, text=text, **parts)
        markup = message.markup or {}
        if "keyboard" in markup or "remove_keyboard" in markup:
            self.keyboard = markup if "keyboard" in markup else None
        return self._keep(message)

    def message(self, message_id: int, *, missing: str = "message not found") -> BotApiMessage:
        """The message, unless it never was or was deleted."""
        message = self._by_id.get(message_id)
        if message is None or message.deleted:
            raise bad_request_refusal(missing)
        return message

    def changed(self, message: BotApiMessage) -> None:
        """Publish the change of a message to open pages."""
        self._telegram.feed.tell("message", lambda: self.seen(message))

    # How it looks.

    def shown(self, message: BotApiMessage) -> Json:
        """The message as the Bot API writes it."""
        return message.as_json(self.as_json, self._telegram.bot if message.from_bot else self.person)

    def seen(self, message: BotApiMessage) -> Json:
        """The message as the person sees it, for the page and for reading out."""
        extra = {
            "from_bot": message.from_bot, "deleted": message.deleted, "earlier": message.earlier, "at": message.at,
            "silent": message.silent, "keyboard": self.keyboard,
        }  # fmt: skip
        return self.shown(message) | extra

    def state(self) -> Json:
        """The whole chat as the person sees it."""
        return {
            "chat_id": self.chat_id, "name": self.name, "started": self.started, "blocked": self.blocked,
            "keyboard": self.keyboard, "messages": [self.seen(message) for message in self.messages],
        }  # fmt: skip

    def _new(self, *, from_bot: bool, text: str, **parts: Unpack[Parts]) -> BotApiMessage:
        number = next(self._telegram.message_ids)
        at, date = time.monotonic(), self._telegram.feed.now()
        return BotApiMessage(number, self.chat_id, from_bot, text, date, at, **parts)

    def _keep(self, message: BotApiMessage) -> BotApiMessage:
        self.messages.append(message)
        self._by_id[message.message_id] = message
        self.changed(message)
        return message

    def _from_person(self, message: BotApiMessage) -> BotApiMessage:
        if self.blocked:
            self.unblock()
        self.started = True
        self._keep(message)
        self._telegram.updates.add("message", self.shown(message))
        return message

    def _set_blocked(self, *, blocked: bool) -> None:
        if self.blocked == blocked:
            return
        old, new = ("kicked", "member")[:: -1 if blocked else 1]
        self.blocked = blocked
        change = {
            "chat": self.as_json, "from": self.person, "date": self._telegram.feed.now(),
            "old_chat_member": self._membership(old), "new_chat_member": self._membership(new),
        }  # fmt: skip
        self._telegram.updates.add("my_chat_member", change)
        self._telegram.feed.tell("chat", lambda: {"chat_id": self.chat_id, "blocked": blocked})

    def _membership(self, status: str) -> Json:
        return {"status": status, "user": self._telegram.bot} | ({"until_date": 0} if status == "kicked" else {})


class BotApiChats:
    """All chats by their id; a chat that nobody named belongs to a guest."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._chats: dict[int, BotApiChat] = {}

    def __getitem__(self, chat_id: int) -> BotApiChat:
        chat = self._chats.get(chat_id)
        return chat if chat is not None else self.add(chat_id, f"Гость {chat_id}")

    def __iter__(self) -> Iterator[BotApiChat]:
        return iter(self._chats.values())

    def __len__(self) -> int:
        return len(self._chats)

    def add(self, chat_id: int, name: str, *, phone: str | None = None) -> BotApiChat:
        """A person gets Telegram; the chat is not started yet."""
        self._chats[chat_id] = chat = BotApiChat(chat_id, name, phone=phone, telegram=self._telegram)
        return chat

    def start(self, chat_ids: Iterable[int]) -> None:
        """Seed chats as started long ago."""
        for chat_id in chat_ids:
            self[chat_id].start()

    def for_bot(self, chat_id: int) -> BotApiChat:
        """The chat, if the bot may write to it; raises 400 "chat not found" or 403."""
        chat = self._chats.get(chat_id)
        if chat is None:
            raise bad_request_refusal("chat not found")
        chat.open_for_bot()
        return chat

    def query(self, query_id: str) -> Answer:
        """A pressed button that still waits for its answer."""
        answer = self._telegram.answers.get(query_id)
        if answer is None or answer.text is not None:
            raise bad_request_refusal("query is too old and response timeout expired or query ID is invalid")
        return answer
