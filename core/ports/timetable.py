"""The timetable with its changes, bells and holidays."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.timetable import (
    Bell,
    BellChoice,
    Holiday,
    NewLessonChange,
    NewTemplateLesson,
    Place,
    Plan,
    Teaching,
)
from core.rules.access import Scope


class Timetable(Protocol):
    """Template, bells, holidays, changes. Reads of a student or group take the scope: empty outside it."""

    async def put_template(self, group_id: int, lessons: Sequence[NewTemplateLesson], *, starts_on: date) -> int:
        """The group's template from a date on; what held before ends the day before. Returns how many rows differ."""
        ...

    async def of_student(self, student_id: int, scope: Scope, *, since: date, until: date) -> Plan:
        """Of the groups that the student is in between the dates; without places outside the scope."""
        ...

    async def of_group(self, group_id: int, scope: Scope, *, since: date, until: date) -> Plan:
        """Of the group and, for a class, all groups that any of its students are in; else without places."""
        ...

    async def of_teacher(self, person_id: int, *, since: date, until: date) -> Plan:
        """Of all groups that the teacher teaches by the template, as the group's teacher or by a substitution."""
        ...

    async def add_changes(
        self, changes: Sequence[NewLessonChange], *, by: int | None, at: datetime, broadcast_id: int | None
    ) -> Sequence[int]: ...
    async def withdraw_changes(
        self, *, at: datetime, ids: Collection[int] = (), broadcast_id: int | None = None
    ) -> int: ...
    async def put_bells(self, variant: str, bells: Sequence[Bell]) -> int:
        """The whole variant (ids are not looked at); returns how many rows differ."""
        ...

    async def bells(self) -> Sequence[Bell]: ...
    async def choose_bells(self, variant: str, *, group_id: int | None = None, on: date | None = None) -> bool: ...
    async def bell_choices(self) -> Sequence[BellChoice]: ...
    async def put_holidays(self, year_id: int, holidays: Sequence[Holiday]) -> int:
        """All holidays of a school year (ids are not looked at); returns how many rows differ."""
        ...

    async def holidays(self, *, since: date, until: date) -> Sequence[Holiday]:
        """Those that touch the dates, by their first day; not personal, so without a scope."""
        ...

    async def places(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[Place]:
        """The groups that the student is in between the dates."""
        ...

    async def teachings(self, student_id: int, scope: Scope, *, on: date) -> Sequence[Teaching]:
        """By the template, the groups' own teachers and the staff roles of the student's groups (Q21)."""
        ...
