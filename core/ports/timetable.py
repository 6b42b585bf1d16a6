"""Repositories of the school day: timetable with its changes, homework, control works, recommendations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.schoolwork.homework import (
    AssignedHomework,
    Audience,
    ControlWork,
    HomeworkFile,
    NewControlWork,
    ReadRecommendation,
)
from core.model.timetable import Bell, BellChoice, ChangeKind, Holiday, Place, Plan, Teaching
from core.model.year import Homework
from core.rules.access import Scope


@dataclass(frozen=True, slots=True)
class NewTemplateLesson:
    """A row of the weekly template about to be written."""

    subject_id: int
    weekday: int
    number: int
    room: str | None = None
    teacher_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewLessonChange:
    """A change about to be written; which of the new fields are set depends on its kind (`LessonChange`)."""

    group_id: int
    subject_id: int
    on: date
    number: int
    kind: ChangeKind
    new_subject_id: int | None = None
    new_teacher_id: int | None = None
    new_room: str | None = None
    new_on: date | None = None
    new_number: int | None = None


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


class Schoolwork(Protocol):
    """Homework with versions and files, control works, recommendations; reads of a student take the scope."""

    async def homework(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[AssignedHomework]:
        """By due date and subject, of the groups that the student is in on that date; withdrawn ones included."""
        ...

    async def homework_of_lesson(self, lesson: LessonDay, scope: Scope) -> Sequence[AssignedHomework]:
        """In force and due for this lesson, as far as the scope may change it."""
        ...

    async def homework_for_students(
        self, on: date, *, group_id: int | None = None
    ) -> Sequence[tuple[int, AssignedHomework]]:
        """(student id, homework in force) due on a date, of all students or of one group's; for the system only."""
        ...

    async def one_homework(self, homework_id: int, scope: Scope) -> Homework:
        """For whoever teaches the subject there or gave it, to change it; NotFoundError for others."""
        ...

    async def give_homework(
        self, group_id: int, subject_id: int, *, due_on: date, text: str, by: int | None, at: datetime
    ) -> int: ...
    async def change_homework(self, homework_id: int, text: str | None, *, by: int | None, at: datetime) -> None:
        """A new text with the old one kept, or None: withdrawn (Q23)."""
        ...

    async def add_homework_file(self, homework_id: int, file: SentFile) -> int: ...
    async def homework_file(self, file_id: int, scope: Scope) -> HomeworkFile:
        """NotFoundError unless the scope opens a student or the group that it was given to."""
        ...

    async def control_works(
        self, student_id: int, scope: Scope, *, since: date, until: date
    ) -> Sequence[tuple[ControlWork, str]]:
        """In force, by date, with the subject's name."""
        ...

    async def control_works_of_groups(
        self, group_ids: Collection[int], scope: Scope, *, since: date, until: date
    ) -> Sequence[tuple[ControlWork, str]]: ...
    async def control_works_for_students(self, on: date) -> Sequence[tuple[int, ControlWork, str]]:
        """(student id, control work, subject) of a date, of all students; for the system only."""
        ...

    async def one_control_work(self, control_work_id: int, scope: Scope) -> ControlWork:
        """In force, for whoever teaches the subject there or planned it; NotFoundError for others."""
        ...

    async def plan_control_work(self, new: NewControlWork, *, by: int | None, at: datetime) -> int: ...
    async def withdraw_control_work(self, control_work_id: int, *, at: datetime) -> None: ...
    async def recommend(
        self, student_id: int, *, subject_id: int | None, author_id: int, audience: Audience, text: str, at: datetime
    ) -> int: ...
    async def recommendations(self, student_id: int, scope: Scope, *, reader_id: int) -> Sequence[ReadRecommendation]:
        """Those meant for this reader (STUDENT for the student, GUARDIAN for others of the family), newest first."""
        ...

    async def mark_read(self, recommendation_ids: Collection[int], reader_id: int, *, at: datetime) -> None: ...
