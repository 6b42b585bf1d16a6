"""What is said, free of any channel's markup."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` is packed and signed by `rules/conversation/buttons.py`, `url` opens a page."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text under its own heading, a line a fact; nothing is escaped yet."""

    heading: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along, where the channel carries files.

    One with a `reference` lies with Telegram under that number and goes over no other channel; its `content` is empty.
    `instead` is said where Telegram keeps it no more.
    """

    name: str
    media_type: str
    content: bytes
    reference: str | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What is said, free of any channel's markup. `short` is the whole message for channels of a line or two."""

    title: str
    sections: tuple[Section, ...]
    short: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    footer: str | None = None
    unsubscribable: bool = True
