"""A screen: HTML within Telegram's length and rows of buttons."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from core.model.delivery.text import Button
from core.rules.conversation.buttons import Handle

LONGEST = 4096
"""Telegram's limit, counted here in UTF-16 units, the stricter reading."""

Seal = Callable[[Handle], str]
"""Packs a handle for the chat that the screen is shown in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of an answer: our own `content`, or a file that the messenger keeps under `reference`."""

    name: str
    media_type: str
    content: bytes = b""
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """A message; one `in_place` replaces the message whose button was pressed.

    `picture` is a PNG above the words, which are then its caption (1024 characters) and come as a new message. `files`
    follow as messages of their own.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    in_place: bool = False
    picture: bytes | None = None
    files: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Toast:
    """A short notice over the chat after a tap; `drop_button` removes the button."""

    text: str
    drop_button: bool = False


def plain(text: str) -> str:
    """Escapes words of a file or a person for HTML (Q91)."""
    return escape(text, quote=False)


def bold(text: str) -> str:
    return f"<b>{plain(text)}</b>"


def fitted(head: Sequence[str], lines: Iterable[str], *, more: str) -> str:
    """The head and as many whole lines as fit; `more` says that there are others (Q91)."""
    shown = list(head)
    room = LONGEST - sum(map(length, [*head, more]))
    for line in lines:
        room -= length(line)
        if room < 0:
            shown.append(more)
            break
        shown.append(line)
    return "\n".join(shown)


def length(line: str) -> int:
    """The length of a line with its end, in UTF-16 units."""
    return len(line.encode("utf-16-le")) // 2 + 1


def rows(buttons: Sequence[Button], *, width: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of `width`."""
    return tuple(tuple(buttons[place : place + width]) for place in range(0, len(buttons), width))
