"""A chat in either messenger, read alike, so that one test speaks for both: ``says``, ``presses``, ``texts``."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox import SandboxServer
from bot.sandbox.bot_api.call import Upload
from bot.sandbox.bot_api.state.messages import BotApiMessage
from bot.sandbox.max_api.dialogs import MaxApiDialogMessage
from tests.support.conversation.chat import Chat
from tests.support.conversation.max_chat import MaxChat

MESSENGERS = ("telegram", "max")
LONGEST_PAYLOAD = 128


@dataclass(frozen=True, slots=True)
class EitherChat:
    """Somebody's chat with the bot. A person has the same number in both messengers."""

    chat: Chat | MaxChat
    world: SandboxServer
    number: int

    @classmethod
    def of(cls, world: SandboxServer, messenger: str, number: int) -> "EitherChat":
        """The chat of a person in a messenger."""
        return cls(MaxChat(world, number) if messenger == "max" else Chat(world, number), world, number)

    @property
    def messages(self) -> Sequence[BotApiMessage | MaxApiDialogMessage]:
        """What the bot wrote, oldest first."""
        return self.chat.messages

    def texts(self) -> list[str]:
        """The words of these messages."""
        return self.chat.texts()

    async def says(self, text: str) -> str:
        """Write; the words of the answer."""
        await self._write(text)
        return await self.reply()

    async def starts(self, code: str = "") -> str:
        """Open the chat, by the link that carries a code: nothing is typed. MAX itself brings no longer payload."""
        if isinstance(self.chat, MaxChat) and len(code) > LONGEST_PAYLOAD:
            self.chat._passed()  # noqa: SLF001  # whatever was written before counts as read
            forged = {"update_type": "bot_started", "timestamp": 5, "chat_id": 5, "payload": code}
            self.world.max.network.updates.add_raw(forged | {"user": self.chat.dialog.user})
        elif isinstance(self.chat, MaxChat):
            self.chat.start(code or None)
        else:
            await self.chat.send(f"/start {code}".strip())
        return await self.reply()

    async def presses(self, beginning: str) -> str:
        """Press the newest button that begins so; the words of the answer."""
        label = self._label(beginning)
        if isinstance(self.chat, MaxChat):
            self.chat.press(label)
        else:
            await self.chat.press(label)
        return await self.reply()

    async def forges(self, payload: str) -> str:
        """Press a button that the bot never made, under the newest message; what the bot says to that."""
        if isinstance(self.chat, MaxChat):
            self.chat._passed()  # noqa: SLF001  # whatever was written before counts as read
            self.chat.dialog.press(self.chat.messages[-1], payload)
            return await self.reply()
        self.chat._read = len(self.world.log)  # noqa: SLF001  # as above
        there = self.world.chats[self.number]
        answer = there.answer(there.press(self.chat.last.message_id, payload))
        await answer.given.wait()
        return answer.text or await self.reply()

    async def shares_number(self, *, foreign: bool = False) -> str:
        """Share a contact card: one's own, or somebody else's."""
        if isinstance(self.chat, MaxChat):
            self.chat._passed()  # noqa: SLF001  # as above
            stranger = {**self.chat.dialog.user, "user_id": 1}
            self.chat.dialog.share_contact(owner=stranger if foreign else None)
        else:
            self.chat._read = len(self.world.log)  # noqa: SLF001  # as above
            there = self.world.chats[self.number]
            there.share_contact(owner=1 if foreign else None)
        return await self.reply()

    async def sends_file(self, upload: Upload, caption: str) -> str:
        """Send a file with words."""
        if isinstance(self.chat, MaxChat):
            self.chat._passed()  # noqa: SLF001  # as above
            self.chat.dialog.send_file(upload, caption=caption)
        else:
            self.chat._read = len(self.world.log)  # noqa: SLF001  # as above
            self.world.chats[self.number].send_file(upload, caption=caption)
        return await self.reply()

    async def reply(self) -> str:
        """The words that the bot writes or edits next."""
        answer = await self.chat.reply(20)
        return answer if isinstance(answer, str) else answer.text

    def payload(self, beginning: str) -> str:
        """What a button carries."""
        label = self._label(beginning)
        message = next(each for each in reversed(self.messages) if label in each.labels)
        key = "payload" if isinstance(message, MaxApiDialogMessage) else "callback_data"
        rows = message.buttons
        return next(str(button[key]) for row in rows for button in row if button["text"] == label)

    async def _write(self, text: str) -> None:
        if isinstance(self.chat, MaxChat):
            self.chat.send(text)
        else:
            await self.chat.send(text)

    def _label(self, beginning: str) -> str:
        labels = [label for message in reversed(self.messages) for label in message.labels]
        found = next((label for label in labels if label.startswith(beginning)), None)
        assert found, f"no button {beginning!r} among {labels}"
        return found
