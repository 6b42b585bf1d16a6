"""School years, periods, subjects, groups, enrolment; and the lessons and homework of an imported diary."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, insert, or_, select, update

from core.model.imports.history import DiaryStatement
from core.model.schoolwork.homework import Homework
from core.model.timetable import Lesson
from core.model.year import GroupKind, ReportingPeriod, Subject, TeachingGroup
from core.rules import year as school_years
from core.rules.access import Scope
from storage.access.scopes import scope_opens_group, scope_within_dates
from storage.database.repository import Repository
from storage.database.rows import add_missing_row, add_row, fetch_rows, select_rows
from storage.people import joining
from storage.schema.imports import diary_statement
from storage.schema.schoolwork import homework
from storage.schema.timetable import lesson
from storage.schema.year import enrolment, reporting_period, school_year, subject, teaching_group


class SqlYear(Repository):
    async def ensure_year(self, on: date) -> int:
        new = {"starts_on": school_years.first_day_of_year(on), "ends_on": school_years.last_day_of_year(on)}
        await add_missing_row(self._connection, school_year, new)
        same = select(school_year.c.id).where(school_year.c.starts_on == new["starts_on"])
        return int((await self._connection.scalars(same)).one())

    async def year(self, on: date) -> int | None:
        held = select(school_year.c.id).where(school_year.c.starts_on <= on, school_year.c.ends_on >= on)
        return (await self._connection.scalars(held)).first()

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
        grade_from, grade_to = grades or (None, None)
        of_whom = {"grade_from": grade_from, "grade_to": grade_to, "group_id": group_id, "subject_id": subject_id}
        key = {"year_id": year_id, "name": name} | of_whom
        same = and_(*(reporting_period.c[column].is_not_distinct_from(value) for column, value in key.items()))
        moved = or_(reporting_period.c.starts_on != starts_on, reporting_period.c.ends_on != ends_on)
        dates = {"starts_on": starts_on, "ends_on": ends_on}
        if (await self._connection.execute(update(reporting_period).where(same, moved).values(**dates))).rowcount:
            return True
        return await add_missing_row(self._connection, reporting_period, key | dates)

    async def subject_ids(self) -> dict[str, int]:
        every = await fetch_rows(self._connection, Subject, select_rows(subject, Subject))
        return {each.name_key: each.joined_to or each.id for each in every}

    async def ensure_subjects(self, names: Mapping[str, str]) -> Mapping[str, int]:
        known = await self.subject_ids()
        for key in [key for key in names if key not in known]:
            known[key] = await add_row(self._connection, subject, {"name": names[key], "name_key": key})
        return {key: known[key] for key in names}

    async def ensure_group(
        self,
        kind: GroupKind,
        name: str,
        name_key: str,
        *,
        grade_level: int | None = None,
        subject_id: int | None = None,
        teacher_id: int | None = None,
    ) -> int:
        same = select(teaching_group.c.id).where(
            teaching_group.c.kind == kind,
            teaching_group.c.name_key == name_key,
            teaching_group.c.subject_id.is_not_distinct_from(subject_id),
        )
        found = (await self._connection.scalars(same)).first()
        if found is not None:
            return found
        new = {"kind": kind, "name": name, "name_key": name_key, "subject_id": subject_id}
        taught = {"grade_level": grade_level, "teacher_id": teacher_id}
        return await add_row(self._connection, teaching_group, new | taught)

    async def enrol(self, student_id: int, group_id: int, *, starts_on: date | None = None) -> bool:
        place = and_(enrolment.c.student_id == student_id, enrolment.c.ends_on.is_(None))
        here = select(enrolment.c.id).where(place, enrolment.c.group_id == group_id)
        if (await self._connection.execute(here)).first():
            return False
        if starts_on is not None:
            await self._leave_class(student_id, group_id, starts_on - timedelta(days=1))
        new = {"student_id": student_id, "group_id": group_id, "starts_on": starts_on, "ends_on": None}
        await self._connection.execute(insert(enrolment), new)
        return True

    async def _leave_class(self, student_id: int, new_group_id: int, last_day: date) -> None:
        """Ends the place in the earlier class when a student comes into a new one; study groups stay."""
        classes = select(teaching_group.c.id).where(teaching_group.c.kind == GroupKind.CLASS)
        into_class = select(teaching_group.c.id).where(
            teaching_group.c.id == new_group_id, teaching_group.c.kind == GroupKind.CLASS
        )
        left = (
            update(enrolment)
            .where(enrolment.c.student_id == student_id, enrolment.c.ends_on.is_(None))
            .where(enrolment.c.group_id.in_(classes), into_class.exists())
            .values(ends_on=last_day)
        )
        await self._connection.execute(left)

    async def end_places(self, student_id: int, *, ends_on: date) -> Sequence[int]:
        is_open = (enrolment.c.student_id == student_id) & enrolment.c.ends_on.is_(None)
        others = (
            select(enrolment.c.group_id)
            .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
            .where(is_open, teaching_group.c.kind != GroupKind.CLASS)
        )
        groups = list(await self._connection.scalars(others))
        await self._connection.execute(update(enrolment).where(is_open).values(ends_on=ends_on))
        return groups

    async def groups(self, scope: Scope) -> Sequence[TeachingGroup]:
        opened = select_rows(teaching_group, TeachingGroup).where(scope_opens_group(scope))
        return await fetch_rows(
            self._connection, TeachingGroup, opened.order_by(teaching_group.c.name, teaching_group.c.id)
        )

    async def lessons(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Lesson]:
        held = lesson.c.group_id.in_(group_ids) & lesson.c.held_on.between(since, until)
        return await fetch_rows(self._connection, Lesson, select_rows(lesson, Lesson).where(held).order_by(lesson.c.id))

    async def homework(self, group_ids: Collection[int], *, since: date, until: date) -> Sequence[Homework]:
        due = homework.c.group_id.in_(group_ids) & homework.c.due_on.between(since, until)
        return await fetch_rows(
            self._connection, Homework, select_rows(homework, Homework).where(due).order_by(homework.c.id)
        )

    async def diary_statements(
        self, group_ids: Collection[int], *, since: date, until: date
    ) -> Sequence[DiaryStatement]:
        lessons = select(lesson.c.id).where(lesson.c.group_id.in_(group_ids), lesson.c.held_on.between(since, until))
        tasks = select(homework.c.id).where(homework.c.group_id.in_(group_ids), homework.c.due_on.between(since, until))
        named = or_(diary_statement.c.lesson_id.in_(lessons), diary_statement.c.homework_id.in_(tasks))
        statements = select_rows(diary_statement, DiaryStatement).where(named).order_by(diary_statement.c.id)
        return await fetch_rows(self._connection, DiaryStatement, statements)

    async def periods(self, on: date) -> Sequence[ReportingPeriod]:
        of_year = (
            select_rows(reporting_period, ReportingPeriod)
            .join(school_year, school_year.c.id == reporting_period.c.year_id)
            .where(school_year.c.starts_on <= on, school_year.c.ends_on >= on)
            .order_by(reporting_period.c.starts_on, reporting_period.c.ends_on)
        )
        return await fetch_rows(self._connection, ReportingPeriod, of_year)

    async def sharing(self, group_ids: Collection[int], *, on: date) -> Sequence[TeachingGroup]:
        here = scope_within_dates(on, enrolment.c.starts_on, enrolment.c.ends_on)
        students = select(enrolment.c.student_id).where(enrolment.c.group_id.in_(group_ids), here)
        shared = select(enrolment.c.group_id).where(enrolment.c.student_id.in_(students), here)
        found = select_rows(teaching_group, TeachingGroup).where(
            or_(teaching_group.c.id.in_(group_ids), teaching_group.c.id.in_(shared))
        )
        return await fetch_rows(
            self._connection, TeachingGroup, found.order_by(teaching_group.c.name, teaching_group.c.id)
        )

    async def subjects(self) -> Sequence[Subject]:
        taught = select_rows(subject, Subject).where(subject.c.joined_to.is_(None))
        return await fetch_rows(self._connection, Subject, taught.order_by(subject.c.name, subject.c.id))

    async def join_subjects(self, keep_id: int, gone_id: int, *, at: datetime) -> None:
        await joining.join_subject_rows(self._connection, keep_id, gone_id, at=at)
