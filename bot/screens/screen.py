"""A screen: a text with marks and rows of buttons. Each messenger renders the marks and cuts a long text itself."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.model.delivery.text import Button
from core.rules.conversation.buttons import Handle

BOLD, ITALIC, STRUCK = ("\ue000", "\ue001"), ("\ue002", "\ue003"), ("\ue004", "\ue005")
"""The marks before and after words in a style: private-use characters, which no font and no messenger shows."""

MARK = re.compile("([\ue000-\ue005])")

LONGEST_PAGE = 3500
"""Characters of one page, marks not counted: three screens of a phone in close lines."""

Seal = Callable[[Handle], str]
"""Packs a handle for the chat that the screen is shown in."""


@dataclass(frozen=True, slots=True)
class ScreenFile:
    """A file of an answer: our own `content`, or a file that the messenger keeps under `reference`."""

    name: str
    media_type: str
    content: bytes = b""
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ScreenRank:
    """What the answers about several children are compared by, and how it is shown: «4,16», «12:45»."""

    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: a text with marks, of any length. One `in_place` replaces the message whose button was pressed.

    `picture` is a PNG above the words, which are then its caption and come as a new message. `files` follow as messages
    of their own. `share_phone`: the words of a key below the text box that shares one's own number, where the
    messenger has such a key; it takes the place of buttons. `ends_sharing`: the words of a message before this one,
    with which that key goes away. `rank`: by which the answers about several children are compared.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    in_place: bool = False
    picture: bytes | None = None
    files: tuple[ScreenFile, ...] = ()
    share_phone: str = ""
    ends_sharing: str = ""
    rank: ScreenRank | None = None


@dataclass(frozen=True, slots=True)
class Toast:
    """A short notice over the chat after a tap; `drop_button` removes the button."""

    text: str
    drop_button: bool = False


def screen_text(text: str) -> str:
    """The text without marks: words of a file or a person (Q91), or a screen for a messenger without styles."""
    return MARK.sub("", text)


def screen_bold(text: str) -> str:
    """The words in bold type; a messenger without styles shows them as they are."""
    return _marked(text, BOLD)


def screen_italic(text: str) -> str:
    """The words in italic type: a detail or a comment."""
    return _marked(text, ITALIC)


def screen_struck(text: str) -> str:
    """The words struck through: what does not hold any more."""
    return _marked(text, STRUCK)


def _marked(text: str, marks: tuple[str, str]) -> str:
    before, after = marks
    return f"{before}{screen_text(text)}{after}"


def fit_on_screen_page(head: Sequence[str], lines: Iterable[str], *, more: str) -> str:
    """The head and as many whole lines as fit on one page; `more` says that there are others (Q91)."""
    page, *others = split_into_screen_pages([*head, more], lines)
    return "\n".join([*head, *page, *([more] if others else [])])


def split_into_screen_pages(
    head: Iterable[str], lines: Iterable[str], *, most_lines: int | None = None
) -> list[list[str]]:
    """The lines in pages below this head; no line is cut (Q91). At least one page."""
    pages: list[list[str]] = [[]]
    left = room = LONGEST_PAGE - sum(map(_length, head))
    for line in lines:
        if pages[-1] and (_length(line) > left or len(pages[-1]) == most_lines):
            pages.append([])
            left = room
        pages[-1].append(line)
        left -= _length(line)
    return pages


def _length(line: str) -> int:
    return len(screen_text(line)) + 1  # its end


def screen_button_rows(buttons: Sequence[Button], *, width: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of `width`."""
    return tuple(tuple(buttons[place : place + width]) for place in range(0, len(buttons), width))
