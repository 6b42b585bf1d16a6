"""Control works, and the workload norms."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class NewControlWork:
    """A control work before it is planned; `number` None: the only lesson of the subject on that day."""

    group_id: int
    subject_id: int
    on: date
    number: int | None
    work_kind: str
    topic: str | None


@dataclass(frozen=True, slots=True)
class ControlLesson:
    """A lesson with a control work; `number` None: the only lesson of the subject on that day."""

    group_id: int
    subject_id: int
    on: date
    number: int | None


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


class WorkloadRule(StrEnum):
    """The workload norms; to break one is allowed, with a caution (Q20, Q25)."""

    ONE_A_DAY = "one_a_day"
    INTERVAL = "interval"
    SHARE = "share"
    EDGE_LESSON = "edge_lesson"
    HOMEWORK = "homework"


@dataclass(frozen=True, slots=True)
class Caution:
    """A norm that is broken, with the facts.

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
class CautionedWork:
    """The id of a homework or control work that was entered, with the norms that it breaks."""

    id: int
    cautions: tuple[Caution, ...] = ()
