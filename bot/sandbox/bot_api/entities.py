"""Telegram's HTML: text and entities, or the refusal that Telegram itself would give.

Source: the "HTML style" chapter of the Bot API and the parser of Telegram's own library. Offsets and lengths of
entities count UTF-16 units, offsets in refusals count bytes of UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.bot_api.call import Json
from bot.sandbox.bot_api.refusal import BotApiRefusal, bad_request_refusal

_PLAIN_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_SPECIAL = re.compile(r"[<&]")
_TAG = re.compile(r"<(/?)([^\s>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_AUTOMATIC = re.compile(r"(?P<url>https?://[^\s<>\"«»]+[\w/])|(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,32}\b)")


def entity_utf16_length(text: str) -> int:
    """Telegram's measure of length: an emoji outside the first plane counts as two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int  # in characters of the text so far
    at: int  # in characters of the source


class _Parser:
    """One pass over the source; ``text`` and ``found`` grow as it goes."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._text: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._found: list[tuple[int, int, Json]] = []

    def run(self) -> tuple[str, list[tuple[int, int, Json]]]:
        at = 0
        for special in self._specials():
            self._append(self._source[at:special])
            at = self._tag(special) if self._source[special] == "<" else self._reference(special)
        self._append(self._source[at:])
        if self._open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return "".join(self._text), self._found

    def _specials(self) -> Iterator[int]:
        self._next = 0
        while special := _SPECIAL.search(self._source, self._next):
            yield special.start()

    def _append(self, piece: str) -> None:
        self._text.append(piece)
        self._length += len(piece)

    def _reference(self, at: int) -> int:
        match = _REFERENCE.match(self._source, at)
        if match is None:
            self._append("&")
            self._next = at + 1
            return at + 1
        decimal, hexadecimal, named = match.groups()
        self._append(_NAMED[named] if named else chr(int(decimal) if decimal else int(hexadecimal, 16)))
        self._next = match.end()
        return self._next

    def _tag(self, at: int) -> int:
        match = _TAG.match(self._source, at)
        if match is None:
            kind = "end" if self._source.startswith("</", at) else "start"
            raise _unparsable(f"Unclosed {kind} tag at byte offset {self._byte(at)}")
        closing, name, rest = match.groups()
        if closing:
            self._close(name.lower(), at)
        else:
            self._start(name.lower(), rest, at)
        self._next = match.end()
        return self._next

    def _start(self, tag: str, rest: str, at: int) -> None:
        if tag not in _PLAIN_TAGS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {self._byte(at)}')
        attributes = {name.lower(): _Parser(value.strip("\"'")).run()[0] for name, value in _ATTRIBUTE.findall(rest)}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(at)}')
        self._open.append(_Open(tag, attributes, self._length, at))

    def _close(self, tag: str, at: int) -> None:
        if not self._open:
            raise _unparsable(f"Unexpected end tag at byte offset {self._byte(at)}")
        opened = self._open.pop()
        if tag not in {"", opened.tag}:
            raise _unparsable(
                f'Unmatched end tag at byte offset {self._byte(at)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        entity = self._entity(opened)
        if entity is not None and self._length > opened.start:
            self._found.append((opened.start, self._length, entity))

    def _entity(self, opened: _Open) -> Json | None:
        match opened.tag:
            case "a":
                url = opened.attributes.get("href") or "".join(self._text)[opened.start :]
                return {"type": "text_link", "url": url} if "." in url or ":" in url else None
            case "tg-emoji":
                return {"type": "custom_emoji", "custom_emoji_id": opened.attributes.get("emoji-id", "")}
            case "code" if language := opened.attributes.get("class", "").removeprefix("language-"):
                return {"type": "code", "language": language}
            case "blockquote" if "expandable" in opened.attributes:
                return {"type": "expandable_blockquote"}
            case tag:
                return {"type": _PLAIN_TAGS[tag]}

    def _byte(self, at: int) -> int:
        return len(self._source[:at].encode())


def parse_html_entities(source: str) -> tuple[str, list[Json]]:
    """The text Telegram would show and its entities; raises the 400 "can't parse entities"."""
    if "<" not in source and "&" not in source:
        return _trimmed(source, [])
    text, found = _Parser(source).run()
    return _trimmed(text, found)


def parse_plain_entities(source: str) -> tuple[str, list[Json]]:
    """Text without a parse mode: only what Telegram finds by itself, addresses and commands."""
    return _trimmed(source, [])


def _trimmed(text: str, found: list[tuple[int, int, Json]]) -> tuple[str, list[Json]]:
    shown = text.rstrip()
    cut = len(shown) - len(shown := shown.lstrip())
    spans = [(max(start - cut, 0), min(end - cut, len(shown)), entity) for start, end, entity in _joined(found)]
    spans += [
        (match.start(), match.end(), {"type": match.lastgroup})
        for match in (_AUTOMATIC.finditer(shown) if "/" in shown else ())
        if not any(start < match.end() and match.start() < end for start, end, _ in spans)
    ]
    entities = [
        {"offset": entity_utf16_length(shown[:start]), "length": entity_utf16_length(shown[start:end]), **entity}
        for start, end, entity in sorted(spans, key=lambda span: (span[0], -span[1]))
        if end > start
    ]
    return shown, entities


def _joined(found: list[tuple[int, int, Json]]) -> list[tuple[int, int, Json]]:
    """``<pre><code class="language-…">`` is one entity, and a language outside ``<pre>`` is dropped."""
    blocks = {(start, end): entity for start, end, entity in found if entity["type"] == "pre"}
    kept = []
    for start, end, entity in found:
        if entity["type"] == "code" and (start, end) in blocks:
            blocks[start, end].update({key: entity[key] for key in ("language",) if key in entity})
            continue
        kept.append((start, end, {"type": "code"} if entity["type"] == "code" else entity))
    return kept


def _unparsable(reason: str) -> BotApiRefusal:
    return bad_request_refusal(f"can't parse entities: {reason}")
