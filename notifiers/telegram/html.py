"""A Text as Telegram's HTML: escaped, and split at lines where it exceeds the length of one message (Q91)."""

from collections.abc import Iterator
from html import escape

from core.model.delivery.text import Text

LONGEST_MESSAGE = 4096
_CAPTION = 1024
_LONGEST_LINE = 500


def split_into_messages(text: Text) -> list[str]:
    """The text in messages of at most 4096 characters. Each repeats title and heading, so that it names the child."""
    head = _bold(text.title)
    full: list[str] = []
    page: list[str] = [head]
    for opening, lines in _blocks(text):
        for number, line in enumerate(lines):
            addition = [line] if number else [*opening, line]
            if _length([*page, *addition]) > LONGEST_MESSAGE:
                full.append("\n".join(page))
                page, addition = [head], [*opening, line]
            page += addition
    return [*full, "\n".join(page)]


def fits_caption(page: str) -> bool:
    """True for a text within the 1024 characters of a caption. Markup is counted too, so the real text is shorter."""
    return _length([page]) <= _CAPTION


def _blocks(text: Text) -> Iterator[tuple[list[str], list[str]]]:
    """Heading and lines of each section, kept apart so that no page ends with a heading."""
    for number, section in enumerate(text.sections):
        gap = [""] if number or section.heading else []
        heading = [_bold(section.heading)] if section.heading else []
        yield [*gap, *heading], [piece for line in section.lines for piece in _pieces(line)]
    if text.footer:
        yield [""], list(_pieces(text.footer))


def _pieces(line: str) -> Iterator[str]:
    """A line in pieces of 500 characters: escaping makes up to five of one, so each piece still fits a message."""
    for start in range(0, max(len(line), 1), _LONGEST_LINE):
        yield escape(line[start : start + _LONGEST_LINE], quote=False)


def _bold(words: str) -> str:
    return f"<b>{next(_pieces(words))}</b>"


def _length(lines: list[str]) -> int:
    """Length in UTF-16 units, as Telegram counts. Markup is counted too, so the real text is shorter."""
    return len("\n".join(lines).encode("utf-16-le")) // 2
