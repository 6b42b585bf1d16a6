"""A person with MAX on the phone, for tests that read as a chat: ``start``, ``send``, ``reply``, ``press``."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox import SandboxServer
from bot.sandbox.max_api.dialogs import MaxApiDialogMessage

Seen = TypeVar("Seen")
PAUSE = 0.01


class MaxChat:
    """Somebody's dialog with the bot in a sandbox."""

    def __init__(self, world: SandboxServer, user_id: int) -> None:
        self._log = world.max.network.log
        self.dialog = world.max[user_id]
        self._read = 0

    @property
    def messages(self) -> list[MaxApiDialogMessage]:
        """What the bot wrote, oldest first."""
        return [message for message in self.dialog.messages if message.from_bot]

    def texts(self) -> list[str]:
        """All texts of the bot, oldest first."""
        return [message.text for message in self.messages]

    def start(self, payload: str | None = None) -> None:
        """Open the dialog, by a deep link where there is a payload."""
        self._passed()
        self.dialog.start(payload)

    def send(self, text: str) -> None:
        """Write to the bot; whatever it wrote before counts as read."""
        self._passed()
        self.dialog.say(text)

    def press(self, label: str) -> None:
        """Press the newest button with these words."""
        self._passed()
        message = next((each for each in reversed(self.messages) if label in each.labels), None)
        assert message, f"no button {label!r}: {[each.labels for each in self.messages]}"
        button = next(button for row in message.buttons for button in row if button["text"] == label)
        self.dialog.press(message, button["payload"])

    async def reply(self, timeout: float = 5) -> str:  # noqa: ASYNC109 -- reads as a chat
        """The text that the bot writes or edits next; an AssertionError when it stays silent."""
        return await self._seen(self._next_unread, timeout)

    def _passed(self) -> None:
        self._read = len(self._log)

    def _next_unread(self) -> str | None:
        while self._read < len(self._log):
            accepted = self._log[self._read]
            self._read += 1
            if accepted.chat_id == self.dialog.user_id:
                return accepted.text
        return None

    async def _seen(self, look: Callable[[], Seen | None], seconds: float) -> Seen:
        deadline = time.monotonic() + seconds
        while (seen := look()) is None:
            assert time.monotonic() < deadline, f"the bot stayed silent; so far: {self.texts()}"
            await asyncio.sleep(PAUSE)
        return seen
