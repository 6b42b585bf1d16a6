"""A phone at the end of a line: what its owner says and presses, by the words on the buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiogram.methods import EditMessageText, SendDocument, SendPhoto

from tests.support.conversation.telegram import Line


@dataclass(slots=True)
class Phone:
    """A private chat; a button is found by its words, the newest first."""

    line: Line
    chat: int
    buttons: dict[str, str] = field(default_factory=dict)

    async def says(self, text: str) -> str:
        """All that the bot shows for these words, buttons included."""
        return self._read(await self.line.says(self.chat, text))

    async def presses(self, label: str) -> str:
        """All that the bot shows for this button."""
        assert label in self.buttons, f"no button {label!r}: {list(self.buttons)}"
        return self._read(await self.line.presses(self.chat, self.buttons[label]))

    @property
    def in_place(self) -> bool:
        """Whether the last answer took the place of the message that was pressed."""
        return any(isinstance(method, EditMessageText) for method in self.line.recording.sent)

    @property
    def pictures(self) -> int:
        """How many pictures came with the last answer."""
        return sum(isinstance(method, SendPhoto) for method in self.line.recording.sent)

    @property
    def files(self) -> list[Any]:
        """The files of the last answer, as the messenger got them."""
        return [method.document for method in self.line.recording.sent if isinstance(method, SendDocument)]

    def _read(self, shown: str) -> str:
        for method in self.line.recording.sent:
            markup = getattr(method, "reply_markup", None)
            for row in getattr(markup, "inline_keyboard", []):
                self.buttons |= {button.text: button.callback_data or "" for button in row}
        return shown


async def other_first_lines(phone: Phone, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """The first line of each answer that begins with another line than the wanted one."""
    first = {words: (await phone.says(words)).split("\n")[0] for words in wanted}
    return {words: line for words, line in first.items() if line != wanted[words]}


async def answers_without(phone: Phone, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Each answer that lacks the wanted words."""
    answers = {words: await phone.says(words) for words in wanted}
    return {words: answer for words, answer in answers.items() if wanted[words] not in answer}
