"""The limits of the Bot API that types cannot say, refused in Telegram's own words."""

import re
from collections.abc import Iterable

from bot.sandbox.bot_api.call import BotApiCall, Json
from bot.sandbox.bot_api.entities import entity_utf16_length, parse_html_entities, parse_plain_entities
from bot.sandbox.bot_api.refusal import bad_request_refusal

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
ANSWER_LENGTH = 200
CALLBACK_DATA_BYTES = 64
BUTTONS = 100
PLACEHOLDER_LENGTH = 64
NAME_LENGTH = 64
DESCRIPTION_LENGTH = 512
SHORT_DESCRIPTION_LENGTH = 120

_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_BUTTON_ADDRESS = re.compile(r"(https?://[^\s/.]+\.\S+|https?://(127\.0\.0\.1|localhost)\b\S*|tg://\S+)")
_BUTTON_DOES = frozenset({
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
})  # fmt: skip


def bot_text_within_limits(call: BotApiCall) -> tuple[str, list[Json]]:
    """The text and its entities; raises for markup that does not parse, an empty and a too long text."""
    text, entities = _parsed(call, "text")
    if not text:
        raise bad_request_refusal("message text is empty")
    if entity_utf16_length(text) > TEXT_LENGTH:
        raise bad_request_refusal("message is too long")
    return text, entities


def bot_caption_within_limits(call: BotApiCall) -> tuple[str, list[Json]]:
    """The caption, which may be empty."""
    caption, entities = _parsed(call, "caption")
    if entity_utf16_length(caption) > CAPTION_LENGTH:
        raise bad_request_refusal("message caption is too long")
    return caption, entities


def bot_markup_within_limits(call: BotApiCall) -> Json | None:
    """The keyboard of the call, or ``None``."""
    markup: Json | None = call.fields.get("reply_markup")
    if not markup:
        return None
    buttons = [button for row in markup.get("inline_keyboard") or () for button in row]
    if len(buttons) > BUTTONS:
        raise bad_request_refusal("reply markup is too long")
    for button in buttons:
        _check_button(button)
    if entity_utf16_length(markup.get("input_field_placeholder") or "") > PLACEHOLDER_LENGTH:
        raise bad_request_refusal("input field placeholder is too long")
    return markup


def check_bot_action_limits(action: str) -> None:
    """SendChatAction knows a fixed list of actions."""
    if action not in _ACTIONS:
        raise bad_request_refusal("wrong parameter action in request")


def check_bot_answer_limits(text: str) -> None:
    """The words over the chat after a pressed button."""
    if entity_utf16_length(text) > ANSWER_LENGTH:
        raise bad_request_refusal("MESSAGE_TOO_LONG")


def check_bot_command_limits(commands: Iterable[Json]) -> None:
    """Commands are lower case Latin; their descriptions 1–256 characters."""
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request_refusal("BOT_COMMAND_INVALID")
        if not 1 <= entity_utf16_length(command["description"]) <= 256:  # noqa: PLR2004 -- the Bot API's numbers, said once
            raise bad_request_refusal("BOT_COMMAND_DESCRIPTION_INVALID")


def check_bot_secret_limits(secret: str) -> None:
    """The webhook's secret token."""
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request_refusal("secret token contains unallowed characters")


def _parsed(call: BotApiCall, name: str) -> tuple[str, list[Json]]:
    source = call.text(name)
    mode = call.text("parse_mode").lower()
    if mode == "html":
        return parse_html_entities(source)
    if mode:
        known = mode in {"markdown", "markdownv2"}
        raise bad_request_refusal("sandbox: only HTML is spoken here" if known else "unsupported parse_mode")
    given = call.fields.get("caption_entities" if name == "caption" else "entities")
    return (source, given) if given else parse_plain_entities(source)


def _check_button(button: Json) -> None:
    if not button["text"]:
        raise bad_request_refusal("can't parse inline keyboard button: button text must be non-empty")
    does = _BUTTON_DOES & {name for name, value in button.items() if value is not None}
    if not does:
        raise bad_request_refusal(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(does) > 1:
        raise bad_request_refusal("can't parse inline keyboard button: only one optional field must be used")
    if "callback_data" in does and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request_refusal("BUTTON_DATA_INVALID")
    if "url" in does and not _BUTTON_ADDRESS.fullmatch(button["url"]):
        raise bad_request_refusal(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
