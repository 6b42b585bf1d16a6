"""Repositories of the conversation: broadcasts, the state of chats, updates that wait for their handling."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.model.broadcast import Acknowledging, Broadcast
from core.model.conversation import Arrival, Dialog, SentFile
from core.model.people import Person, Speaker
from core.ports.timetable import NewLessonChange
from core.rules.access import Scope


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be said: lesson changes, words or both; `send_at` None: now.

    Lesson changes go to the families of their own groups, and the words beside them to the same; words alone to
    `group_ids`. `replaces_id`: the earlier broadcast that this one corrects.
    """

    group_ids: frozenset[int]
    changes: tuple[NewLessonChange, ...] = ()
    text: str | None = None
    rule: Acknowledging = Acknowledging.ONE_PARENT
    file: SentFile | None = None
    send_at: datetime | None = None
    replaces_id: int | None = None

    @property
    def addressed(self) -> frozenset[int]:
        """The groups whose families are told."""
        return frozenset(change.group_id for change in self.changes) or self.group_ids


@dataclass(frozen=True, slots=True)
class Household:
    """A student, in which of the groups asked about, and the names of those who may be told: family and student."""

    student_id: int
    student: str
    group_ids: frozenset[int]
    names: Mapping[int, str]


class Broadcasts(Protocol):
    """Broadcasts with the groups they go to and the lesson changes that they bring."""

    async def add(self, draft: Draft, *, author_id: int, at: datetime) -> int: ...
    async def broadcast(self, broadcast_id: int, scope: Scope) -> tuple[Broadcast, frozenset[int]]:
        """With its groups; NotFoundError unless the scope opens them all."""
        ...

    async def changes(self, broadcast_id: int) -> Sequence[NewLessonChange]:
        """What it says of lessons; they count from the moment it goes."""
        ...

    async def of_author(self, author_id: int, *, limit: int) -> Sequence[Broadcast]: ...
    async def due(self, *, now: datetime) -> Sequence[tuple[Broadcast, frozenset[int]]]:
        """Planned ones whose time has come."""
        ...

    async def recall(self, broadcast_id: int) -> bool:
        """True for the one caller that called it back, planned or just sent."""
        ...

    async def sent(self, broadcast_id: int, *, at: datetime) -> bool:
        """True for the one caller that turns PLANNED into SENT; an earlier one that it replaces becomes REPLACED."""
        ...

    async def set_due(self, broadcast_id: int, due: datetime | None) -> None: ...
    async def households(self, group_ids: Collection[int], scope: Scope, *, on: date) -> Sequence[Household]:
        """The students of these groups on a date that the scope opens, by name."""
        ...

    async def teachers(self, *, on: date | None = None) -> Sequence[Person]:
        """Whoever teaches or has taught here, by name; with a date only those whose roles have not ended by then."""
        ...


class Conversations(Protocol):
    """What a chat was about, and the inbox that makes every update count once."""

    async def speakers(self, channel: str, address: str, *, on: date) -> Sequence[Speaker]:
        """Everybody whose contact this is with ownership proven and a form that confirms it (Q80), as they came.

        With the roles of a date: what has ended opens nothing (Q127).
        """
        ...

    async def known(self, channel: str, addresses: Collection[str]) -> frozenset[str]:
        """Those of the addresses at which `speakers` finds somebody."""
        ...

    async def dialog(self, chat: str) -> Dialog:
        """An empty one where nothing is kept."""
        ...

    async def keep(self, dialog: Dialog, *, at: datetime) -> None: ...
    async def turn_to(self, chat: str, child_id: int | None, *, at: datetime) -> None:
        """The chat is about this child now; its step and draft stay."""
        ...

    async def leave(self, chat: str, step: str) -> None:
        """The chat's words go to this step no more; one that was begun meanwhile stays."""
        ...

    async def arrive(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        """Keeps updates that are not kept yet; returns the ids of the new ones."""
        ...

    async def apply(self, update_id: int) -> bool:
        """Marks the update as applied in the transaction of its effects.

        True for the one transaction that may apply it, and where no such update is kept (a test, a direct feed).
        """
        ...

    async def finish(self, update_ids: Collection[int], *, at: datetime) -> None:
        """Handled and answered: the words are forgotten, the number is kept, since Telegram may bring it again."""
        ...

    async def waiting(self, *, holder: str, now: datetime, silent_since: datetime) -> Sequence[Arrival]:
        """The caller's unfinished updates, oldest first, and those of holders silent since then, now the caller's.

        Asking is what shows that a holder is alive.
        """
        ...

    async def forget(self, *, before: datetime) -> None:
        """Drops what was finished before that moment."""
        ...
