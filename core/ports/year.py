"""School years, periods, subjects, groups, lessons held."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.schoolwork.homework import Homework
from core.model.timetable import Lesson
from core.model.year import GroupKind, ReportingPeriod, Subject, TeachingGroup
from core.rules.access import Scope


class Year(Protocol):
    """School years, periods, subjects, groups, enrolment, the diary's lessons and homework."""

    async def ensure_year(self, on: date) -> int:
        """The school year (1 September to 31 August) a date lies in."""
        ...

    async def year(self, on: date) -> int | None:
        """The school year a date lies in, if the school has it."""
        ...

    async def put_period(self, year_id: int, name: str, *, starts_on: date, ends_on: date) -> bool:
        """True where the period is new or its dates moved."""
        ...

    async def subject_ids(self) -> Mapping[str, int]:
        """Ids by normalised name; a name that was joined to another is that subject."""
        ...

    async def ensure_subjects(self, names: Mapping[str, str]) -> Mapping[str, int]:
        """Ids by normalised name, for printed names by normalised name; missing ones are added."""
        ...

    async def ensure_group(
        self,
        kind: GroupKind,
        name: str,
        name_key: str,
        *,
        grade_level: int | None = None,
        subject_id: int | None = None,
        teacher_id: int | None = None,
    ) -> int: ...
    async def enrol(self, student_id: int, group_id: int, *, starts_on: date | None = None) -> bool:
        """True where the place is new; a new class ends the old one the day before `starts_on` (Q40)."""
        ...

    async def groups(self, scope: Scope) -> Sequence[TeachingGroup]: ...
    async def lessons(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Lesson]:
        """The lessons of these groups that a diary or a teacher has entered, days inclusive."""
        ...

    async def homework(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Homework]:
        """What was ever given to these groups for these days, withdrawn homework included."""
        ...

    async def periods(self, on: date) -> Sequence[ReportingPeriod]:
        """The reporting periods of the school year that a date lies in, by their first day."""
        ...

    async def sharing(self, group_ids: Collection[int], *, on: date) -> Sequence[TeachingGroup]:
        """The groups that any of these groups' students are in on a date, these themselves included."""
        ...

    async def subjects(self) -> Sequence[Subject]:
        """By name, without those that were joined to another."""
        ...

    async def join_subjects(self, keep_id: int, gone_id: int, *, at: datetime) -> None:
        """Everything of the second subject is the first one's from now on, its name included."""
        ...
