"""Limits of the MAX Bot API, and the forms that keep them."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.model.delivery.text import Button

PLATFORM = "https://platform-api2.max.ru"
LONGEST_MESSAGE = 4000
"""Of a text in HTML; whether MAX counts UTF-16 units is not established, so they are counted."""

LONGEST_LABEL = 128
MOST_ROWS, WIDEST_ROW, WIDEST_ROW_OF_LINKS = 30, 7, 3

Json = dict[str, Any]
Rows = Sequence[Sequence[Button]]


def keyboards(rows: Rows) -> list[Json]:
    """The buttons as attachments, one a message, 30 rows in each; rows that are too wide go on in the next one."""
    narrow = [[_button(button) for button in row] for row in _narrow_rows(rows)]
    return [
        {"type": "inline_keyboard", "payload": {"buttons": narrow[start : start + MOST_ROWS]}}
        for start in range(0, len(narrow), MOST_ROWS)
    ]


def _narrow_rows(rows: Rows) -> Iterable[Sequence[Button]]:
    for row in rows:
        width = WIDEST_ROW_OF_LINKS if any(button.url for button in row) else WIDEST_ROW
        yield from (row[start : start + width] for start in range(0, len(row), width))


def _button(button: Button) -> Json:
    text = button.label[:LONGEST_LABEL]
    if button.url is not None:
        return {"type": "link", "text": text, "url": button.url}
    return {"type": "callback", "text": text, "payload": button.data or ""}
