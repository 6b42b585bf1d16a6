"""Work for families to know of: homework with its files and changes, control works, recommendations."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.year import Homework


@dataclass(frozen=True, slots=True)
class HomeworkFile:
    """A file of a homework as the messenger keeps it: `reference` is its own number for it, good for this bot only."""

    id: int
    homework_id: int
    name: str
    media_type: str
    reference: str


@dataclass(frozen=True, slots=True)
class HomeworkVersion:
    """What a homework said before it was changed or withdrawn (Q23); append-only."""

    id: int
    homework_id: int
    before: str
    changed_at: datetime
    changed_by: int | None


@dataclass(frozen=True, slots=True)
class AssignedHomework:
    """A homework as it is shown: subject, who gave it, what it said before (None: never changed), its files."""

    homework: Homework
    subject: str
    teacher: str | None
    was: str | None
    files: tuple[HomeworkFile, ...]


@dataclass(frozen=True, slots=True)
class NewControlWork:
    """A control work about to be planned; without a number the lesson is the day's only one of the subject."""

    group_id: int
    subject_id: int
    on: date
    number: int | None
    work_kind: str
    topic: str | None


@dataclass(frozen=True, slots=True)
class ControlWork:
    """A planned control work of a group (Q19); a withdrawn one is not shown."""

    id: int
    group_id: int
    subject_id: int
    on: date
    number: int | None
    work_kind: str
    topic: str | None
    planned_by: int | None
    planned_at: datetime
    withdrawn_at: datetime | None


class Audience(StrEnum):
    """For whom a recommendation is meant (Q24)."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A teacher's advice on a subject or in general (`subject_id` None)."""

    id: int
    student_id: int
    subject_id: int | None
    author_id: int
    audience: Audience
    text: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadRecommendation:
    """A recommendation as one reader sees it: `read_at` None is unread by this reader."""

    recommendation: Recommendation
    subject: str | None
    author: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecommendationReading:
    """When a reader first saw a recommendation."""

    recommendation_id: int
    reader_id: int
    read_at: datetime


class WorkloadRule(StrEnum):
    """The norms that teachers are warned of, never held back by (Q20, Q25)."""

    ONE_A_DAY = "one_a_day"
    INTERVAL = "interval"
    SHARE = "share"
    EDGE_LESSON = "edge_lesson"
    HOMEWORK = "homework"


@dataclass(frozen=True, slots=True)
class Caution:
    """A norm that a plan breaks, and by what.

    ONE_A_DAY names the `subject` of the other control work on that day, INTERVAL its date `on` and its `group`, SHARE
    has the works of the year as `count` and how many the subject's hours allow as `limit`, EDGE_LESSON the lesson's
    `number`, HOMEWORK the day's minutes as `count` and the norm as `limit`.
    """

    rule: WorkloadRule
    subject: str | None = None
    group: str | None = None
    on: date | None = None
    number: int | None = None
    count: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A homework that was given, with what there is to be said against it."""

    id: int
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A control work that was planned, with what there is to be said against it."""

    id: int
    cautions: tuple[Caution, ...] = ()
