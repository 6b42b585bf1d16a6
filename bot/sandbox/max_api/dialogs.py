"""Dialogs of people with the bot in MAX, and what they do."""

import hashlib
import hmac
import itertools
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.bot_api.call import Json, Upload
from bot.sandbox.bot_api.state.send_log import BotApiSendLog
from bot.sandbox.faults import FaultKind, Peer, SandboxFaults
from bot.sandbox.feed import SandboxFeed
from bot.sandbox.max_api.files import MaxApiFiles
from bot.sandbox.max_api.refusal import MaxApiRefusal, stopped_max_api_refusal
from bot.sandbox.max_api.updates import MaxApiUpdates

BOT = {
    "user_id": 3000, "first_name": "Вестник", "last_name": None, "username": "vestnik_sandbox_bot", "is_bot": True,
    "last_activity_time": 0,
}  # fmt: skip
CHATS = 5_000_000_000
"""The id of a dialog is another number than that of its person."""


@dataclass(slots=True)
class MaxApiDialogMessage:
    """``text`` is without markup; ``at`` is monotonic seconds; ``earlier`` are the texts before each edit."""

    mid: str
    seq: int
    from_bot: bool
    text: str
    at: float
    timestamp: int
    markup: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    link: Json | None = None
    silent: bool = False
    earlier: list[str] = field(default_factory=list)

    @property
    def buttons(self) -> list[list[Json]]:
        """Rows of buttons."""
        return next((each["payload"]["buttons"] for each in self.attachments if each["type"] == "inline_keyboard"), [])

    @property
    def labels(self) -> list[str]:
        """The words on the buttons, in reading order."""
        return [button["text"] for row in self.buttons for button in row]

    def body(self) -> Json:
        """The body as MAX writes it."""
        shown: Json = {"mid": self.mid, "seq": self.seq, "text": self.text, "attachments": self.attachments or None}
        return shown | ({"markup": self.markup} if self.markup else {})


@dataclass(slots=True)
class MaxNetwork:
    """What the dialogs of one sandbox share; `calls`: the moment of every call, by its name and person."""

    token: str
    feed: SandboxFeed
    faults: SandboxFaults
    updates: MaxApiUpdates
    files: MaxApiFiles = field(default_factory=MaxApiFiles)
    log: BotApiSendLog = field(default_factory=BotApiSendLog)
    calls: list[tuple[str, int | None, float]] = field(default_factory=list)
    pressed: "dict[str, tuple[MaxApiDialog, MaxApiDialogMessage]]" = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))


