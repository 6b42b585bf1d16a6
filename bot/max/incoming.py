"""Raw updates of MAX: what must be known of one before it is read, and what it says afterwards.

MAX gives its updates no id, so one is made of what does not change when an update is delivered again.
"""

import hashlib
import hmac
import json
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
from notifiers.max.files import FILE, IMAGE, MaxStoredFile
from notifiers.max.limits import LARGEST_USER, LONGEST_MESSAGE

HANDLED_KINDS = {
    "message_created": HeardKind.MESSAGE,
    "message_edited": HeardKind.EDIT,
    "message_callback": HeardKind.PRESS,
    "bot_started": HeardKind.MESSAGE,
    "bot_stopped": HeardKind.BLOCKED,
    "dialog_removed": HeardKind.BLOCKED,
    "dialog_muted": HeardKind.MUTED,
    "dialog_unmuted": HeardKind.UNMUTED,
}
"""Kinds that the bot handles."""

DIALOG = "dialog"
"""Any other type of chat is a group."""

CHANNEL = "max"
_PHONE = re.compile(r"^TEL[^:\r\n]*:(?:tel:)?\+?([0-9]{7,15})\s*$", re.MULTILINE | re.IGNORECASE)
_VOICES = frozenset({"audio"})


def parse_incoming_max_update(raw: object) -> Incoming | None:
    """The update; None in groups and for kinds that are not handled. Raises UnreadableUpdateError."""
    kind = _update_kind(raw)
    if not isinstance(raw, dict) or kind == UNNAMED:
        raise UnreadableUpdateError(kind)
    if kind not in HANDLED_KINDS or _is_in_group(raw):
        return None
    person = _person_id(raw, kind)
    body = written_update(raw, kind)
    return Incoming(incoming_max_update_number(raw, person), HANDLED_KINDS[kind], str(person), raw, body)


def stored_incoming_max_update(update_id: int, chat: str, body: str) -> Incoming:
    """A stored update, whichever version of the bot stored it."""
    raw = raw_update(body)
    return Incoming(update_id, HANDLED_KINDS.get(_update_kind(raw), HeardKind.MESSAGE), chat, raw, body)


def incoming_max_update_number(raw: Mapping[str, Any], person: int | None = None) -> int:
    """63 bits of a hash over what names the event: equal for one that is delivered again, and for no other.

    Of a kind that nobody knows yet all that it holds.
    """
    callback, body, kind = _child(raw, "callback"), _child(raw, "message", "body"), _update_kind(raw)
    named: object = raw
    if kind == "message_callback":
        named = callback.get("callback_id"), callback.get("timestamp")
    elif kind in HANDLED_KINDS:
        named = body.get("mid"), raw.get("message_id"), raw.get("payload")
    said = json.dumps([kind, raw.get("timestamp"), person, named], sort_keys=True, default=str)
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest()) >> 1


def _update_kind(raw: object) -> str:
    """MAX's word for the update; a malformed one is replaced, since it may hold content."""
    kind = raw.get("update_type") if isinstance(raw, dict) else None
    return raw_update_kind(kind)


def read_incoming_max_update(update: Incoming, *, token: str) -> MessengerUpdate:
    """What an update says. `token` is the key under which MAX vouches for a contact. Raises UnreadableUpdateError."""
    try:
        return _read(update, token)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnreadableUpdateError(_update_kind(update.raw)) from None


def _read(update: Incoming, token: str) -> MessengerUpdate:
    raw, kind = update.raw, _update_kind(update.raw)
    if not isinstance(raw, dict):
        raise UnreadableUpdateError(kind)
    match kind:
        case "bot_started":
            payload = raw.get("payload")
            words = f"/start {payload}" if isinstance(payload, str) and payload else "/start"
            words = without_forbidden_characters(words)
            return MessengerUpdate(update.update_id, update.kind, update.chat, words, reopens=True)
        case "message_callback":
            data = raw["callback"].get("payload")
            pressed = data if isinstance(data, str) else ""
            return MessengerUpdate(update.update_id, update.kind, update.chat, data=pressed, origin=raw)
        case "message_created" | "message_edited":
            return _read_message(update, raw["message"], token)
        case "dialog_muted":
            until = raw.get("muted_until")
            return MessengerUpdate(
                update.update_id, update.kind, update.chat, muted_until=until if is_raw_update_number(until) else None
            )
    return MessengerUpdate(update.update_id, update.kind, update.chat)


