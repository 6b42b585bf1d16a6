"""School years, periods, subjects, groups, lessons held."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.imports.history import DiaryStatement
from core.model.schoolwork.homework import Homework
from core.model.timetable import Lesson
from core.model.year import GroupKind, ReportingPeriod, Subject, TeachingGroup
from core.rules.access import Scope


class YearPort(Protocol):
    """School years, periods, subjects, groups, enrolment, the diary's lessons and homework."""

    async def ensure_year(self, on: date) -> int:
        """The id of the school year (1 September to 31 August) of a date, which is added if it is missing."""
        ...

    async def year(self, on: date) -> int | None:
        """The id of the school year of a date; None if the school does not have it."""
        ...

    async def put_period(
        self,
        year_id: int,
        name: str,
        *,
        starts_on: date,
        ends_on: date,
        grades: tuple[int, int] | None = None,
        group_id: int | None = None,
        subject_id: int | None = None,
    ) -> bool:
        """Writes a period of some grades, a class, a subject or of everybody; True if it is new or has other dates."""
        ...

    async def subject_ids(self) -> Mapping[str, int]:
        """Ids of subjects by normalised name; the name of a joined subject has the id of the other one."""
        ...

    async def ensure_subjects(self, names: Mapping[str, str]) -> Mapping[str, int]:
        """Ids by normalised name, for printed names by normalised name; missing subjects are added."""
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
        """Adds a place; False if it is known. A new class ends the former one the day before `starts_on` (Q40)."""
        ...

    async def end_places(self, student_id: int, *, ends_on: date) -> Sequence[int]:
        """Sets the last day of a student's open places; returns their groups, without classes."""
        ...

    async def groups(self, scope: Scope) -> Sequence[TeachingGroup]: ...
    async def lessons(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Lesson]:
        """The lessons of these groups that a diary or a teacher has entered, days inclusive."""
        ...

    async def homework(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Homework]:
        """All homework of these groups that is due on these days, including withdrawn homework."""
        ...

    async def diary_statements(
        self, group_ids: Collection[int], *, since: date, until: date
    ) -> Sequence[DiaryStatement]:
        """What diaries have named of these groups' lessons and homework on these days, also what is gone."""
        ...

    async def periods(self, on: date) -> Sequence[ReportingPeriod]:
        """The reporting periods of the school year that a date lies in, by their first day."""
        ...

    async def sharing(self, group_ids: Collection[int], *, on: date) -> Sequence[TeachingGroup]:
        """All groups of these groups' students on a date, including these groups."""
        ...

    async def subjects(self) -> Sequence[Subject]:
        """By name, without those that were joined to another."""
        ...

    async def join_subjects(self, keep_id: int, gone_id: int, *, at: datetime) -> None:
        """Moves everything of the second subject to the first, including its name."""
        ...
