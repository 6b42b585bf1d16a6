"""A text with marks as the HTML of messengers, in as many messages as it needs."""

import re
from collections.abc import Iterator

from bot.screens.screen import BOLD, ITALIC, MARK, STRUCK
from notifiers.html_messages import html_message_length, join_html_messages, split_html_pieces

_TAGS = {BOLD: "b", ITALIC: "i", STRUCK: "s"}
_BEFORE = {before: tag for (before, _), tag in _TAGS.items()}
_AFTER = {after: tag for (_, after), tag in _TAGS.items()}
_HTML = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    | {mark: f"<{tag}>" for mark, tag in _BEFORE.items()}
    | {mark: f"</{tag}>" for mark, tag in _AFTER.items()}
)
_OTHER = "[^\ue000-\ue005]*+"
_PAIRED = re.compile(f"{_OTHER}(?:(?:{'|'.join(f'{before}{_OTHER}{after}' for before, after in _TAGS)}){_OTHER})*+")
"""A text whose marks stand in pairs, none within another: what screens write."""


def split_rendered_messages(text: str, *, longest: int) -> list[str]:
    """Messages of at most `longest` UTF-16 units, tags counted.

    They are cut at line ends; a line that is too long is cut itself. No character is lost but the line end between two
    messages. Every message has its own tags, opened and closed.
    """
    whole = text.translate(_HTML)
    if html_message_length(whole) <= longest and _PAIRED.fullmatch(text):
        return [whole]
    return join_html_messages([("", _pieces(text, longest))], longest=longest)


def _pieces(text: str, longest: int) -> Iterator[str]:
    """Lines with their ends; a line that is longer than a message in parts."""
    tags: set[str] = set()
    for line in text.split("\n"):
        parts = [*(part for words in MARK.split(line) for part in _parts(words, tags)), "\n"]
        whole = "".join(parts)
        yield from [whole] if html_message_length(whole) <= longest else parts


def _parts(words: str, tags: set[str]) -> Iterator[str]:
    """The words within the tags that are open now; a mark opens or closes its tag and shows nothing."""
    if words in _BEFORE:
        tags.add(_BEFORE[words])
    elif words in _AFTER:
        tags.discard(_AFTER[words])
    else:
        before = "".join(f"<{tag}>" for tag in sorted(tags))
        after = "".join(f"</{tag}>" for tag in sorted(tags, reverse=True))
        yield from (f"{before}{part}{after}" for part in split_html_pieces(words))
