"""Texts of messages without the markup of any channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` is packed and signed by `rules/conversation/buttons.py`, `url` opens a page."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text with a heading, one fact a line; nothing is escaped yet."""

    heading: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message, for channels that carry files.

    With a `reference` it is stored by a messenger under that id, goes over no other channel, and `content` is empty.
    `instead` is the text if the messenger does not have the file any more.
    """

    name: str
    media_type: str
    content: bytes
    reference: str | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A message without markup. `short` is the whole message for channels that carry a line or two.

    `acknowledge`: the label by which a reader says that it was read, where that is proof; a chat has a button for it.
    `imprint` says in a letter why it came and how to change that; `unsubscribe` is the label of its link that stops
    such letters, where they are `unsubscribable`. A chat has its menu for both.
    `secret`: a one-time code within the words, which no stored hash may cover. `silent`: shown without a sound, where
    the channel can.
    """

    title: str
    sections: tuple[Section, ...]
    short: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    footer: str | None = None
    unsubscribable: bool = True
    acknowledge: str | None = None
    secret: str = ""
    imprint: str = ""
    unsubscribe: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class NoticeInWords:
    """The words of a notice: `about` (a subject, a lesson), `when` (a day or a term) and `what` happened.

    `brief` is `what` for a line of an SMS. It names nobody, so a discreet channel may show it too (Q85).
    `brief_named` says more for an SMS of a channel that may name persons; "" where nobody is to be named.
    `brief_about` stands for `about` in an SMS, where that has no room. `note` ends the last line that has the same one.
    """

    about: str
    when: str
    what: str
    brief: str
    brief_named: str = ""
    brief_about: str | None = None
    note: str = ""
