"""The methods that write to a chat: messages, photos, documents, albums, edits and deletions."""

import itertools
import time
from collections.abc import Callable

from bot.sandbox.bot_api.bot import Bot, Method, Result
from bot.sandbox.bot_api.call import BotApiCall, Json
from bot.sandbox.bot_api.limits import bot_caption_within_limits, bot_markup_within_limits, bot_text_within_limits
from bot.sandbox.bot_api.refusal import MODIFIED, bad_request_refusal
from bot.sandbox.bot_api.state.chats import BotApiChat
from bot.sandbox.bot_api.state.messages import BotApiMessage, BotApiMessageAttachment, Parts
from bot.sandbox.bot_api.state.send_log import Accepted

ALBUM = range(2, 11)
_albums = itertools.count(1)


def send_message(bot: Bot, call: BotApiCall) -> Result:
    """A text with its keyboard."""
    text, entities = bot_text_within_limits(call)
    return _send(bot, call, text, {"entities": entities, "markup": bot_markup_within_limits(call)})


def send_photo(bot: Bot, call: BotApiCall) -> Result:
    """A photo with its caption."""
    return _send_attachment(bot, call, "photo")


def send_document(bot: Bot, call: BotApiCall) -> Result:
    """A document with its caption."""
    return _send_attachment(bot, call, "document")


def send_media_group(bot: Bot, call: BotApiCall) -> Result:
    """2–10 photos or documents as one album; one refusal and none of them arrives."""
    items: list[Json] = call.fields["media"]
    if len(items) not in ALBUM:
        raise bad_request_refusal(f"too {'few' if len(items) < ALBUM.start else 'many'} messages to send as an album")
    if len({item["type"] == "document" for item in items}) > 1:
        raise bad_request_refusal("document can't be mixed with other media types")
    bot.chats.for_bot(call.chat_id)
    album = f"album-{next(_albums)}"
    captions = [bot_caption_within_limits(BotApiCall(call.method, item)) for item in items]
    attachments = [_attachment(bot, call, item["type"], item["media"]) for item in items]
    return [
        _send(bot, call, text, {"entities": entities, "attachment": attachment, "album": album})
        for (text, entities), attachment in zip(captions, attachments, strict=True)
    ]


def edit_message_text(bot: Bot, call: BotApiCall) -> Result:
    """Another text; without a keyboard in the call the old one goes, as in Telegram."""

    def change(message: BotApiMessage) -> None:
        if message.attachment:
            raise bad_request_refusal("there is no text in the message to edit")
        (message.text, message.entities), message.markup = bot_text_within_limits(call), bot_markup_within_limits(call)

    return _edit(bot, call, change)


def edit_message_caption(bot: Bot, call: BotApiCall) -> Result:
    """Another caption under the same attachment."""

    def change(message: BotApiMessage) -> None:
        if not message.attachment:
            raise bad_request_refusal("there is no caption in the message to edit")
        (message.text, message.entities), message.markup = (
            bot_caption_within_limits(call),
            bot_markup_within_limits(call),
        )

    return _edit(bot, call, change)


def edit_message_media(bot: Bot, call: BotApiCall) -> Result:
    """Another photo or document in place of the old one."""

    def change(message: BotApiMessage) -> None:
        item: Json = call.fields["media"]
        caption, markup = bot_caption_within_limits(BotApiCall(call.method, item)), bot_markup_within_limits(call)
        message.attachment = _attachment(bot, call, item["type"], item["media"])
        (message.text, message.entities), message.markup = caption, markup

    return _edit(bot, call, change)


def edit_message_reply_markup(bot: Bot, call: BotApiCall) -> Result:
    """Other buttons under the same message."""

    def change(message: BotApiMessage) -> None:
        message.markup = bot_markup_within_limits(call)

    return _edit(bot, call, change)


def delete_message(bot: Bot, call: BotApiCall) -> Result:
    """The message disappears for the person; the sandbox keeps that it was."""
    chat = bot.chats.for_bot(call.chat_id)
    _delete(chat, chat.message(call.number("message_id"), missing="message to delete not found"))
    return True


def delete_messages(bot: Bot, call: BotApiCall) -> Result:
    """Several at once; those that are not there are passed over."""
    chat = bot.chats.for_bot(call.chat_id)
    wanted = {int(message_id) for message_id in call.fields["message_ids"]}
    for message in chat.messages:
        if message.message_id in wanted and not message.deleted:
            _delete(chat, message)
    return True


def _delete(chat: BotApiChat, message: BotApiMessage) -> None:
    message.deleted = True
    chat.changed(message)


def _send_attachment(bot: Bot, call: BotApiCall, kind: str) -> Result:
    bot.chats.for_bot(call.chat_id)
    text, entities = bot_caption_within_limits(call)
    markup = bot_markup_within_limits(call)
    attachment = _attachment(bot, call, kind, call.text(kind) or f"attach://{kind}")
    return _send(bot, call, text, {"entities": entities, "markup": markup, "attachment": attachment})


def _attachment(bot: Bot, call: BotApiCall, kind: str, source: str) -> BotApiMessageAttachment:
    if kind not in {"photo", "document"}:
        raise bad_request_refusal(f"sandbox: media of type {kind} is not played here")
    if not source.startswith("attach://"):
        return BotApiMessageAttachment(kind, bot.telegram.files.again(source, kind))
    upload = call.uploads.get(source.removeprefix("attach://"))
    if upload is None:
        raise bad_request_refusal(f"there is no {kind} in the request")
    return BotApiMessageAttachment(kind, bot.telegram.files.keep(upload, photo=kind == "photo"))


def _send(bot: Bot, call: BotApiCall, text: str, parts: Parts) -> Json:
    chat = bot.chats.for_bot(call.chat_id)
    whole: Parts = {
        **parts,
        "reply_to": _reply_to(chat, call),
        "protected": call.flag("protect_content"),
        "silent": call.flag("disable_notification"),
    }
    message = chat.accept(text, **whole)
    bot.log.add(Accepted(chat.chat_id, call.method, text, message.at, message.message_id))
    return chat.shown(message)


def _reply_to(chat: BotApiChat, call: BotApiCall) -> int | None:
    reply: Json | None = call.fields.get("reply_parameters")
    if not reply:
        return None
    if reply.get("allow_sending_without_reply"):
        return int(reply["message_id"])
    return chat.message(int(reply["message_id"]), missing="message to be replied not found").message_id


def _edit(bot: Bot, call: BotApiCall, change: Callable[[BotApiMessage], None]) -> Json:
    chat = bot.chats.for_bot(call.chat_id)
    message = chat.message(call.number("message_id"), missing="message to edit not found")
    if not message.from_bot:
        raise bad_request_refusal("message can't be edited")
    before = _looks(message)
    change(message)
    if _looks(message) == before:
        raise bad_request_refusal(MODIFIED)
    message.earlier.append(before[0])
    message.edited = bot.telegram.feed.now()
    bot.log.add(Accepted(chat.chat_id, call.method, message.text, time.monotonic(), message.message_id))
    chat.changed(message)
    return chat.shown(message)


def _looks(message: BotApiMessage) -> tuple[str, list[Json], list[list[Json]], BotApiMessageAttachment | None]:
    return message.text, message.entities, message.buttons, message.attachment


SENDING: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
