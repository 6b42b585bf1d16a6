"""Notices to staff: about their duties, about channels, about safety."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from core.model.notices.kinds import NoticeKind


@dataclass(frozen=True, slots=True)
class ResultsUntold:
    """A warning to staff: results without evidence shortly before or after their due time, and how many (Q75).

    `due` is the earliest of their due times, by the school's clock.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.DEADLINES
    results: NoticeKind
    count: int
    due: datetime
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class MessagesRejected:
    """A warning to staff: a channel rejected messages to many contacts, though their addresses are good.

    `since` is by the school's clock.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.ALARMS
    channel: str
    contacts: int
    since: datetime


@dataclass(frozen=True, slots=True)
class CodesGuessed:
    """A warning to staff: typed one-time codes are refused for a while after too many wrong ones (Q82)."""

    kind: ClassVar[NoticeKind] = NoticeKind.SAFETY
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class ErasuresDue:
    """A reminder to the secretary: how many persons' contact data are to be destroyed, the first until `on` (Q10)."""

    kind: ClassVar[NoticeKind] = NoticeKind.CONSENTS
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class ConsentsExpiring:
    """A reminder to the secretary: how many consents expire soon, the first on `on` (Q7)."""

    kind: ClassVar[NoticeKind] = NoticeKind.CONSENTS
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class DeferralsEnding:
    """A reminder to staff: how many deferrals of a class run out on a day, or have run out (Q53)."""

    kind: ClassVar[NoticeKind] = NoticeKind.DEFERRALS
    group: str
    on: date
    count: int
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class FinalMarksMissing:
    """A reminder to a teacher: how many final marks a class lacks in their subject of a term (Q52).

    The ids are for the button that opens the page; `term_number` as in `FinalTerm`.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.MISSING_FINALS
    group: str
    subject: str
    term: str
    count: int
    group_id: int = field(default=0, compare=False)
    subject_id: int = field(default=0, compare=False)
    term_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ResultsDiffer:
    """A warning to staff: published results and obligations are not equal sets, in how many places (Q71)."""

    kind: ClassVar[NoticeKind] = NoticeKind.DEADLINES
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class PagesToHandOut:
    """Tells a class teacher of pages with results that wait on paper, and until when (R6, Q33).

    `due` is the earliest of their due times, by the school's clock.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.PAPER
    group: str
    count: int
    due: datetime


@dataclass(frozen=True, slots=True)
class PagesLeft:
    """Tells class teacher and deputy head which printed extracts were not handed over; `numbers` are theirs (Q34)."""

    kind: ClassVar[NoticeKind] = NoticeKind.PAPER
    group: str
    on: date
    count: int
    numbers: str


@dataclass(frozen=True, slots=True)
class StudentsUnreached:
    """A warning to staff: students with neither an electronic recipient nor an extract in the queue (Q30)."""

    kind: ClassVar[NoticeKind] = NoticeKind.DEADLINES
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class ContactsWaiting:
    """Tells a class teacher how many contacts of families have waited a week for a proof (Q84)."""

    kind: ClassVar[NoticeKind] = NoticeKind.CONTACTS
    group: str
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class StudentsComeOfAge:
    """Tells the secretary how many students of a class are 18 on a day and need a document of their own (Q8)."""

    kind: ClassVar[NoticeKind] = NoticeKind.ADULTS
    group: str
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class MarksMissing:
    """A warning to staff: no marks came on a school day until the moment `due` (Q107).

    `imported_at`: when a file was last imported; None: never. Both are by the school's clock.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.SILENCE
    on: date
    due: datetime
    imported_at: datetime | None


@dataclass(frozen=True, slots=True)
class CopyFaulty:
    """A warning to staff: the copy of a night was not written, or it cannot be restored (Q104)."""

    kind: ClassVar[NoticeKind] = NoticeKind.BACKUP
    on: date
    is_written: bool


StaffNotice = (
    ResultsUntold
    | MessagesRejected
    | CodesGuessed
    | ErasuresDue
    | ConsentsExpiring
    | DeferralsEnding
    | FinalMarksMissing
    | ResultsDiffer
    | PagesToHandOut
    | PagesLeft
    | StudentsUnreached
    | ContactsWaiting
    | StudentsComeOfAge
    | MarksMissing
    | CopyFaulty
)
