"""The school year: periods, subjects, teaching groups of four kinds, enrolment."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """September to August; `starts_on` and `ends_on` inclusive."""

    id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """A quarter, trimester or half-year of a school year, as the journal names it.

    It holds for the grades `grade_from` to `grade_to`, a class (`group_id`) or a subject; without any, for everybody.
    """

    id: int
    year_id: int
    name: str
    starts_on: date
    ends_on: date
    grade_from: int | None = None
    grade_to: int | None = None
    group_id: int | None = None
    subject_id: int | None = None

    @property
    def holds_for_everybody(self) -> bool:
        """Whether it is limited to no grades, class or subject."""
        return self.grade_from is None and self.group_id is None and self.subject_id is None


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject under the name that the journal prints; `joined_to`: it is only another name of that subject."""

    id: int
    name: str
    name_key: str
    joined_to: int | None = None


class GroupKind(StrEnum):
    """The four kinds of groups (Q21)."""

    CLASS = "class"
    STUDY_GROUP = "study_group"
    STREAM = "stream"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class TeachingGroup:
    """Students who are taught together; a class has no subject, the other kinds have one."""

    id: int
    kind: GroupKind
    name: str
    name_key: str
    grade_level: int | None
    subject_id: int | None
    teacher_id: int | None
