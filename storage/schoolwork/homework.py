"""Homework, control works and recommendations in SQL."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.schoolwork.control_works import ControlWork, NewControlWork
from core.model.schoolwork.homework import AssignedHomework, Homework, HomeworkFile
from core.model.schoolwork.recommendations import Audience, ReadRecommendation, Recommendation
from core.rules.access import OwnGroups, Scope
from storage.access.cached_statements import for_scope
from storage.access.scopes import has_left, opens_group, opens_student, teaches, within
from storage.database.rows import add_row, chunks, columns, fetch, fetch_one, selected, upsert
from storage.schema.people import person
from storage.schema.schoolwork import (
    control_work,
    homework_file,
    homework_version,
    recommendation,
    recommendation_reading,
)
from storage.schema.year import enrolment, homework, subject, teaching_group

place = enrolment.alias("place")
"""A student's place in the group of the row; apart from the `enrolment` that a scope looks into."""

OTHER_WORDS = (
    select(homework_version.c.before)
    .where(homework_version.c.homework_id == homework.c.id, homework_version.c.before != homework.c.text)
    .order_by(homework_version.c.id.desc())
    .limit(1)
    .correlate(homework)
    .scalar_subquery()
)
"""What a homework said before it said what it says."""

ASSIGNED: Select[Any] = (
    select(*columns(homework, Homework), subject.c.name, person.c.name, OTHER_WORDS)
    .join(subject, subject.c.id == homework.c.subject_id)
    .outerjoin(person, person.c.id == homework.c.given_by)
    .order_by(homework.c.due_on, subject.c.name, homework.c.id)
    .distinct()
)
"""By due date; once, however many places of a student it was given to."""

BY_DATE = (control_work.c.on, control_work.c.number, subject.c.name, control_work.c.id)
PLANNED: Select[Any] = (
    select(*columns(control_work, ControlWork), subject.c.name)
    .join(subject, subject.c.id == control_work.c.subject_id)
    .where(control_work.c.withdrawn_at.is_(None))
    .order_by(*BY_DATE)
    .distinct()
)


