"""The gradebook of teachers: what they teach, a lesson day of a class, single entries, entries to publish."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, insert, or_, select, update

from core.errors import NotFoundError
from core.model.marks.entries import Entry, EntryVersion
from core.model.marks.gradebook import GradebookPage, GradebookRow, LessonDay, OpenedEntry, Taught
from core.model.people import Role
from core.model.year import GroupKind, TeachingGroup
from core.rules.access import Scope
from storage.access.scopes import scope_on_class_list, scope_role_in_force, scope_teaches_subject, scope_within_dates
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_rows, row_columns, select_rows
from storage.schema.marks import entry, entry_version
from storage.schema.people import person, staff_role
from storage.schema.timetable import lesson, template_lesson
from storage.schema.year import enrolment, subject, teaching_group

NEW_COLUMNS = tuple(column.name for column in entry.c if column.name != "id")


class SqlGradebook(Repository):
    async def taught(self, scope: Scope, *, on: date, group_id: int | None = None) -> Sequence[Taught]:
        """Every group and subject where the scope teaches and the group learns the subject."""
        open_pairs = (
            select(*row_columns(teaching_group, TeachingGroup), subject.c.id, subject.c.name)
            .select_from(teaching_group)
            .join(subject, scope_teaches_subject(scope, subject.c.id, lesson_on=on))
            .where(_learns_subject(on))
            .order_by(teaching_group.c.name, teaching_group.c.id, subject.c.name)
        )
        if group_id is not None:
            open_pairs = open_pairs.where(teaching_group.c.id == group_id)
        rows = await self._connection.execute(open_pairs)
        return [Taught(TeachingGroup(*group), subject_id, name) for *group, subject_id, name in rows]

    async def page(self, day: LessonDay, scope: Scope) -> GradebookPage:
        taught = await self.taught_lesson(day, scope)
        students = (await self._connection.execute(_students(day, scope))).all()
        found = await self._entries(day, [student_id for _, student_id, *_ in students])
        lines = tuple(
            GradebookRow(student_id, full_name, school_class or "", tuple(found.get(student_id, ())))
            for _, student_id, full_name, school_class in sorted(students, key=itemgetter(0, 1))
        )
        return GradebookPage(day, taught.group, taught.subject, await self._topic(day), lines)

    async def taught_lesson(self, day: LessonDay, scope: Scope) -> Taught:
        opened = (
            select(*row_columns(teaching_group, TeachingGroup), subject.c.name)
            .join(subject, subject.c.id == day.subject_id)
            .where(teaching_group.c.id == day.group_id, scope_teaches_subject(scope, subject.c.id, lesson_on=day.on))
        )
        row = (await self._connection.execute(opened)).first()
        if row is None:
            raise NotFoundError
        *group, name = row
        return Taught(TeachingGroup(*group), day.subject_id, name)

    async def _entries(self, day: LessonDay, student_ids: Collection[int]) -> dict[int, list[Entry]]:
        in_force = select_rows(entry, Entry).where(
            entry.c.student_id.in_(student_ids),
            entry.c.subject_id == day.subject_id,
            entry.c.on == day.on,
            entry.c.withdrawn_at.is_(None),
        )
        found: dict[int, list[Entry]] = {}
        for each in await fetch_rows(self._connection, Entry, in_force.order_by(entry.c.id)):
            found.setdefault(each.student_id, []).append(each)
        return found

    async def _topic(self, day: LessonDay) -> str | None:
        named = select(lesson.c.topic).where(lesson.c.topic.is_not(None), lesson.c.withdrawn_at.is_(None))
        held = named.where(_held(day)).order_by(lesson.c.id)
        return (await self._connection.scalars(held)).first()

    async def set_topic(self, day: LessonDay, topic: str | None) -> None:
        changed = await self._connection.execute(update(lesson).where(_held(day)).values(topic=topic))
        if changed.rowcount == 0:
            new = {"group_id": day.group_id, "subject_id": day.subject_id, "held_on": day.on, "topic": topic}
            await self._connection.execute(insert(lesson), new)

    async def add_entry(self, new: Entry) -> int:
        return await add_row(self._connection, entry, {name: getattr(new, name) for name in NEW_COLUMNS})

    async def entry(self, entry_id: int, scope: Scope) -> OpenedEntry:
        """Locked, so that nothing is published between reading and changing it."""
        locked = select_rows(entry, Entry).where(entry.c.id == entry_id).with_for_update()
        for found in await fetch_rows(self._connection, Entry, locked):
            row = (await self._connection.execute(_of_entry(found, scope))).first()
            if row is not None:
                group_id, name, student, school_class = row
                line = GradebookRow(found.student_id, student, school_class or "")
                lesson_day = LessonDay(group_id, found.subject_id, found.on)
                return OpenedEntry(found, lesson_day, name, line, tuple(await self._versions(entry_id)))
        raise NotFoundError

    async def _versions(self, entry_id: int) -> Sequence[EntryVersion]:
        made = select_rows(entry_version, EntryVersion).where(entry_version.c.entry_id == entry_id)
        return await fetch_rows(self._connection, EntryVersion, made.order_by(entry_version.c.version))

    async def due(self, *, now: datetime, limit: int) -> Sequence[tuple[Entry, str]]:
        waiting = (
            select(*row_columns(entry, Entry), subject.c.name)
            .join(subject, subject.c.id == entry.c.subject_id)
            .where(entry.c.awaiting, entry.c.publish_at <= now)
            .order_by(entry.c.publish_at, entry.c.id)
            .limit(limit)
            .with_for_update(of=entry)
        )
        return [(Entry(*fields), name) for *fields, name in await self._connection.execute(waiting)]

    async def publish(self, entry_ids: Collection[int]) -> None:
        published = update(entry).where(entry.c.id.in_(entry_ids)).values(awaiting=False, shown=None)
        await self._connection.execute(published)


def _students(day: LessonDay, scope: Scope) -> Select[Any]:
    """The students on the group's list on that day: key of the name, id, name, class."""
    return (
        select(person.c.name_key, enrolment.c.student_id, person.c.name, _class_of(enrolment.c.student_id, day.on))
        .join(person, person.c.id == enrolment.c.student_id)
        .where(
            enrolment.c.group_id == day.group_id, scope_on_class_list(scope, enrolment.c.student_id, lesson_on=day.on)
        )
        .distinct()
    )


