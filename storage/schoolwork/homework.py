"""Homework in SQL."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, or_, select, update

from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.schoolwork.homework import AssignedHomework, Homework, HomeworkFile
from core.rules.access import Scope
from storage.access.cached_statements import cached_access_statement
from storage.access.scopes import scope_opens_student, scope_within_dates
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, fetch_rows, row_chunks, row_columns, select_rows
from storage.imports import diaries
from storage.schema.people import person
from storage.schema.schoolwork import homework, homework_file, homework_version
from storage.schema.year import enrolment, subject
from storage.schoolwork.reach import (
    place,
    schoolwork_reaches_group,
    schoolwork_reaches_place,
    schoolwork_reaches_student,
    scope_changes_reached_schoolwork,
)

OTHER_WORDS = (
    select(homework_version.c.before)
    .where(homework_version.c.homework_id == homework.c.id, homework_version.c.before != homework.c.text)
    .order_by(homework_version.c.id.desc())
    .limit(1)
    .correlate(homework)
    .scalar_subquery()
)
"""The last earlier text of a homework that differs from the present one."""


def _named(withdrawn_at: ColumnElement[Any]) -> Select[Any]:
    """Homework with names, by due date; once, even where a student has several places in the group."""
    fields = [each if each.name != "withdrawn_at" else withdrawn_at for each in row_columns(homework, Homework)]
    return (
        select(*fields, subject.c.name, person.c.name, OTHER_WORDS)
        .join(subject, subject.c.id == homework.c.subject_id)
        .outerjoin(person, person.c.id == homework.c.given_by)
        .order_by(homework.c.due_on, subject.c.name, homework.c.id)
        .distinct()
    )


ASSIGNED = _named(homework.c.withdrawn_at)
"""The homework of groups, whatever each student's diary says."""


class SqlHomework(Repository):
    async def homework(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[AssignedHomework]:
        own, asked = cached_access_statement(_own_homework, scope)
        return await self._assigned(own, {"student_id": student_id, "since": since, "until": until, **asked})

    async def homework_of_lesson(self, lesson: LessonDay, scope: Scope) -> Sequence[AssignedHomework]:
        given = ASSIGNED.where(
            homework.c.group_id == lesson.group_id,
            homework.c.subject_id == lesson.subject_id,
            homework.c.due_on == lesson.on,
            homework.c.withdrawn_at.is_(None),
            scope_changes_reached_schoolwork(scope, homework, homework.c.given_by),
        )
        return await self._assigned(given)

    async def homework_for_students(
        self, on: date, *, group_id: int | None = None
    ) -> Sequence[tuple[int, AssignedHomework]]:
        due = ASSIGNED.where(homework.c.due_on == on, homework.c.withdrawn_at.is_(None))
        assigned = {each.homework.id: each for each in await self._assigned(due)}
        places: Any = select(place.c.student_id, homework.c.id).select_from(homework)
        owed = _of_diaries(places.join(place, schoolwork_reaches_place(homework.c.group_id, homework.c.due_on))).where(
            homework.c.due_on == on, diaries.withdrawn_from_diary_sql(homework).is_(None), *_in_one(group_id, on)
        )
        rows = await self._connection.execute(owed.order_by(place.c.student_id, homework.c.id).distinct())
        return [(student_id, assigned[homework_id]) for student_id, homework_id in rows]

    async def one_homework(self, homework_id: int, scope: Scope) -> Homework:
        opened = select_rows(homework, Homework).where(
            homework.c.id == homework_id, scope_changes_reached_schoolwork(scope, homework, homework.c.given_by)
        )
        return await fetch_one_row(self._connection, Homework, opened)

    async def give_homework(
        self, group_id: int, subject_id: int, *, due_on: date, text: str, by: int | None, at: datetime
    ) -> int:
        new = {"group_id": group_id, "subject_id": subject_id, "due_on": due_on, "text": text}
        return await add_row(self._connection, homework, new | {"given_by": by, "given_at": at})

    async def change_homework(self, homework_id: int, text: str | None, *, by: int | None, at: datetime) -> None:
        same = homework.c.id == homework_id
        kept = select(homework.c.id, homework.c.text).where(same).with_for_update()
        _, before = (await self._connection.execute(kept)).one()
        version = {"homework_id": homework_id, "before": before, "changed_at": at, "changed_by": by}
        await self._connection.execute(insert(homework_version), version)
        new = {"withdrawn_at": at} if text is None else {"text": text}
        await self._connection.execute(update(homework).where(same).values(**new))

    async def add_homework_file(self, homework_id: int, file: SentFile) -> int:
        return await add_row(self._connection, homework_file, asdict(file) | {"homework_id": homework_id})

    async def homework_file(self, file_id: int, scope: Scope) -> HomeworkFile:
        given_to = exists().where(
            schoolwork_reaches_place(homework.c.group_id, homework.c.due_on),
            scope_opens_student(scope, place.c.student_id),
        )
        opened = (
            select_rows(homework_file, HomeworkFile)
            .join(homework, homework.c.id == homework_file.c.homework_id)
            .where(homework_file.c.id == file_id)
            .where(or_(given_to.correlate(homework), schoolwork_reaches_group(scope, homework.c.group_id)))
        )
        return await fetch_one_row(self._connection, HomeworkFile, opened)

    async def _assigned(self, statement: Select[Any], values: dict[str, Any] | None = None) -> list[AssignedHomework]:
        given = [
            AssignedHomework(Homework(*fields), subject_name, teacher, text_before, ())
            for *fields, subject_name, teacher, text_before in await self._connection.execute(statement, values)
        ]
        files = await self._files([each.homework.id for each in given])
        return [replace(each, files=tuple(files[each.homework.id])) for each in given]

    async def _files(self, homework_ids: Collection[int]) -> dict[int, list[HomeworkFile]]:
        files: dict[int, list[HomeworkFile]] = defaultdict(list)
        for ids in row_chunks(homework_ids):
            of_homework = select_rows(homework_file, HomeworkFile).where(homework_file.c.homework_id.in_(ids))
            for each in await fetch_rows(self._connection, HomeworkFile, of_homework.order_by(homework_file.c.id)):
                files[each.homework_id].append(each)
        return files


def _own_homework(scope: Scope) -> Select[Any]:
    named = _named(diaries.withdrawn_from_diary_sql(homework))
    own = _of_diaries(named.join(place, schoolwork_reaches_place(homework.c.group_id, homework.c.due_on)))
    return own.where(schoolwork_reaches_student(scope)).where(
        homework.c.due_on.between(bindparam("since"), bindparam("until"))
    )


def _of_diaries(homework_of_places: Select[Any]) -> Select[Any]:
    """Leaves out what the diary of a place's student does not name."""
    student_id = place.c.student_id
    return homework_of_places.outerjoin(diaries.own, diaries.is_own_diary_sql(homework, student_id)).where(
        diaries.is_in_student_diary_sql(homework, student_id)
    )


def _in_one(group_id: int | None, on: date) -> list[ColumnElement[bool]]:
    """A condition for the students of one group, if a group is given."""
    if group_id is None:
        return []
    members = select(enrolment.c.student_id).where(
        enrolment.c.group_id == group_id, scope_within_dates(on, enrolment.c.starts_on, enrolment.c.ends_on)
    )
    return [place.c.student_id.in_(members)]
