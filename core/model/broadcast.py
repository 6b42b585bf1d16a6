"""A class teacher's broadcast: changed lessons or an announcement to the families of groups (Q97)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.conversation import SentFile
from core.model.notices.family import Announcement
from core.model.timetable import NewLessonChange


class BroadcastState(StrEnum):
    """Planned until its time; recalled only if nothing of it was sent; replaced by a later correction.

    Held: planned in a restored copy, until a person decides (Q124).
    """

    PLANNED = "planned"
    HELD = "held"
    SENT = "sent"
    RECALLED = "recalled"
    REPLACED = "replaced"


class Acknowledging(StrEnum):
    """Who must have read a broadcast so that the student counts as told."""

    ONE_PARENT = "one_parent"
    BOTH_PARENTS = "both_parents"
    STUDENT_AND_PARENT = "student_and_parent"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message of a staff member to the families of groups; `text` None: its lesson changes alone.

    `replaces_id`: the earlier broadcast that this one corrects. `due`: when everybody should know it, set when it is
    sent; None without lesson changes.
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
    files: tuple[SentFile, ...]
    due: datetime | None


@dataclass(frozen=True, slots=True)
class ReceivedAnnouncement:
    """An announcement as a student's family got it, with the moment it was sent."""

    notice: Announcement
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast before it is sent: lesson changes, text or both; `send_at` None: now.

    Lesson changes, and a text beside them, go to the families of the changed groups; a text alone goes to `group_ids`.
    `replaces_id`: the earlier broadcast that this one corrects.
    """

    group_ids: frozenset[int]
    changes: tuple[NewLessonChange, ...] = ()
    text: str | None = None
    rule: Acknowledging = Acknowledging.ONE_PARENT
    files: tuple[SentFile, ...] = ()
    send_at: datetime | None = None
    replaces_id: int | None = None

    @property
    def addressed(self) -> frozenset[int]:
        """The groups whose families get it."""
        return frozenset(change.group_id for change in self.changes) or self.group_ids
