"""The stored state of chats, and updates of the messenger that wait to be handled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any


class MessageContent(Enum):
    """What a message is made of; photos and files may have words below."""

    WORDS = auto()
    FILES = auto()
    VOICE = auto()
    CONTACT = auto()
    """A contact card; the words are its phone number where it is the sender's own, as the messenger vouches."""

    OTHER = auto()
    """A sticker, a place, a pinned message and whatever a messenger adds later."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A photo or document as the messenger keeps it: `reference` is its id in `channel`, for this bot only."""

    name: str
    media_type: str
    reference: str
    channel: str


@dataclass(frozen=True, slots=True)
class Dialog:
    """The state of one chat: the step that handles the next message, the draft so far, the child last looked at.

    `draft` holds plain JSON. `person_id`: in a shared chat the person whose step and draft these are. `taken`: for the
    last messages that a step took, by their numbers, the step and draft that take an edited version. `asked`: the last
    question that was answered and when, for one that goes on with it (Q112); no child is named there.
    """

    channel: str
    chat: str
    step: str | None = None
    draft: Mapping[str, Any] = field(default_factory=dict)
    child_id: int | None = None
    person_id: int | None = None
    taken: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update that is not finished; `applied`: its effects are committed, its answer may be missing.

    Two messengers may use the same ids of chats and updates, so both ids belong to a channel.
    """

    channel: str
    update_id: int
    chat: str
    body: str
    holder: str
    arrived_at: datetime
    applied: bool
