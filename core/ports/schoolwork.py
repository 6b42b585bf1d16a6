"""Homework, control works, recommendations."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.schoolwork.control_works import ControlLesson, ControlWork, NewControlWork
from core.model.schoolwork.homework import AssignedHomework, Homework, HomeworkFile
from core.model.schoolwork.recommendations import Audience, ReadRecommendation
from core.rules.access import Scope


class SchoolworkPort(Protocol):
    """Homework with versions and files, control works, recommendations; reads of a student take the scope."""

    async def homework(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[AssignedHomework]:
        """By due date and subject, of the groups that the student is in on that date; withdrawn ones included."""
        ...

    async def homework_of_lesson(self, lesson: LessonDay, scope: Scope) -> Sequence[AssignedHomework]:
        """Homework in force that is due for this lesson and that the scope may change."""
        ...

    async def homework_for_students(
        self, on: date, *, group_id: int | None = None
    ) -> Sequence[tuple[int, AssignedHomework]]:
        """(student id, homework in force) due on a date, of all students or of one group's; for the system only."""
        ...

    async def one_homework(self, homework_id: int, scope: Scope) -> Homework:
        """A homework to be changed; NotFoundError unless the scope teaches the subject there or gave it."""
        ...

    async def give_homework(
        self, group_id: int, subject_id: int, *, due_on: date, text: str, by: int | None, at: datetime
    ) -> int: ...
    async def change_homework(self, homework_id: int, text: str | None, *, by: int | None, at: datetime) -> None:
        """A new text with the old one kept, or None: withdrawn (Q23)."""
        ...

    async def add_homework_file(self, homework_id: int, file: SentFile) -> int: ...
    async def homework_file(self, file_id: int, scope: Scope) -> HomeworkFile:
        """A file; NotFoundError unless the scope includes the group, or a student, that it was given to."""
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

    async def control_lessons(self, scope: Scope, *, since: date, until: date) -> Sequence[ControlLesson]:
        """The lessons with a control work, of the groups that the scope opens, without names and topics."""
        ...

    async def one_control_work(self, control_work_id: int, scope: Scope) -> ControlWork:
        """A control work in force; NotFoundError unless the scope teaches the subject there or planned it."""
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
