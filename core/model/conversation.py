"""What the bot keeps of a conversation between two messages, and updates that wait for their handling."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SentFile:
    """A photo or document as the messenger keeps it: `reference` is its own number for it, good for this bot only."""

    name: str
    media_type: str
    reference: str


@dataclass(frozen=True, slots=True)
class Dialog:
    """The state of one chat: the step that takes the next words, what has been said so far, the child last looked at.

    `draft` holds plain JSON. `person_id`: of those who share the chat, the one whom step and draft belong to.
    """

    channel: str
    chat: str
    step: str | None = None
    draft: Mapping[str, Any] = field(default_factory=dict)
    child_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update that came in and is not done with; `applied`: its effects are committed, its answer may be missing.

    Two messengers may use the same numbers of chats and updates, so the channel belongs to both.
    """

    channel: str
    update_id: int
    chat: str
    body: str
    holder: str
    arrived_at: datetime
    applied: bool
