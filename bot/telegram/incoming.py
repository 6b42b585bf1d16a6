"""An update as Telegram wrote it: what must be known of it before anybody tries to read it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.types import Update

LARGEST_UPDATE = (1 << 31) - 1
"""Telegram counts updates in 32 bits; a larger number as offset would confirm all that ever comes."""

LARGEST_CHAT = (1 << 52) - 1
"""Telegram: a chat's number has at most 52 significant bits."""

KINDS = frozenset(Update.model_fields) - {"update_id"}
"""Kinds of update that the library knows."""

HEARD = frozenset({"message", "callback_query", "my_chat_member"})
"""Kinds that the bot answers or acts upon."""

_NAME = re.compile(r"[a-z_]{1,40}")
UNNAMED = "unnamed"


class UnreadableUpdateError(Exception):
    """An update that cannot be read; `kind` is the name of its own key, and nothing of its content."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update of a private chat, by its number; `raw`: what Telegram wrote, not read yet; `body`: as it is kept."""

    update_id: int
    kind: str
    chat: str
    raw: object
    body: str

    def read(self, bot: Bot) -> Update:
        """UnreadableError for what is not as the library knows it."""
        try:
            return Update.model_validate(self.raw, context={"bot": bot})
        except Exception:  # noqa: BLE001  # whatever its validators raise; the text quotes the content (Q103)
            raise UnreadableUpdateError(self.kind) from None


def number_of(raw: object) -> int | None:
    """The update's number; None where it has none that can be one."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if _is_number(number) and 0 < number <= LARGEST_UPDATE else None  # type: ignore[operator]


def incoming(raw: object) -> Incoming | None:
    """None for what is nobody's private chat, or of a kind that nobody listens to. Raises UnreadableError."""
    number, kind = number_of(raw), kind_of(raw)
    if number is None or kind not in KINDS:
        raise UnreadableUpdateError(kind)
    if kind not in HEARD:
        return None
    chat = _chat(raw, kind)
    if chat is None or chat.get("type") != ChatType.PRIVATE:
        return None
    address = chat.get("id")
    if not _is_number(address) or not 0 < address <= LARGEST_CHAT:  # type: ignore[operator]
        raise UnreadableUpdateError(kind)
    return Incoming(number, kind, str(address), raw, _body(raw, kind))


def kept(update_id: int, chat: str, body: str) -> Incoming:
    """An update that was kept, whatever version of the bot kept it."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raw = None
    return Incoming(update_id, kind_of(raw), chat, raw, body)


def kind_of(raw: object) -> str:
    """The key that says what happened; a name that looks like none is not repeated, since it may be anything."""
    names = [name for name in raw if name != "update_id"] if isinstance(raw, dict) else []
    names.sort(key=lambda name: name not in KINDS)
    return names[0] if names and _NAME.fullmatch(names[0]) else UNNAMED


def _chat(raw: Any, kind: str) -> Mapping[str, Any] | None:
    """Where it happened; None for a button under a message that is out of reach. Raises UnreadableError."""
    event = raw[kind]
    if kind == "callback_query" and isinstance(event, dict):
        if event.get("message") is None:
            return None
        event = event["message"]
    chat = event.get("chat") if isinstance(event, dict) else None
    if not isinstance(chat, dict):
        raise UnreadableUpdateError(kind)
    return chat


def _body(raw: object, kind: str) -> str:
    try:
        return json.dumps(raw, separators=(",", ":"))
    except RecursionError:
        raise UnreadableUpdateError(kind) from None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
