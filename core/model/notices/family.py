"""Notices to families: marks, lessons, homework, announcements, results, forecasts.

`subject_id` is for the button that opens the subject, and `starts` is when the notice expires. Neither is part of the
text, so they are not compared; old notices lack them.
"""

from dataclasses import dataclass, field
from datetime import date, time
from typing import ClassVar

from core.model.conversation import SentFile
from core.model.notices.kinds import NoticeKind
from core.model.results.exams import ExamKind, ExamStatus, OlympiadPlace, OlympiadStage
from core.model.timetable import ChangeKind


@dataclass(frozen=True, slots=True)
class MarkRecorded:
    """A score, a credit or a debt («.») was recorded."""

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
    """A mark was withdrawn."""

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
class FinalMarkDeferred:
    """A final mark is set later, for illness; `until` is the last day for it (Q53, R6)."""

    kind: ClassVar[NoticeKind] = NoticeKind.FINALS
    subject: str
    term: str
    until: date
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ExamResultSet:
    """A result of an exam or a contest was received or changed (R6); what was before is known from its last version.

    `on` None: the file held no date. `threshold` is the lowest passing test score. `most` is the highest primary score.
    `geometry`: a «2» in ОГЭ mathematics although the sum suffices (Q77).
    """

    kind: ClassVar[NoticeKind] = NoticeKind.EXAMS
    exam: ExamKind
    subject: str
    on: date | None
    status: ExamStatus = ExamStatus.VALID
    primary: int | None = None
    score: int | None = None
    mark: str | None = None
    passed: bool | None = None
    threshold: int | None = None
    most: int | None = None
    stage: OlympiadStage | None = None
    place: OlympiadPlace | None = None
    geometry: bool = False
    before_status: ExamStatus | None = None
    before_primary: int | None = None
    before_score: int | None = None
    before_mark: str | None = None


@dataclass(frozen=True, slots=True)
class LessonChanged:
    """A lesson was substituted, moved, cancelled or given another room: old → new (Q17).

    `called_off`: the change was withdrawn and the lesson is held as planned. `group` names the class for a teacher;
    None for families.
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
    """A text that a class teacher or the deputy head wrote to families (Q97).

    `file` is sent in the channel that stores it (`file_channel`), by its id there (`file_reference`); others name it.
    `more_files`: the other files of an album.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.ANNOUNCEMENTS
    text: str
    on: date
    author: str
    group: str | None = None
    file: str | None = None
    file_type: str = ""
    file_reference: str | None = None
    file_channel: str | None = None
    more_files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True)
class HomeworkDue:
    """Homework due on a day, in the daily reminder; `starts`: when that lesson begins, if known.

    `more_files`: its files, for channels in which nobody can ask for them.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.HOMEWORK
    subject: str
    on: date
    text: str
    files: int = 0
    starts: time | None = field(default=None, compare=False)
    more_files: tuple[SentFile, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ControlWorkAhead:
    """A control work of tomorrow; `starts`: when that lesson begins, if known."""

    kind: ClassVar[NoticeKind] = NoticeKind.CONTROL_WORKS
    subject: str
    on: date
    work_kind: str
    topic: str | None = None
    starts: time | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RecommendationGiven:
    """A teacher's recommendation; `subject` None: in general (Q24)."""

    kind: ClassVar[NoticeKind] = NoticeKind.RECOMMENDATIONS
    subject: str | None
    on: date
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class TermFinished:
    """A student has a final mark or a deferral in every subject of a term; each mark was told by itself (R6).

    `average`, with a decimal point, is the mean of the marks that are numbers; None without any.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.TERM_RESULTS
    term: str
    on: date
    marks: int
    average: str | None
    deferred: int = 0


@dataclass(frozen=True, slots=True)
class ForecastGiven:
    """Where a student's mark of a term is heading, and how the figure came about (Q47, Q51).

    `mark` is the likeliest, «н/а» for too many absences (then `percent` is None). `average` and `threshold` (of that
    mark; None for «2») have a decimal point, `marks` are the `count` marks used with their weights. `fives`: how many
    lift the average to `better`; None: there is none, or it is out of reach.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.FORECAST
    subject: str
    on: date
    term: str
    mark: str
    percent: int | None
    average: str | None
    count: int
    marks: str
    threshold: str | None = None
    better: int | None = None
    fives: int | None = None
    subject_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WeeklyExtract:
    """The extract of a week for a person whom no electronic channel reaches; printed on the day `on` (Q30, Q33).

    It holds all that the bot shows at the moment when it is put into the print queue (Q31).
    """

    kind: ClassVar[NoticeKind] = NoticeKind.EXTRACT
    on: date


JournalNotice = (
    MarkRecorded | MarkChanged | MarkWithdrawn | AbsenceRecorded | AbsenceChanged | FinalMarkSet | FinalMarkDeferred
)
"""Notices about entries of the journal and final marks."""


FamilyNotice = (
    JournalNotice
    | ExamResultSet
    | LessonChanged
    | Announcement
    | HomeworkDue
    | ControlWorkAhead
    | RecommendationGiven
    | TermFinished
    | ForecastGiven
    | WeeklyExtract
)
