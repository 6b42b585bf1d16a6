"""One message of a chat, and how the Bot API writes it."""

from dataclasses import dataclass, field
from typing import Any, TypedDict

from bot.sandbox.bot_api.call import Json
from bot.sandbox.bot_api.state.files import BotApiStoredFile


@dataclass(frozen=True, slots=True)
class BotApiMessageAttachment:
    """What hangs on a message: a photo or a document."""

    kind: str
    file: BotApiStoredFile

    def as_json(self) -> object:
        """The value of the message's ``photo`` or ``document`` field."""
        file = self.file
        shown: Json = {"file_id": file.file_id, "file_unique_id": f"u-{file.file_id}", "file_size": len(file.data)}
        if self.kind == "photo":
            return [{**shown, "width": file.width, "height": file.height}]
        return {**shown, "file_name": file.name, "mime_type": file.mime}


class Parts(TypedDict, total=False):
    """What a message may have besides its text."""

    entities: list[Json]
    markup: Json | None
    attachment: BotApiMessageAttachment | None
    contact: Json | None
    album: str | None
    reply_to: int | None
    protected: bool
    silent: bool


@dataclass(slots=True)
class BotApiMessage:
    """``text`` is the caption where there is an attachment; ``at`` is monotonic, ``date`` Unix time, in seconds."""

    message_id: int
    chat_id: int
    from_bot: bool
    text: str
    date: int
    at: float
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    attachment: BotApiMessageAttachment | None = None
    contact: Json | None = None
    album: str | None = None
    reply_to: int | None = None
    protected: bool = False
    silent: bool = False
    edited: int | None = None
    deleted: bool = False
    earlier: list[str] = field(default_factory=list)  # the texts before each edit

    @property
    def buttons(self) -> list[list[Json]]:
        """Rows of inline buttons; a reply keyboard is not part of the message for the eye."""
        return (self.markup or {}).get("inline_keyboard") or []

    @property
    def labels(self) -> list[str]:
        """The words on the inline buttons, in reading order."""
        return [button["text"] for row in self.buttons for button in row]

    def as_json(self, chat: Json, sender: Json) -> Json:
        """The message as both libraries read it."""
        shown: dict[str, Any] = {
            "message_id": self.message_id, "date": self.date, "chat": chat, "from": sender, **self._content(),
        }  # fmt: skip
        optional = {
            "edit_date": self.edited,
            "media_group_id": self.album,
            "has_protected_content": self.protected or None,
            "reply_markup": {"inline_keyboard": self.buttons} if self.buttons else None,
        }
        return shown | {name: value for name, value in optional.items() if value is not None}

    def _content(self) -> Json:
        if self.contact is not None:
            return {"contact": self.contact}
        text, entities = ("caption", "caption_entities") if self.attachment else ("text", "entities")
        content: Json = {text: self.text} if self.text or not self.attachment else {}
        if self.entities:
            content[entities] = self.entities
        if self.attachment is not None:
            content[self.attachment.kind] = self.attachment.as_json()
        return content
