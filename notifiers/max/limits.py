"""Limits of the MAX Bot API, and the forms that keep them."""

from collections.abc import Iterable
from typing import Any

from core.model.delivery.text import Button

PLATFORM = "https://platform-api2.max.ru"
LONGEST_MESSAGE = 4000
"""Of a text in HTML; whether MAX counts UTF-16 units is not established, so they are counted."""

LONGEST_LABEL = 128
MOST_ROWS, WIDEST_ROW, WIDEST_ROW_OF_LINKS = 30, 7, 3
LARGEST_USER = (1 << 63) - 1
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/heic"})
"""Media types that MAX shows as an image; any other file is sent as such."""

MORE = "…"
"""The words of a message that is there for its buttons alone."""

Json = dict[str, Any]
Row = tuple[Button, ...]
Rows = tuple[Row, ...]


def limit_max_keyboards(rows: Rows) -> list[Json]:
    """The buttons as attachments, one a message."""
    return [
        {"type": "inline_keyboard", "payload": {"buttons": [[_button(button) for button in row] for row in some]}}
        for some in limit_max_keyboard_rows(rows)
    ]


def limit_max_keyboard_rows(rows: Rows) -> list[Rows]:
    """The rows of each keyboard, at most 30; a row that is too wide goes on in the next one, which counts too."""
    narrow = tuple(_narrow_rows(rows))
    return [narrow[start : start + MOST_ROWS] for start in range(0, len(narrow), MOST_ROWS)]


def _narrow_rows(rows: Rows) -> Iterable[Row]:
    for row in rows:
        width = WIDEST_ROW_OF_LINKS if any(button.url for button in row) else WIDEST_ROW
        yield from (row[start : start + width] for start in range(0, len(row), width))


def _button(button: Button) -> Json:
    text = button.label[:LONGEST_LABEL]
    if button.url is not None:
        return {"type": "link", "text": text, "url": button.url}
    return {"type": "callback", "text": text, "payload": button.data or ""}
