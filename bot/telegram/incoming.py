"""Raw updates: what must be known of one before aiogram parses it, and what it says afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import Message, Update

from bot.conversation.line.raw_updates import (
    UNNAMED,
    UNNAMED_FILE,
    UNNAMED_PHOTO,
    is_raw_update_number,
    raw_update,
    raw_update_kind,
    written_update,
)
from bot.conversation.messenger import HeardKind, Incoming, MessengerUpdate, UnreadableUpdateError
from core.model.conversation import MessageContent, SentFile
from core.rules.characters import without_forbidden_characters
from notifiers.html_messages import html_message_length
from notifiers.telegram.html import LONGEST_CAPTION, LONGEST_MESSAGE

LARGEST_UPDATE = (1 << 31) - 1
"""Update ids have 31 bits; a larger number as offset would confirm all future updates."""

LARGEST_CHAT = (1 << 52) - 1
"""Telegram's limit: a chat id has at most 52 significant bits."""

KINDS = frozenset(Update.model_fields) - {"update_id"}
"""Kinds of updates that aiogram knows."""

HANDLED_KINDS = {
    "message": HeardKind.MESSAGE,
    "edited_message": HeardKind.EDIT,
    "callback_query": HeardKind.PRESS,
    "my_chat_member": HeardKind.UNBLOCKED,
}
"""Kinds that the bot handles; a block is told from its end by the new status."""

OUTSIDE = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
"""The bot's status in a chat that has blocked it."""

CHANNEL = "telegram"


def incoming_telegram_update_number(raw: object) -> int | None:
    """The update's id; None where it is missing or invalid."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if is_raw_update_number(number) and 0 < number <= LARGEST_UPDATE else None


def parse_incoming_telegram_update(raw: object) -> Incoming | None:
    """The update; None outside private chats and for kinds that are not handled. Raises UnreadableUpdateError."""
    number, kind = incoming_telegram_update_number(raw), _update_kind(raw)
    if number is None or kind not in KINDS:
        raise UnreadableUpdateError(kind)
    if kind not in HANDLED_KINDS:
        return None
    chat = _chat(raw, kind)
    if chat is None or chat.get("type") != ChatType.PRIVATE:
        return None
    address = chat.get("id")
    if not is_raw_update_number(address) or not 0 < address <= LARGEST_CHAT:
        raise UnreadableUpdateError(kind)
    return Incoming(number, _heard_kind(raw, kind), str(address), raw, written_update(raw, kind))


def stored_incoming_telegram_update(update_id: int, chat: str, body: str) -> Incoming:
    """A stored update, whichever version of the bot stored it."""
    raw = raw_update(body)
    return Incoming(update_id, _heard_kind(raw, _update_kind(raw)), chat, raw, body)


def read_incoming_telegram_update(update: Incoming, bot: Bot) -> MessengerUpdate:
    """What an update says, parsed by aiogram. Raises UnreadableUpdateError."""
    try:
        parsed = Update.model_validate(update.raw, context={"bot": bot})
    except Exception:  # noqa: BLE001  # validators raise anything, and their texts quote the content (Q103)
        raise UnreadableUpdateError(_update_kind(update.raw)) from None
    if (press := parsed.callback_query) is not None:
        return MessengerUpdate(update.update_id, HeardKind.PRESS, update.chat, data=press.data or "", origin=press)
    if (message := parsed.message or parsed.edited_message) is not None:
        kind = HeardKind.MESSAGE if parsed.message is not None else HeardKind.EDIT
        return _read_message(update, kind, message)
    return MessengerUpdate(update.update_id, update.kind, update.chat)


def _read_message(update: Incoming, kind: HeardKind, message: Message) -> MessengerUpdate:
    said = message.text or message.caption or _own_phone(message)
    words, files = without_forbidden_characters(said), _files(message)
    return MessengerUpdate(
        update.update_id,
        kind,
        update.chat,
        words,
        files,
        origin=message,
        content=_content(message, files),
        messages=(message.message_id,),
        sent_at=int(message.date.timestamp()),
        album=message.media_group_id,
        cut_end=_cut_end(words, LONGEST_CAPTION if message.caption else LONGEST_MESSAGE),
    )


def _content(message: Message, files: Sequence[SentFile]) -> MessageContent:
    if files:
        return MessageContent.FILES
    if message.voice or message.video_note:
        return MessageContent.VOICE
    if message.contact:
        return MessageContent.CONTACT
    return MessageContent.OTHER if message.text is None else MessageContent.WORDS


def _own_phone(message: Message) -> str:
    """The number of a shared contact, with its plus; "" for any but the sender's own, whoever else it is (Q81)."""
    card, sender = message.contact, message.from_user
    if card is None or sender is None or card.user_id != sender.id:
        return ""
    return f"+{card.phone_number.lstrip('+')}"


def _cut_end(words: str, longest: int) -> str | None:
    """Telegram's apps send a longer text, or the rest of a caption, as messages of their own.

    They cut at a line or word in the second half of a message, and in a full one anywhere; the server then drops blanks
    at both ends.
    """
    if 2 * html_message_length(words) < longest:
        return None
    return "" if html_message_length(words) >= longest else "\n"


def _files(message: Message) -> tuple[SentFile, ...]:
    if message.photo:
        return (SentFile(UNNAMED_PHOTO, "image/jpeg", message.photo[-1].file_id, CHANNEL),)
    if (document := message.document) is not None:
        name, media_type = document.file_name or UNNAMED_FILE, document.mime_type or "application/octet-stream"
        return (SentFile(without_forbidden_characters(name), media_type, document.file_id, CHANNEL),)
    return ()


def _heard_kind(raw: Any, kind: str) -> HeardKind:
    """For `my_chat_member` by the new status; whatever else is wrong in the update is found when it is read."""
    member = raw[kind].get("new_chat_member") if kind == "my_chat_member" and isinstance(raw[kind], dict) else None
    is_outside = isinstance(member, dict) and member.get("status") in OUTSIDE
    return HeardKind.BLOCKED if is_outside else HANDLED_KINDS.get(kind, HeardKind.MESSAGE)


def _update_kind(raw: object) -> str:
    """The key that names the update's kind; a malformed one is replaced, since it may hold content."""
    names = [name for name in raw if name != "update_id"] if isinstance(raw, dict) else []
    names.sort(key=lambda name: name not in KINDS)
    return raw_update_kind(names[0]) if names else UNNAMED


def _chat(raw: Any, kind: str) -> Mapping[str, Any] | None:
    """The chat of the update; None for a button under an inaccessible message. Raises UnreadableUpdateError."""
    event = raw[kind]
    if kind == "callback_query" and isinstance(event, dict):
        if event.get("message") is None:
            return None
        event = event["message"]
    chat = event.get("chat") if isinstance(event, dict) else None
    if not isinstance(chat, dict):
        raise UnreadableUpdateError(kind)
    return chat
