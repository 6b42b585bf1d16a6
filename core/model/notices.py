"""Notices: facts published to families. A new notice is one dataclass here and one `case` in `notifiers/texts.py`."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import ClassVar, get_args


class NoticeKind(StrEnum):
    """What a family agrees to receive, kind by kind (Q83)."""

    MARKS = "marks"
    ABSENCES = "absences"
    FINALS = "finals"
    EXAMS = "exams"


R6_KINDS = frozenset({NoticeKind.FINALS, NoticeKind.EXAMS})
"""The kinds under the 24 hours of R6: they cannot be switched off."""


@dataclass(frozen=True, slots=True)
class MarkRecorded:
    """A score, a credit or a debt («.») appeared."""

    kind: ClassVar[NoticeKind] = NoticeKind.MARKS
    subject: str
    on: date
    value: str
    work_kind: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class MarkChanged:
    """A mark has a new version; the family sees old → new (Q38)."""

    kind: ClassVar[NoticeKind] = NoticeKind.MARKS
    subject: str
    on: date
    before: str
    value: str


@dataclass(frozen=True, slots=True)
class MarkWithdrawn:
    """A mark was taken back."""

    kind: ClassVar[NoticeKind] = NoticeKind.MARKS
    subject: str
    on: date
    before: str


@dataclass(frozen=True, slots=True)
class AbsenceRecorded:
    """The student missed a lesson or came late, with the journal's reason code."""

    kind: ClassVar[NoticeKind] = NoticeKind.ABSENCES
    subject: str
    on: date
    value: str


@dataclass(frozen=True, slots=True)
class AbsenceChanged:
    """The reason of an absence changed; `value` None says that there was no absence after all."""

    kind: ClassVar[NoticeKind] = NoticeKind.ABSENCES
    subject: str
    on: date
    before: str
    value: str | None


@dataclass(frozen=True, slots=True)
class FinalMarkSet:
    """A final mark of a term was set or changed (R6); `value` None says it was annulled."""

    kind: ClassVar[NoticeKind] = NoticeKind.FINALS
    subject: str
    term: str
    value: str | None
    before: str | None = None


Notice = MarkRecorded | MarkChanged | MarkWithdrawn | AbsenceRecorded | AbsenceChanged | FinalMarkSet

_BY_NAME: dict[str, type[Notice]] = {_type.__name__: _type for _type in get_args(Notice)}


def to_facts(notice: Notice) -> dict[str, str | None]:
    """A notice's facts as the outbox keeps them: plain strings, dates as ISO 8601."""
    values = {field.name: getattr(notice, field.name) for field in fields(notice)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def from_facts(name: str, facts: dict[str, str | None]) -> Notice:
    """The notice of `to_facts`; KeyError for a name that no class bears."""
    values = {key: date.fromisoformat(value) if key == "on" and value else value for key, value in facts.items()}
    return _BY_NAME[name](**values)  # type: ignore[arg-type]  # the union's fields differ; to_facts wrote them
