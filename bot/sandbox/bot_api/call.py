"""One call of the Bot API as the server received it, its JSON form fields already decoded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.bot_api.refusal import bad_request_refusal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call as a multipart part."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BotApiCall:
    """Fields keep the form they came in: a form sends ``"true"`` and ``"12"``, JSON sends ``true`` and ``12``."""

    method: str
    fields: Json
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field as text, empty where it was not given."""
        value = self.fields.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """The field as yes or no; the Bot API takes 1 as yes."""
        return str(self.fields.get(name, "")).lower() in {"true", "1"}

    def number(self, name: str, default: int = 0) -> int:
        """The field as a whole number; the schema has already refused anything else."""
        value = self.fields.get(name)
        return default if value in {None, ""} else int(value)

    @property
    def chat_id(self) -> int:
        """The chat the call is for; the sandbox has private chats only, so a @username is nobody."""
        try:
            return int(self.text("chat_id"))
        except ValueError:
            raise bad_request_refusal("chat not found" if self.text("chat_id") else "chat_id is empty") from None
