"""Notices: facts published to families. A new one is a dataclass here and a `case` in `notifiers/words/texts.py`.

`subject_id` leads a button to the subject and `starts` says when a notice has become pointless; neither is part of what
is said, and old notices lack them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar, get_args

from core.model.timetable import ChangeKind


class NoticeKind(StrEnum):
    """What a family agrees to receive, kind by kind (Q83)."""

    MARKS = "marks"
    ABSENCES = "absences"
    FINALS = "finals"
    EXAMS = "exams"
    TIMETABLE = "timetable"
    ANNOUNCEMENTS = "announcements"
    HOMEWORK = "homework"
    CONTROL_WORKS = "control_works"
    RECOMMENDATIONS = "recommendations"
    DEADLINES = "deadlines"
    ALARMS = "alarms"
    SAFETY = "safety"


R6_KINDS = frozenset({NoticeKind.FINALS, NoticeKind.EXAMS})
"""The kinds under the 24 hours of R6: they cannot be switched off."""

STAFF_KINDS = frozenset({NoticeKind.DEADLINES, NoticeKind.ALARMS, NoticeKind.SAFETY})
"""What only staff are told, for the sake of their duties: never a family's to choose."""

ALWAYS_SENT = R6_KINDS | STAFF_KINDS
"""Kinds that nobody switches off or puts off to a digest."""


REMINDER_KINDS = frozenset({NoticeKind.HOMEWORK, NoticeKind.CONTROL_WORKS})
"""Kinds that are made at the family's own hour, so they wait for it no second time."""


@dataclass(frozen=True, slots=True)
class MarkRecorded:
    """A score, a credit or a debt («.») appeared."""

    kind: ClassVar[NoticeKind] = NoticeKind.MARKS
    subject: str
    on: date
    value: str
    work_kind: str | None = None
    topic: str | None = None
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MarkChanged:
    """A mark has a new version; the family sees old → new (Q38)."""

    kind: ClassVar[NoticeKind] = NoticeKind.MARKS
    subject: str
    on: date
    before: str
    value: str
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MarkWithdrawn:
    """A mark was taken back."""

    kind: ClassVar[NoticeKind] = NoticeKind.MARKS
    subject: str
    on: date
    before: str
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AbsenceRecorded:
    """The student missed a lesson or came late, with the journal's reason code."""

    kind: ClassVar[NoticeKind] = NoticeKind.ABSENCES
    subject: str
    on: date
    value: str
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AbsenceChanged:
    """The reason of an absence changed; `value` None says that there was no absence after all."""

    kind: ClassVar[NoticeKind] = NoticeKind.ABSENCES
    subject: str
    on: date
    before: str
    value: str | None
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FinalMarkSet:
    """A final mark of a term was set or changed (R6); `value` None says it was annulled."""

    kind: ClassVar[NoticeKind] = NoticeKind.FINALS
    subject: str
    term: str
    value: str | None
    before: str | None = None
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LessonChanged:
    """A lesson was substituted, moved, cancelled or given another room: old → new (Q17).

    `called_off`: the change was taken back and the lesson is held as planned. `group` names the class where the reader
    is a teacher; for families None.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.TIMETABLE
    subject: str
    on: date
    number: int
    change: ChangeKind
    new_subject: str | None = None
    teacher: str | None = None
    new_teacher: str | None = None
    room: str | None = None
    new_room: str | None = None
    new_on: date | None = None
    new_number: int | None = None
    group: str | None = None
    called_off: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a class teacher or the deputy head says to families in their own words (Q97).

    `file` goes along by Telegram's own number for it (`file_reference`); other channels only name it.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.ANNOUNCEMENTS
    text: str
    on: date
    author: str
    group: str | None = None
    file: str | None = None
    file_type: str = ""
    file_reference: str | None = None


@dataclass(frozen=True, slots=True)
class HomeworkDue:
    """What is to be done for a day, in the family's daily digest; `starts`: when that lesson begins, if known."""

    kind: ClassVar[NoticeKind] = NoticeKind.HOMEWORK
    subject: str
    on: date
    text: str
    files: int = 0
    starts: time | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ControlWorkAhead:
    """A control work is written tomorrow; `starts`: when that lesson begins, if known."""

    kind: ClassVar[NoticeKind] = NoticeKind.CONTROL_WORKS
    subject: str
    on: date
    work_kind: str
    topic: str | None = None
    starts: time | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RecommendationGiven:
    """A teacher's advice; `subject` None: in general (Q24)."""

    kind: ClassVar[NoticeKind] = NoticeKind.RECOMMENDATIONS
    subject: str | None
    on: date
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class ResultsUntold:
    """How many messages about results have not arrived while their 24 hours run out, or after them (Q75).

    `due` is the earliest of their terms, by the school's clock.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.DEADLINES
    results: NoticeKind
    count: int
    due: datetime
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class MessagesRejected:
    """A channel would not take the messages of so many contacts since then, though their addresses are good.

    `since` is by the school's clock.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.ALARMS
    channel: str
    contacts: int
    since: datetime


@dataclass(frozen=True, slots=True)
class CodesGuessed:
    """So many wrong one-time codes came within an hour that typed ones are not taken for a while (Q82)."""

    kind: ClassVar[NoticeKind] = NoticeKind.SAFETY
    on: date
    count: int


JournalNotice = MarkRecorded | MarkChanged | MarkWithdrawn | AbsenceRecorded | AbsenceChanged | FinalMarkSet
"""What stands in the journal, under a subject."""

FamilyNotice = JournalNotice | LessonChanged | Announcement | HomeworkDue | ControlWorkAhead | RecommendationGiven

StaffNotice = ResultsUntold | MessagesRejected | CodesGuessed

Notice = FamilyNotice | StaffNotice

Fact = str | int | None

_BY_NAME: dict[str, type[Notice]] = {_type.__name__: _type for _type in get_args(Notice)}
_READ: dict[str, Callable[[str], object]] = {
    "on": date.fromisoformat,
    "new_on": date.fromisoformat,
    "due": datetime.fromisoformat,
    "starts": time.fromisoformat,
    "since": datetime.fromisoformat,
    "change": ChangeKind,
    "results": NoticeKind,
}


def notice_to_facts(notice: Notice) -> dict[str, Fact]:
    """A notice's facts as the outbox keeps them: plain words and numbers, dates and moments as ISO 8601."""
    values = {field.name: getattr(notice, field.name) for field in fields(notice)}
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in values.items()}


def notice_from_facts(name: str, facts: dict[str, Fact]) -> Notice:
    """The notice of `notice_to_facts`; KeyError for a name that no class bears."""
    values = {key: _READ[key](str(value)) if key in _READ and value else value for key, value in facts.items()}
    return _BY_NAME[name](**values)  # type: ignore[arg-type]  # the union's fields differ; notice_to_facts wrote them
