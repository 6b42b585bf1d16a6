"""HTML of messengers: escaped, and split at line ends where it exceeds the length of one message (Q91)."""

from collections.abc import Iterable, Iterator
from html import escape

from core.model.delivery.text import Text

_LONGEST_PIECE = 500


def split_html_into_messages(text: Text, *, longest: int) -> list[str]:
    """The text in messages of at most `longest` units. Each repeats title and heading, so that it names the child."""
    return join_html_messages(_blocks(text), longest=longest, head=f"{_bold(text.title)}\n")


def join_html_messages(blocks: Iterable[tuple[str, Iterable[str]]], *, longest: int, head: str = "") -> list[str]:
    """Whole pieces of HTML joined into messages; each begins with `head` and the opening of its block."""
    full, page = [], head
    for opening, pieces in blocks:
        for number, piece in enumerate(pieces):
            addition = piece if number else f"{opening}{piece}"
            if page != head and html_message_length(page + addition) > longest:
                full.append(page)
                page, addition = head, f"{opening}{piece}"
            page += addition
    pages = [each.removesuffix("\n") for each in (*full, page)]
    return [each for each in pages if each] or [""]


def split_html_pieces(words: str) -> Iterator[str]:
    """Escaped pieces of 500 characters: escaping makes up to five of one, so each piece still fits a message."""
    for start in range(0, len(words), _LONGEST_PIECE):
        yield escape(words[start : start + _LONGEST_PIECE], quote=False)


def html_message_length(page: str) -> int:
    """Length in UTF-16 units, as Telegram counts and MAX may. Markup is counted too, so the real text is shorter."""
    return len(page.encode("utf-16-le")) // 2


def _blocks(text: Text) -> Iterator[tuple[str, Iterable[str]]]:
    """Heading and lines of each section, kept apart so that no page ends with a heading."""
    for number, section in enumerate(text.sections):
        gap = "\n" if number or section.heading else ""
        heading = f"{_bold(section.heading)}\n" if section.heading else ""
        yield f"{gap}{heading}", (piece for line in section.lines for piece in split_html_pieces(f"{line}\n"))
    if text.footer:
        yield "\n", split_html_pieces(text.footer)


def _bold(words: str) -> str:
    return f"<b>{escape(words[:_LONGEST_PIECE], quote=False)}</b>"
