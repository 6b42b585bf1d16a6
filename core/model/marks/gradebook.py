"""The gradebook: lesson days, a class's page, marks before they are written, entries opened for a change."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.model.marks.entries import Entry, EntryVersion
from core.model.year import TeachingGroup


@dataclass(frozen=True, slots=True)
class LessonDay:
    """A group's lessons of a subject on a day: one column of the gradebook."""

    group_id: int
    subject_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Work:
    """The work that a mark is given for."""

    kind: str | None = None
    weight: Decimal | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class NewMark:
    """A token that a teacher writes: a mark, an absence or a debt."""

    lesson: LessonDay
    student_id: int
    token: str
    work: Work = field(default_factory=Work)
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """A group and a subject whose gradebook a teacher may keep."""

    group: TeachingGroup
    subject_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class GradebookRow:
    """A student of the gradebook with their entries in force; `school_class` "" without a class."""

    student_id: int
    name: str
    school_class: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class GradebookPage:
    """A lesson day of a whole group, its students by name."""

    lesson: LessonDay
    group: TeachingGroup
    subject: str
    topic: str | None
    lines: tuple[GradebookRow, ...]


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """An entry, maybe withdrawn, that a teacher may change, with its student and its versions, oldest first.

    `lesson` names the group in which the teacher teaches the student.
    """

    entry: Entry
    lesson: LessonDay
    subject: str
    line: GradebookRow
    versions: tuple[EntryVersion, ...]


@dataclass(frozen=True, slots=True)
class DatedVersion:
    """A version of an entry with the lesson's day and the subject."""

    version: EntryVersion
    on: date
    subject_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A change as families see it, `after` None: withdrawn; changes that are published together are one (Q38)."""

    entry_id: int
    on: date
    subject_id: int
    subject: str
    before: str
    after: str | None
    changed_at: datetime


WORK_KINDS = (
    "Ответ на уроке",
    "Домашнее задание",
    "Самостоятельная работа",
    "Контрольная работа",
    "Диктант",
    "Лабораторная работа",
    "Практическая работа",
    "Тестирование",
    "Сочинение",
    "Проект",
)
"""Usual kinds of work, as the e-journal names them; a teacher may write any other."""
