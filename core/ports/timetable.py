"""The timetable with its changes, bells and holidays."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.results.statistics import ClassPlan
from core.model.timetable import (
    Bell,
    BellChoice,
    Holiday,
    LessonType,
    NewLessonChange,
    NewTemplateLesson,
    Place,
    Plan,
    PlannedHours,
    Teaching,
    Week,
)
from core.rules.access import Scope


class TimetablePort(Protocol):
    """Template, bells, holidays, changes. Reads of a student or group take the scope: empty outside it."""

    @property
    def odd_week(self) -> date | None:
        """A day of an odd week, by the school's setting; None where it has named none."""
        ...

    async def put_template(
        self, group_id: int, lessons: Sequence[NewTemplateLesson], *, starts_on: date, week: Week | None = None
    ) -> int:
        """Replaces the group's template from a date on; returns how many rows differ.

        With `week` the lessons of the other week stay.
        """
        ...

    async def of_student(self, student_id: int, scope: Scope, *, since: date, until: date) -> Plan:
        """The plan of the student's groups between the dates; without places outside the scope."""
        ...

    async def of_group(self, group_id: int, scope: Scope, *, since: date, until: date) -> Plan:
        """The plan of the group, and for a class of all groups of its students; without places outside the scope."""
        ...

    async def of_classes(self, scope: Scope, *, since: date, until: date) -> Sequence[ClassPlan]:
        """The plans of all classes that the scope opens, each as `of_group` gives it, in a few queries."""
        ...

    async def of_teacher(self, person_id: int, *, since: date, until: date) -> Plan:
        """The plan of all groups that the teacher teaches by template, as the group's teacher or as a substitute."""
        ...

    async def add_changes(
        self, changes: Sequence[NewLessonChange], *, by: int | None, at: datetime, broadcast_id: int | None
    ) -> Sequence[int]: ...
    async def withdraw_changes(
        self, *, at: datetime, ids: Collection[int] = (), broadcast_id: int | None = None
    ) -> int: ...
    async def put_bells(self, variant: str, bells: Sequence[Bell]) -> int:
        """Replaces all bells of a variant (their ids are ignored); returns how many rows differ."""
        ...

    async def bells(self) -> Sequence[Bell]: ...
    async def choose_bells(self, variant: str, *, group_id: int | None = None, on: date | None = None) -> bool: ...
    async def bell_choices(self) -> Sequence[BellChoice]: ...
    async def put_holidays(self, year_id: int, holidays: Sequence[Holiday]) -> int:
        """Replaces all holidays of a school year (their ids are ignored); returns how many rows differ."""
        ...

    async def put_planned_hours(self, year_id: int, class_id: int, hours: Sequence[PlannedHours]) -> int:
        """Replaces the plan of a class with its groups (ids are ignored); returns how many rows differ."""
        ...

    async def put_lesson_types(self, types: Sequence[LessonType]) -> int:
        """Replaces the types of these lessons (ids are ignored); returns how many rows differ."""
        ...

    async def planned_hours(self, scope: Scope, *, year_id: int) -> Sequence[PlannedHours]:
        """The plan of the classes that the scope opens."""
        ...

    async def lesson_types(
        self, scope: Scope, *, since: date, until: date, class_ids: Collection[int] | None = None
    ) -> Sequence[LessonType]:
        """The types of lessons of the classes that the scope opens, or of some of these, days inclusive."""
        ...

    async def holidays(self, *, since: date, until: date) -> Sequence[Holiday]:
        """The holidays that overlap the dates, by first day; they are not personal, so there is no scope."""
        ...

    async def places(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[Place]:
        """The groups that the student is in between the dates."""
        ...

    async def teachings(self, student_id: int, scope: Scope, *, on: date) -> Sequence[Teaching]:
        """The student's teachers by template, by group and by staff role (Q21)."""
        ...
