"""A text as Telegram shows it: escaped HTML, split at lines where it is longer than one message may be (Q91)."""

from collections.abc import Iterator
from html import escape

from core.model.delivery.text import Text

LONGEST = 4096
_CAPTION = 1024
_LONGEST_LINE = 500


def pages(text: Text) -> list[str]:
    """The text in messages of at most 4096 characters, title and heading over each: a child is always named."""
    head = _bold(text.title)
    full: list[str] = []
    page: list[str] = [head]
    for opening, lines in _blocks(text):
        for number, line in enumerate(lines):
            addition = [line] if number else [*opening, line]
            if _length([*page, *addition]) > LONGEST:
                full.append("\n".join(page))
                page, addition = [head], [*opening, line]
            page += addition
    return [*full, "\n".join(page)]


def fits_under_a_file(page: str) -> bool:
    """A caption has 1024 characters; counting the markup too errs on the safe side."""
    return _length([page]) <= _CAPTION


def _blocks(text: Text) -> Iterator[tuple[list[str], list[str]]]:
    """Each section's opening and lines; an opening never stands alone at a page's end."""
    for number, section in enumerate(text.sections):
        gap = [""] if number or section.heading else []
        heading = [_bold(section.heading)] if section.heading else []
        yield [*gap, *heading], [piece for line in section.lines for piece in _pieces(line)]
    if text.footer:
        yield [""], list(_pieces(text.footer))


def _pieces(line: str) -> Iterator[str]:
    """A line, cut where even alone it could outgrow a message; escaping makes at most five characters of one."""
    for start in range(0, max(len(line), 1), _LONGEST_LINE):
        yield escape(line[start : start + _LONGEST_LINE], quote=False)


def _bold(words: str) -> str:
    return f"<b>{next(_pieces(words))}</b>"


def _length(lines: list[str]) -> int:
    """Telegram counts UTF-16 units; counting the markup too errs on the safe side."""
    return len("\n".join(lines).encode("utf-16-le")) // 2
