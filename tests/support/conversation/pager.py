"""A messenger of the tests' own: plain text, 500 characters a message, three buttons below one, no editing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bot.conversation.answering import AnsweringConversation
from bot.conversation.messenger import HeardKind, Incoming, MessengerUpdate, UnreadableUpdateError
from bot.handlers.doors import DoorSchool
from bot.screens.screen import Screen, ScreenFile, screen_text
from core.model.conversation import MessageContent, SentFile
from core.model.delivery.text import Button, Text

CHANNEL = "pager"
LONGEST, MOST_BUTTONS = 500, 3
MORE = "…"
"""The words of a message that is there for its buttons alone."""


@dataclass(frozen=True, slots=True)
class PagerMessage:
    """What a pager shows; a file by its reference."""

    chat: str
    text: str
    buttons: tuple[Button, ...] = ()
    file: str | None = None


class PagerMessenger:
    """The port of a messenger over a list of messages."""

    channel = CHANNEL
    has_former_buttons = False

    def __init__(self) -> None:
        self.sent: list[PagerMessage] = []

    def parse(self, raw: Any) -> Incoming:
        kind = HeardKind.PRESS if "data" in raw else HeardKind.EDIT if "edited" in raw else HeardKind.MESSAGE
        return Incoming(raw["number"], kind, raw["chat"], raw, json.dumps(raw))

    def restore(self, update_id: int, chat: str, body: str) -> Incoming:
        return replace(self.parse(json.loads(body)), update_id=update_id, chat=chat)

    def read(self, update: Incoming) -> MessengerUpdate:
        if not {"text", "data", "content", "files"} & update.raw.keys():
            raise UnreadableUpdateError(CHANNEL)
        files = tuple(SentFile(**file, channel=CHANNEL) for file in update.raw.get("files", ()))
        text, data = update.raw.get("text", ""), update.raw.get("data", "")
        content = MessageContent[update.raw["content"]] if "content" in update.raw else MessageContent.WORDS
        return MessengerUpdate(
            update.update_id,
            update.kind,
            update.chat,
            text,
            files,
            data,
            content=MessageContent.FILES if files else content,
            messages=(update.raw.get("message", update.update_id),),
            sent_at=update.raw.get("at", 0),
            album=update.raw.get("album"),
            cut_end="" if len(text) >= LONGEST else None,
        )

    async def fetch(self, file: SentFile, *, most: int) -> bytes | None:
        """A pager's files are out of reach."""
        assert file.channel == CHANNEL
        assert most
        return None

    def cut(self, screen: Screen) -> Sequence[Screen]:
        text, buttons = screen_text(screen.text), [button for row in screen.buttons for button in row]
        pages = [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)] or [""]
        keys = [tuple(buttons[start : start + MOST_BUTTONS]) for start in range(0, len(buttons), MOST_BUTTONS)]
        picture = [Screen("", picture=screen.picture)] if screen.picture else []
        first = Screen(pages[-1], tuple((key,) for key in keys[0]) if keys else ())
        more = [Screen(MORE, tuple((key,) for key in row)) for row in keys[1:]]
        return [*picture, *map(Screen, pages[:-1]), first, *more]

    def fits(self, message: Screen) -> bool:
        return len(message.text) <= LONGEST

    async def show(self, heard: MessengerUpdate, screen: Screen) -> None:
        assert self.fits(screen)
        buttons = tuple(button for row in screen.buttons for button in row)
        assert len(buttons) <= MOST_BUTTONS
        self.sent.append(PagerMessage(heard.chat, screen.text, buttons))

    async def edit(self, _heard: MessengerUpdate, _screen: Screen) -> bool:
        return False

    async def send_picture(self, heard: MessengerUpdate, screen: Screen) -> None:
        self.sent.append(PagerMessage(heard.chat, screen.text, file="picture"))

    async def send_file(self, heard: MessengerUpdate, file: ScreenFile, words: str) -> None:
        self.sent.append(PagerMessage(heard.chat, words, file=file.reference or file.name))

    async def drop_button(self, heard: MessengerUpdate) -> None:
        self.sent = [
            replace(message, buttons=tuple(button for button in message.buttons if button.data != heard.data))
            for message in self.sent
        ]

    async def toast(self, heard: MessengerUpdate, words: str | None) -> None:
        if words:
            self.sent.append(PagerMessage(heard.chat, words))


@dataclass(slots=True)
class Pager:
    """A person with a pager: says words, presses the newest button that begins so; reads what came for it."""

    school: DoorSchool
    messenger: PagerMessenger
    chat: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def says(self, text: str, **more: Any) -> str:
        return await self._answered({"text": text, **more})

    async def presses(self, label: str) -> str:
        buttons = [button for message in self.messages for button in message.buttons]
        data = next((button.data for button in reversed(buttons) if button.label.startswith(label)), None)
        assert data, f"no button {label!r} among {[button.label for button in buttons]}"
        return await self._answered({"data": data})

    def receives(self, text: Text) -> str:
        """A push, as the channel would show it."""
        shown = "\n".join([text.title, *(line for section in text.sections for line in section.lines)])
        buttons = tuple(button for row in text.buttons for button in row)
        self.messenger.sent.append(PagerMessage(self.chat, shown, buttons))
        return shown

    @property
    def messages(self) -> list[PagerMessage]:
        return [message for message in self.messenger.sent if message.chat == self.chat]

    async def _answered(self, raw: dict[str, Any]) -> str:
        before = len(self.messages)
        incoming = self.messenger.parse({"number": next(self.numbers), "chat": self.chat, **raw})
        await AnsweringConversation.of_all_doors(self.school, self.messenger).answer(self.messenger.read(incoming))
        return "\n".join(filter(None, (message.text or message.file for message in self.messages[before:])))
