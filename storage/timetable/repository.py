"""The timetable: reads plans, and writes templates, changes, bells and holidays."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.results.statistics import ClassPlan
from core.model.timetable import (
    Bell,
    BellChoice,
    Holiday,
    NewLessonChange,
    NewTemplateLesson,
    Place,
    Plan,
    Teaching,
    Week,
)
from core.rules.access import Scope
from storage.database.rows import fetch_rows, select_rows
from storage.schema.timetable import bell, bell_choice, holiday, lesson_change, template_lesson
from storage.timetable import plan, teachers
from storage.timetable.groups import (
    timetable_groups_of_classes,
    timetable_groups_of_group,
    timetable_groups_of_student,
    timetable_groups_of_teacher,
)
from storage.timetable.planned_hours import SqlPlannedHours

Row = tuple[Any, ...]
LESSON = ("subject_id", "weekday", "number", "room", "teacher_id", "week")


class SqlTimetable(SqlPlannedHours):
    def __init__(self, connection: AsyncConnection, odd_week: date | None = None) -> None:
        super().__init__(connection)
        self.odd_week = odd_week

    async def of_student(self, student_id: int, scope: Scope, *, since: date, until: date) -> Plan:
        groups = await self.places(student_id, scope, since=since, until=until)
        return await self._plan(groups, since, until, student_id=student_id)

    async def of_group(self, group_id: int, scope: Scope, *, since: date, until: date) -> Plan:
        groups = await timetable_groups_of_group(self._connection, group_id, scope, since=since, until=until)
        return await self._plan(groups, since, until)

    async def of_teacher(self, person_id: int, *, since: date, until: date) -> Plan:
        groups = await timetable_groups_of_teacher(self._connection, person_id, since=since, until=until)
        return await self._plan(groups, since, until)

    async def of_classes(self, scope: Scope, *, since: date, until: date) -> Sequence[ClassPlan]:
        groups = await timetable_groups_of_classes(self._connection, scope, since=since, until=until)
        read = await plan.fetch_timetable_class_plans(self._connection, groups, since=since, until=until)
        return [replace(each, plan=replace(each.plan, odd_week=self.odd_week)) for each in read]

    async def _plan(self, groups: Sequence[Place], since: date, until: date, *, student_id: int | None = None) -> Plan:
        read = await plan.fetch_timetable_plan(
            self._connection, groups, since=since, until=until, student_id=student_id
        )
        return replace(read, odd_week=self.odd_week)

    async def places(self, student_id: int, scope: Scope, *, since: date, until: date) -> Sequence[Place]:
        return await timetable_groups_of_student(self._connection, student_id, scope, since=since, until=until)

    async def teachings(self, student_id: int, scope: Scope, *, on: date) -> Sequence[Teaching]:
        return await teachers.fetch_teachers_of_student(self._connection, student_id, scope, on=on)

    async def holidays(self, *, since: date, until: date) -> Sequence[Holiday]:
        return await fetch_rows(self._connection, Holiday, plan.HOLIDAYS, {"since": since, "until": until})

    async def bells(self) -> Sequence[Bell]:
        return await fetch_rows(self._connection, Bell, plan.BELLS)

    async def bell_choices(self) -> Sequence[BellChoice]:
        return await fetch_rows(
            self._connection, BellChoice, select_rows(bell_choice, BellChoice).order_by(bell_choice.c.id)
        )

    async def put_template(
        self, group_id: int, lessons: Sequence[NewTemplateLesson], *, starts_on: date, week: Week | None = None
    ) -> int:
        due = [_fields(each, LESSON) for each in lessons]
        after = or_(template_lesson.c.ends_on.is_(None), template_lesson.c.ends_on >= starts_on)
        of_group = select(template_lesson).where(template_lesson.c.group_id == group_id, after)
        if week is not None:
            of_group = of_group.where(or_(template_lesson.c.week.is_(None), template_lesson.c.week == week))
        held = of_group.order_by(template_lesson.c.id)
        gone = []
        for row in await self._connection.execute(held):
            stays = row.ends_on is None and (row.starts_on is None or row.starts_on <= starts_on)
            if stays and _fields(row, LESSON) in due:
                due.remove(_fields(row, LESSON))
            else:
                gone.append(row.id)
        await self._end(gone, starts_on)
        new = {"group_id": group_id, "starts_on": starts_on, "ends_on": None}
        await self._insert(template_lesson, [dict(zip(LESSON, each, strict=True)) | new for each in due])
        return len(gone) + len(due)

    async def _end(self, lesson_ids: Collection[int], starts_on: date) -> None:
        """Ends rows of the template before a date; rows that begin later were never in force and are deleted."""
        listed = template_lesson.c.id.in_(lesson_ids)
        never = delete(template_lesson).where(listed, template_lesson.c.starts_on >= starts_on)
        last_day = starts_on - timedelta(days=1)
        await self._connection.execute(never)
        await self._connection.execute(update(template_lesson).where(listed).values(ends_on=last_day))

    async def put_bells(self, variant: str, bells: Sequence[Bell]) -> int:
        rows = [{"variant": variant, "number": b.number, "starts_at": b.starts_at, "ends_at": b.ends_at} for b in bells]
        return await self._replace(bell, select(bell).where(bell.c.variant == variant), rows)

    async def put_holidays(self, year_id: int, holidays: Sequence[Holiday]) -> int:
        names = ("name", "starts_on", "ends_on", "grade_from", "grade_to")
        rows = [{"year_id": year_id} | dict(zip(names, _fields(each, names), strict=True)) for each in holidays]
        return await self._replace(holiday, select(holiday).where(holiday.c.year_id == year_id), rows)

    async def choose_bells(self, variant: str, *, group_id: int | None = None, on: date | None = None) -> bool:
        same = and_(bell_choice.c.group_id.is_not_distinct_from(group_id), bell_choice.c.on.is_not_distinct_from(on))
        row = {"group_id": group_id, "on": on, "variant": variant}
        return await self._replace(bell_choice, select(bell_choice).where(same), [row]) > 0

    async def add_changes(
        self, changes: Sequence[NewLessonChange], *, by: int | None, at: datetime, broadcast_id: int | None
    ) -> Sequence[int]:
        if not changes:
            return []
        made = {"broadcast_id": broadcast_id, "made_by": by, "made_at": at, "withdrawn_at": None}
        names = [column.name for column in lesson_change.c if column.name not in {"id", *made}]
        rows = [dict(zip(names, _fields(each, names), strict=True)) | made for each in changes]
        new = insert(lesson_change).returning(lesson_change.c.id, sort_by_parameter_order=True)
        return list(await self._connection.scalars(new, rows))

    async def withdraw_changes(
        self, *, at: datetime, ids: Collection[int] = (), broadcast_id: int | None = None
    ) -> int:
        meant: ColumnElement[bool] = lesson_change.c.id.in_(ids)
        if broadcast_id is not None:
            meant = or_(meant, lesson_change.c.broadcast_id == broadcast_id)
        withdrawn = update(lesson_change).where(meant, lesson_change.c.withdrawn_at.is_(None)).values(withdrawn_at=at)
        return (await self._connection.execute(withdrawn)).rowcount


def _fields(source: object, names: Sequence[str]) -> Row:
    return tuple(getattr(source, name) for name in names)