def _class_of(student_id: ColumnElement[int], on: date) -> ColumnElement[Any]:
    """The name of the student's class on a date; NULL without one."""
    place, group = enrolment.alias("place"), teaching_group.alias("school_class")
    attended = (
        select(group.c.name)
        .join(place, place.c.group_id == group.c.id)
        .where(place.c.student_id == student_id, group.c.kind == GroupKind.CLASS)
        .where(scope_within_dates(on, place.c.starts_on, place.c.ends_on))
        .order_by(place.c.id.desc())
        .limit(1)
    )
    return attended.correlate_except(place, group).scalar_subquery()


def _of_entry(found: Entry, scope: Scope) -> Select[Any]:
    """Group, subject, student and class of an entry, if the scope teaches the subject to a group of the student."""
    return (
        select(teaching_group.c.id, subject.c.name, person.c.name, _class_of(enrolment.c.student_id, found.on))
        .select_from(enrolment)
        .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
        .join(person, person.c.id == enrolment.c.student_id)
        .join(subject, subject.c.id == found.subject_id)
        .where(enrolment.c.student_id == found.student_id)
        .where(scope_on_class_list(scope, enrolment.c.student_id, lesson_on=found.on))
        .where(scope_teaches_subject(scope, subject.c.id, lesson_on=found.on))
        .order_by(teaching_group.c.subject_id.is_(None), teaching_group.c.id)
        .limit(1)
    )


def _held(day: LessonDay) -> ColumnElement[bool]:
    return and_(lesson.c.group_id == day.group_id, lesson.c.subject_id == day.subject_id, lesson.c.held_on == day.on)


def _learns_subject(on: date) -> ColumnElement[bool]:
    """Whether a row of `teaching_group` learns a row of `subject`: by a lesson, timetable, role or mark."""
    held = exists().where(
        lesson.c.group_id == teaching_group.c.id, lesson.c.subject_id == subject.c.id, lesson.c.withdrawn_at.is_(None)
    )
    planned = exists().where(
        template_lesson.c.group_id == teaching_group.c.id,
        template_lesson.c.subject_id == subject.c.id,
        scope_within_dates(on, template_lesson.c.starts_on, template_lesson.c.ends_on),
    )
    has_teacher = exists().where(
        staff_role.c.group_id == teaching_group.c.id,
        staff_role.c.subject_id == subject.c.id,
        staff_role.c.role == Role.TEACHER,
        scope_role_in_force(on),
    )
    marked = exists().where(
        enrolment.c.group_id == teaching_group.c.id,
        entry.c.student_id == enrolment.c.student_id,
        entry.c.subject_id == subject.c.id,
    )
    return or_(
        teaching_group.c.subject_id == subject.c.id,
        held.correlate_except(lesson),
        planned.correlate_except(template_lesson),
        has_teacher.correlate_except(staff_role),
        marked.correlate_except(enrolment, entry),
    )
