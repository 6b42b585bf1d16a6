"""What MAX takes as text, and the marks that it shows."""

from collections.abc import Sequence

from bot.sandbox.bot_api.call import Json
from bot.sandbox.bot_api.entities import entity_utf16_length, parse_html_entities
from bot.sandbox.bot_api.refusal import BotApiRefusal
from bot.sandbox.max_api.refusal import invalid_max_api_refusal

TEXT_LENGTH = 4000
MOST_BUTTONS, WIDEST_ROW_OF_LINKS = 210, 3
_NARROW = frozenset({"link", "open_app", "request_contact", "request_geo_location"})
_MARKS = {
    "bold": "strong", "italic": "emphasized", "underline": "underline", "strikethrough": "strikethrough",
    "code": "monospaced", "pre": "monospaced", "text_link": "link",
}  # fmt: skip


def accepted_max_text(body: Json) -> tuple[str, list[Json]]:
    """The text and its marks; raises for markup that MAX does not render, and for a text that is too long."""
    source = body.get("text") or ""
    if entity_utf16_length(source) > TEXT_LENGTH:
        raise invalid_max_api_refusal("text: size must be between 0 and 4000")
    if body.get("format") != "html":
        return source, []
    try:
        text, entities = parse_html_entities(source)
    except BotApiRefusal as refusal:
        raise invalid_max_api_refusal(refusal.description) from None
    return text, [_mark(entity) for entity in entities if entity["type"] not in {"url", "bot_command"}]


def _mark(entity: Json) -> Json:
    kind = _MARKS.get(entity["type"])
    if kind is None:
        raise invalid_max_api_refusal(f"sandbox: MAX does not render {entity['type']}")
    place: Json = {"type": kind, "from": entity["offset"], "length": entity["length"]}
    return place | ({"url": entity["url"]} if kind == "link" else {})


def check_max_api_keyboards(attachments: Sequence[Json]) -> None:
    """The limits that the description cannot say."""
    keyboards = [each for each in attachments if each["type"] == "inline_keyboard"]
    if len(keyboards) > 1:
        raise invalid_max_api_refusal("sandbox: one keyboard a message")
    rows = [row for each in keyboards for row in each["payload"]["buttons"]]
    if not all(rows) or sum(map(len, rows)) > MOST_BUTTONS:
        raise invalid_max_api_refusal("attachments: wrong number of buttons")
    for row in rows:
        if len(row) > WIDEST_ROW_OF_LINKS and any(button["type"] in _NARROW for button in row):
            raise invalid_max_api_refusal("attachments: too many links in a row")
    if any(each["type"] == "file" for each in attachments) and len(attachments) > 1:
        raise invalid_max_api_refusal("attachments: a file must be the only attachment")
