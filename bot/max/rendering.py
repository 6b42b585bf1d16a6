"""A message that MAX shows, written again as HTML, so that it can be put in its own place with other buttons."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_TAGS = {"strong": "b", "emphasized": "i", "underline": "u", "strikethrough": "s", "monospaced": "code"}


def rendered_max_html(text: str, markup: Sequence[Mapping[str, Any]]) -> str:
    """The text with the marks that MAX names by place and length; what it does not render is left out."""
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for mark in markup:
        tag, start, length = _TAGS.get(str(mark.get("type"))), mark.get("from"), mark.get("length")
        if tag is None or not isinstance(start, int) or not isinstance(length, int):
            continue
        opened.setdefault(start, []).append(f"<{tag}>")
        closed.setdefault(start + length, []).insert(0, f"</{tag}>")
    units = text.encode("utf-16-le")
    places = sorted({0, len(units) // 2, *(place for place in (*opened, *closed) if 0 <= place <= len(units) // 2)})
    pieces = []
    for place, after in zip(places, [*places[1:], places[-1]], strict=True):
        pieces += [*closed.get(place, ()), *(opened.get(place, ()) if after > place else ())]
        words = units[2 * place : 2 * after].decode("utf-16-le", errors="ignore")
        pieces.append(escape(words, quote=False))
    return "".join(pieces)