class MaxApiDialog:
    """One person's dialog with the bot."""

    def __init__(self, user_id: int, name: str, *, phone: str | None, network: MaxNetwork) -> None:
        self.user_id, self.name, self.phone = user_id, name, phone
        self.is_started = self.is_stopped = False
        self.muted_until: int | None = None
        self.messages: list[MaxApiDialogMessage] = []
        self._network = network
        self.user: Json = {
            "user_id": user_id, "first_name": name, "last_name": None, "username": None, "is_bot": False,
            "last_activity_time": 0,
        }  # fmt: skip

    # What the person does.

    def start(self, payload: str | None = None) -> None:
        """The person presses «Начать», after a deep link with its payload."""
        self.is_started, self.is_stopped = True, False
        self._tell("bot_started", payload=payload)

    def say(self, text: str, **more: Any) -> MaxApiDialogMessage:
        """The person writes to the bot, which also starts the dialog."""
        self.is_started, self.is_stopped = True, False
        message = self._new(text=text, from_bot=False, **more)
        self._add("message_created", message=self._shown(message))
        return message

    def send_file(self, upload: Upload, *, photo: bool = False, caption: str = "") -> MaxApiDialogMessage:
        """The person sends a file, or a picture with its words."""
        file = self._network.files.keep("image" if photo else "file", upload)
        return self.say(caption, attachments=[self._network.files.attachment(file)])

    def share_contact(self, *, owner: Json | None = None, hash_: str | None = None) -> MaxApiDialogMessage:
        """The person presses the button that shares the own number, or forwards the card of somebody else.

        `hash_` "": the card bears none.
        """
        card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{self.name}\r\nTEL;TYPE=cell:{self.phone}\r\nEND:VCARD"
        said = hmac.new(self._network.token.encode(), card.encode(), hashlib.sha256).hexdigest()
        payload: Json = {"vcf_info": card, "max_info": owner or self.user}
        if hash_ != "":
            payload["hash"] = said if hash_ is None else hash_
        return self.say("", attachments=[{"type": "contact", "payload": payload}])

    def press(self, message: MaxApiDialogMessage, payload: str) -> str:
        """The person presses a button; the id of the press."""
        callback_id = secrets.token_hex(8)
        self._network.pressed[callback_id] = self, message
        callback = {"timestamp": self._now(), "callback_id": callback_id, "payload": payload, "user": self.user}
        fault = self._network.faults.strike("press", self.user_id, peer=Peer.MAX_API)
        is_gone = fault is not None and fault.kind is FaultKind.NO_MESSAGE
        self._add("message_callback", callback=callback, message=None if is_gone else self._shown(message))
        return callback_id

    def stop(self) -> None:
        """The person stops the bot: every message is refused from now on."""
        self.is_stopped = True
        self._tell("bot_stopped")

    def mute(self, until: int) -> None:
        """The person mutes the dialog until a moment in milliseconds."""
        self.muted_until = until
        self._tell("dialog_muted", muted_until=until)

    def unmute(self) -> None:
        """The person hears the dialog again."""
        self.muted_until = None
        self._tell("dialog_unmuted")

    def remove(self) -> None:
        """The person removes the dialog."""
        self.is_started = False
        self._tell("dialog_removed")

    # What the bot does, checked by the caller.

    def open_for_bot(self) -> None:
        """Raise what MAX answers to a bot that may not write here."""
        if self.is_stopped:
            raise stopped_max_api_refusal()
        if not self.is_started:
            raise MaxApiRefusal(404, "chat.not.found", f"Chat of user {self.user_id} not found")

    def accept(self, text: str, **parts: Any) -> Json:
        """A message of the bot arrives."""
        return self._shown(self._new(text=text, from_bot=True, **parts))

    def message(self, mid: str) -> MaxApiDialogMessage:
        """The message with this id."""
        found = next((each for each in self.messages if each.mid == mid), None)
        if found is None:
            raise MaxApiRefusal(404, "message.not.found", "Message not found")
        return found

    def replace(
        self, message: MaxApiDialogMessage, text: str, markup: list[Json], attachments: list[Json] | None
    ) -> None:
        """The bot changes a message; attachments that are ``None`` stay."""
        message.earlier.append(message.text)
        message.text, message.markup = text, markup
        if attachments is not None:
            message.attachments = attachments
        self._network.feed.tell("max_message", lambda: self.seen(message))

    # How it looks.

    def seen(self, message: MaxApiDialogMessage) -> Json:
        """The message as the person sees it."""
        extra = {"user_id": self.user_id, "from_bot": message.from_bot, "silent": message.silent}
        return message.body() | extra | {"timestamp": message.timestamp, "earlier": message.earlier}

    def state(self) -> Json:
        """The whole dialog as the person sees it."""
        return {
            "user_id": self.user_id, "name": self.name, "started": self.is_started, "stopped": self.is_stopped,
            "muted_until": self.muted_until, "messages": [self.seen(message) for message in self.messages],
        }  # fmt: skip

    def _shown(self, message: MaxApiDialogMessage) -> Json:
        """The message as MAX writes it: `recipient.user_id` of what a person sends is the bot, not the person."""
        sender, to = (BOT, self.user_id) if message.from_bot else (self.user, BOT["user_id"])
        shown: Json = {
            "sender": sender, "recipient": {"chat_id": CHATS + self.user_id, "chat_type": "dialog", "user_id": to},
            "timestamp": message.timestamp, "body": message.body(),
        }  # fmt: skip
        return shown | ({"link": message.link} if message.link else {})

    def _new(self, *, text: str, from_bot: bool, **parts: Any) -> MaxApiDialogMessage:
        number = next(self._network.numbers)
        message = MaxApiDialogMessage(
            f"mid.{number:016x}", number, from_bot, text, time.monotonic(), self._now(), **parts
        )
        self.messages.append(message)
        self._network.feed.tell("max_message", lambda: self.seen(message))
        return message

    def _tell(self, kind: str, **more: Any) -> None:
        """An event of the dialog that is no message."""
        more = {name: value for name, value in more.items() if value is not None}
        self._add(kind, chat_id=CHATS + self.user_id, user=self.user, **more)
        self._network.feed.tell("max_dialog", self.state)

    def _add(self, kind: str, **more: Any) -> None:
        self._network.updates.add({"update_type": kind, "timestamp": self._now(), **more})

    def _now(self) -> int:
        return self._network.feed.now() * 1000 + int(time.monotonic() * 1000) % 1000


class MaxApiDialogs:
    """All dialogs by the id of their person; one that nobody named belongs to a guest."""

    def __init__(self, network: MaxNetwork) -> None:
        self.network = network
        self._dialogs: dict[int, MaxApiDialog] = {}

    def __getitem__(self, user_id: int) -> MaxApiDialog:
        return self._dialogs.get(user_id) or self.add(user_id, f"Гость {user_id}")

    def __iter__(self) -> Iterator[MaxApiDialog]:
        return iter(self._dialogs.values())

    def get(self, user_id: int) -> MaxApiDialog | None:
        """The dialog of a person, if there is one."""
        return self._dialogs.get(user_id)

    def add(self, user_id: int, name: str, *, phone: str | None = None) -> MaxApiDialog:
        """A person who may talk with the bot."""
        self._dialogs[user_id] = MaxApiDialog(user_id, name, phone=phone, network=self.network)
        return self._dialogs[user_id]
