"""A person with a phone, for tests that read as a chat: ``send``, ``reply``, ``press``."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from bot.demo.school import DemoSchool
from bot.sandbox import SandboxPerson, SandboxServer
from bot.sandbox.bot_api.call import Upload
from bot.sandbox.bot_api.state.messages import BotApiMessage

Seen = TypeVar("Seen")
PAUSE = 0.01  # seconds between two looks at the screen


class Chat:
    """Somebody's private chat with the bot in a sandbox."""

    def __init__(self, world: SandboxServer, chat_id: int) -> None:
        self._world = world
        self._chat = world.chats[chat_id]
        self._read = 0  # how much of the world's log was read or passed over

    @property
    def messages(self) -> list[BotApiMessage]:
        """What the bot wrote and did not delete, oldest first."""
        return [message for message in self._chat.messages if message.from_bot and not message.deleted]

    @property
    def last(self) -> BotApiMessage:
        """The newest message of the bot."""
        assert self.messages, "the bot has not written anything"
        return self.messages[-1]

    def texts(self) -> list[str]:
        """All texts of the bot that can be read now, oldest first."""
        return [message.text for message in self.messages]

    async def send(self, text: str) -> None:
        """Write to the bot; whatever it wrote before counts as read."""
        self._read = len(self._world.log)
        self._chat.send(text)

    async def send_photo(self, photo: Upload, caption: str = "") -> None:
        """Send a picture with words under it."""
        self._read = len(self._world.log)
        self._chat.send_file(photo, photo=True, caption=caption)

    async def reply(self, timeout: float = 5) -> BotApiMessage:  # noqa: ASYNC109 -- reads as a chat
        """The message that the bot writes or edits next; an AssertionError when it stays silent."""
        unread = await self._seen(self._next_unread, timeout, "the bot stayed silent")
        return next(message for message in self._chat.messages if message.message_id == unread)

    async def press(self, label: str, timeout: float = 5) -> str:  # noqa: ASYNC109 -- as above
        """Press the newest button with these words; the bot's words over the chat, often none."""
        self._read = len(self._world.log)
        message = next((message for message in reversed(self.messages) if label in message.labels), None)
        assert message, f"no button {label!r}: {[message.labels for message in self.messages]}"
        button = next(button for row in message.buttons for button in row if button["text"] == label)
        answer = self._chat.answer(self._chat.press(message.message_id, button["callback_data"]))
        return await self._seen(lambda: answer.text, timeout, f"nothing happened after {label!r}")

    def _next_unread(self) -> int | None:
        while self._read < len(self._world.log):
            accepted = self._world.log[self._read]
            self._read += 1
            if accepted.chat_id == self._chat.chat_id:
                return accepted.message_id
        return None

    async def _seen(self, look: Callable[[], Seen | None], seconds: float, otherwise: str) -> Seen:
        deadline = time.monotonic() + seconds
        while (seen := look()) is None:
            assert time.monotonic() < deadline, f"{otherwise}; so far: {self.texts()}"
            await asyncio.sleep(PAUSE)
        return seen


def chat_of(school: DemoSchool, person: SandboxPerson) -> Chat:
    """Somebody's chat in the demo's school."""
    assert person.chat_id is not None
    return Chat(school.world, person.chat_id)
