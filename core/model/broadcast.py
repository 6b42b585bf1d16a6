"""A class teacher's broadcast: changed lessons or an announcement, to whom, when, and who has read it (Q97)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.conversation import SentFile
from core.model.timetable import NewLessonChange


class BroadcastState(StrEnum):
    """Planned until its time comes; recalled only before it goes; replaced by a later correction.

    Held: planned in a copy that was put back, until a person decides (Q124).
    """

    PLANNED = "planned"
    HELD = "held"
    SENT = "sent"
    RECALLED = "recalled"
    REPLACED = "replaced"


class Acknowledging(StrEnum):
    """Who must have read it for a student to count as told."""

    ONE_PARENT = "one_parent"
    BOTH_PARENTS = "both_parents"
    STUDENT_AND_PARENT = "student_and_parent"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message of a staff member to the families of groups; `text` None: its lesson changes alone.

    `replaces_id`: the earlier broadcast that this one corrects. `due`: when everybody should have heard, known once it
    was sent; None without lesson changes.
    """

    id: int
    author_id: int
    text: str | None
    rule: Acknowledging
    send_at: datetime
    state: BroadcastState
    created_at: datetime
    sent_at: datetime | None
    replaces_id: int | None
    file: SentFile | None
    due: datetime | None


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