def _read_message(update: Incoming, message: Mapping[str, Any], token: str) -> MessengerUpdate:
    body = message.get("body") or {}
    attachments = [each for each in body.get("attachments") or () if isinstance(each, dict)]
    contact = next((each for each in attachments if each.get("type") == "contact"), None)
    words = _words(message, body) or (_own_phone(contact, message, token) if contact else "")
    words, files = without_forbidden_characters(words), tuple(_files(attachments))
    number = body.get("seq")
    return MessengerUpdate(
        update.update_id,
        update.kind,
        update.chat,
        words,
        files,
        origin=update.raw,
        content=_content(attachments, files, words),
        messages=(number,) if isinstance(number, int) else (),
        sent_at=int(message["timestamp"]) // 1000,
        cut_end="" if len(words) >= LONGEST_MESSAGE else None,
        reopens=True,
    )


def _words(message: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """The text; of a forwarded message its own."""
    text = body.get("text")
    if isinstance(text, str) and text:
        return text
    link = message.get("link") or {}
    forwarded = (link.get("message") or {}).get("text") if link.get("type") == "forward" else None
    return forwarded if isinstance(forwarded, str) else ""


def _own_phone(contact: Mapping[str, Any], message: Mapping[str, Any], token: str) -> str:
    """The number of a shared contact, with its plus; "" for any but the sender's own, and without MAX's hash (Q81)."""
    payload = contact.get("payload") or {}
    card, said, owner = payload.get("vcf_info"), payload.get("hash"), (payload.get("max_info") or {}).get("user_id")
    if not isinstance(card, str) or not isinstance(said, str) or owner != message["sender"]["user_id"]:
        return ""
    if not hmac.compare_digest(said.lower().encode(), incoming_max_contact_hash(card, token=token).encode()):
        return ""
    found = _PHONE.search(card)
    return f"+{found[1]}" if found else ""


def incoming_max_contact_hash(card: str, *, token: str) -> str:
    """What MAX puts beside a contact card: HMAC-SHA256 under the bot's token, of the card with CRLF, in hex."""
    lines = card.replace("\r\n", "\n").replace("\n", "\r\n")
    return hmac.new(token.encode(), lines.encode(), hashlib.sha256).hexdigest()


def _files(attachments: Sequence[Mapping[str, Any]]) -> Iterator[SentFile]:
    for each in attachments:
        payload, kind = each.get("payload") or {}, each.get("type")
        if kind not in {IMAGE, FILE} or not isinstance(payload.get("token"), str):
            continue
        stored = MaxStoredFile(kind, payload["token"], str(payload.get("url") or "")).reference
        if kind == IMAGE:
            yield SentFile(UNNAMED_PHOTO, "image/jpeg", stored, CHANNEL)
        else:
            name = without_forbidden_characters(str(each.get("filename") or UNNAMED_FILE))
            yield SentFile(name, _media_type(name), stored, CHANNEL)


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _content(attachments: Sequence[Mapping[str, Any]], files: Sequence[SentFile], words: str) -> MessageContent:
    kinds = {each.get("type") for each in attachments}
    if files:
        return MessageContent.FILES
    if kinds & _VOICES:
        return MessageContent.VOICE
    if "contact" in kinds:
        return MessageContent.CONTACT
    return MessageContent.WORDS if words else MessageContent.OTHER


def _is_in_group(raw: Mapping[str, Any]) -> bool:
    recipient = _child(raw, "message", "recipient")
    return "chat_type" in recipient and recipient["chat_type"] != DIALOG


def _person_id(raw: Mapping[str, Any], kind: str) -> int:
    """Who acts: the sender, who pressed, who started; `recipient.user_id` of what they send is the bot itself."""
    places = {"message_callback": ("callback", "user"), **dict.fromkeys(_MESSAGES, ("message", "sender"))}
    person = _child(raw, *places.get(kind, ("user",))).get("user_id")
    if not is_raw_update_number(person) or not 0 < person <= LARGEST_USER:
        raise UnreadableUpdateError(kind)
    return person


_MESSAGES = ("message_created", "message_edited")


def _child(raw: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """An object within the update; empty where it is missing or something else."""
    found: Any = raw
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