class Schoolwork:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def homework(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[AssignedHomework]:
        own, asked = for_scope(_own_homework, scope)
        return await self._assigned(own, {"student_id": student_id, "since": since, "until": until, **asked})

    async def homework_of_lesson(self, lesson: LessonDay, scope: Scope) -> Sequence[AssignedHomework]:
        given = ASSIGNED.where(
            homework.c.group_id == lesson.group_id,
            homework.c.subject_id == lesson.subject_id,
            homework.c.due_on == lesson.on,
            homework.c.withdrawn_at.is_(None),
            _may_change(scope, homework, homework.c.given_by),
        )
        return await self._assigned(given)

    async def homework_for_students(
        self, on: date, *, group_id: int | None = None
    ) -> Sequence[tuple[int, AssignedHomework]]:
        due = ASSIGNED.where(homework.c.due_on == on, homework.c.withdrawn_at.is_(None))
        assigned = {each.homework.id: each for each in await self._assigned(due)}
        places = select(place.c.student_id, homework.c.id).select_from(homework)
        attended = places.join(place, _attends(homework.c.group_id, homework.c.due_on))
        owed = attended.where(homework.c.due_on == on, homework.c.withdrawn_at.is_(None), *_in_one(group_id, on))
        rows = await self._connection.execute(owed.order_by(place.c.student_id, homework.c.id).distinct())
        return [(student_id, assigned[homework_id]) for student_id, homework_id in rows]

    async def one_homework(self, homework_id: int, scope: Scope) -> Homework:
        opened = selected(homework, Homework).where(
            homework.c.id == homework_id, _may_change(scope, homework, homework.c.given_by)
        )
        return await fetch_one(self._connection, Homework, opened)

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
        kept = {"name": file.name, "media_type": file.media_type, "reference": file.reference}
        return await add_row(self._connection, homework_file, kept | {"homework_id": homework_id})

    async def homework_file(self, file_id: int, scope: Scope) -> HomeworkFile:
        given_to = exists().where(
            _attends(homework.c.group_id, homework.c.due_on), opens_student(scope, place.c.student_id)
        )
        opened = (
            selected(homework_file, HomeworkFile)
            .join(homework, homework.c.id == homework_file.c.homework_id)
            .where(homework_file.c.id == file_id)
            .where(or_(given_to.correlate(homework), _in_group(scope, homework.c.group_id)))
        )
        return await fetch_one(self._connection, HomeworkFile, opened)

    async def control_works(
        self, student_id: int, scope: Scope, *, since: date, until: date
    ) -> Sequence[tuple[ControlWork, str]]:
        own, asked = for_scope(_own_works, scope)
        return await self._planned(own, {"student_id": student_id, "since": since, "until": until, **asked})

    async def control_works_of_groups(
        self, group_ids: Collection[int], scope: Scope, *, since: date, until: date
    ) -> Sequence[tuple[ControlWork, str]]:
        of_groups = PLANNED.where(
            control_work.c.group_id.in_(group_ids),
            _in_group(scope, control_work.c.group_id),
            control_work.c.on.between(since, until),
        )
        return await self._planned(of_groups)

    async def control_works_for_students(self, on: date) -> Sequence[tuple[int, ControlWork, str]]:
        owed = (
            PLANNED.join(place, _attends(control_work.c.group_id, control_work.c.on))
            .add_columns(place.c.student_id)
            .where(control_work.c.on == on)
            .order_by(None)
            .order_by(place.c.student_id, *BY_DATE)
        )
        rows = await self._connection.execute(owed)
        return [(student_id, ControlWork(*fields), name) for *fields, name, student_id in rows]

    async def one_control_work(self, control_work_id: int, scope: Scope) -> ControlWork:
        opened = selected(control_work, ControlWork).where(
            control_work.c.id == control_work_id,
            control_work.c.withdrawn_at.is_(None),
            _may_change(scope, control_work, control_work.c.planned_by),
        )
        return await fetch_one(self._connection, ControlWork, opened)

    async def plan_control_work(self, new: NewControlWork, *, by: int | None, at: datetime) -> int:
        return await add_row(self._connection, control_work, asdict(new) | {"planned_by": by, "planned_at": at})

    async def withdraw_control_work(self, control_work_id: int, *, at: datetime) -> None:
        taken_back = update(control_work).where(control_work.c.id == control_work_id).values(withdrawn_at=at)
        await self._connection.execute(taken_back)

    async def recommend(
        self, student_id: int, *, subject_id: int | None, author_id: int, audience: Audience, text: str, at: datetime
    ) -> int:
        new = {"student_id": student_id, "subject_id": subject_id, "author_id": author_id, "audience": audience}
        return await add_row(self._connection, recommendation, new | {"text": text, "given_at": at})

    async def recommendations(self, student_id: int, scope: Scope, *, reader_id: int) -> Sequence[ReadRecommendation]:
        reader = Audience.STUDENT if reader_id == student_id else Audience.GUARDIAN
        read = and_(
            recommendation_reading.c.recommendation_id == recommendation.c.id,
            recommendation_reading.c.reader_id == reader_id,
        )
        meant = (
            select(
                *columns(recommendation, Recommendation),
                subject.c.name,
                person.c.name,
                recommendation_reading.c.read_at,
            )
            .outerjoin(subject, subject.c.id == recommendation.c.subject_id)
            .join(person, person.c.id == recommendation.c.author_id)
            .outerjoin(recommendation_reading, read)
            .where(recommendation.c.student_id == student_id, opens_student(scope, recommendation.c.student_id))
            .where(recommendation.c.audience.in_([reader, Audience.BOTH]), recommendation.c.withdrawn_at.is_(None))
            .order_by(recommendation.c.given_at.desc(), recommendation.c.id.desc())
        )
        rows = await self._connection.execute(meant)
        return [ReadRecommendation(Recommendation(*row[:-3]), *row[-3:]) for row in rows]

    async def mark_read(self, recommendation_ids: Collection[int], reader_id: int, *, at: datetime) -> None:
        seen = [{"recommendation_id": each, "reader_id": reader_id, "read_at": at} for each in recommendation_ids]
        if seen:
            once = upsert(self._connection, recommendation_reading).on_conflict_do_nothing()
            await self._connection.execute(once, seen)

    async def _assigned(self, statement: Select[Any], values: dict[str, Any] | None = None) -> list[AssignedHomework]:
        rows = (await self._connection.execute(statement, values)).all()
        given = [(Homework(*row[:-3]), *row[-3:]) for row in rows]
        files = await self._files([work.id for work, *_ in given])
        return [AssignedHomework(work, name, by, was, tuple(files[work.id])) for work, name, by, was in given]

    async def _files(self, homework_ids: Collection[int]) -> dict[int, list[HomeworkFile]]:
        files: dict[int, list[HomeworkFile]] = defaultdict(list)
        for ids in chunks(homework_ids):
            of_homework = selected(homework_file, HomeworkFile).where(homework_file.c.homework_id.in_(ids))
            for each in await fetch(self._connection, HomeworkFile, of_homework.order_by(homework_file.c.id)):
                files[each.homework_id].append(each)
        return files

    async def _planned(
        self, statement: Select[Any], values: dict[str, Any] | None = None
    ) -> list[tuple[ControlWork, str]]:
        rows = await self._connection.execute(statement, values)
        return [(ControlWork(*fields), name) for *fields, name in rows]


def _own_homework(scope: Scope) -> Select[Any]:
    own = ASSIGNED.join(place, _attends(homework.c.group_id, homework.c.due_on)).where(_is_own(scope))
    return own.where(homework.c.due_on.between(bindparam("since"), bindparam("until")))


def _own_works(scope: Scope) -> Select[Any]:
    own = PLANNED.join(place, _attends(control_work.c.group_id, control_work.c.on)).where(_is_own(scope))
    return own.where(control_work.c.on.between(bindparam("since"), bindparam("until")))


def _is_own(scope: Scope) -> ColumnElement[bool]:
    """Whether a `place` is that of the student whom a look-up is about."""
    return and_(place.c.student_id == bindparam("student_id"), opens_student(scope, place.c.student_id))


def _attends(group_id: ColumnElement[int], on: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a `place` is in this group on the date of the row, its student still at the school."""
    return and_(
        place.c.group_id == group_id,
        or_(place.c.starts_on.is_(None), place.c.starts_on <= on),
        or_(place.c.ends_on.is_(None), place.c.ends_on >= on),
        ~has_left(on, place.c.student_id),
    )


def _in_group(scope: Scope, group_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a scope opens the group with this id."""
    return group_id.in_(select(teaching_group.c.id).where(opens_group(scope)))


def _may_change(scope: Scope, work: Table[Any], author: ColumnElement[int | None]) -> ColumnElement[bool]:
    """Whether a scope teaches a row's subject to its group, or gave it, as a substitute may have."""
    groups = select(teaching_group.c.id).where(teaches(scope, work.c.subject_id, lesson_on=None))
    taught = work.c.group_id.in_(groups)
    return or_(taught, author == scope.person_id) if isinstance(scope, OwnGroups) else taught


def _in_one(group_id: int | None, on: date) -> list[ColumnElement[bool]]:
    """The students of one group only, where it is named."""
    if group_id is None:
        return []
    members = select(enrolment.c.student_id).where(
        enrolment.c.group_id == group_id, within(on, enrolment.c.starts_on, enrolment.c.ends_on)
    )
    return [place.c.student_id.in_(members)]
