"""The summary sheets of classes in SQL: a scope opens a class with all who were in it, also those who have left."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, false, insert, or_, select

from core.model.people import Role
from core.model.results.closings import CouncilDecision
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.results.summary_sheet import MarkHistory, SheetMember
from core.model.year import GroupKind
from core.rules.access import Everything, OwnClasses, Scope
from storage.access.scopes import scope_opens_group, scope_role_in_force
from storage.database.repository import Repository
from storage.database.rows import fetch_rows, row_columns, select_rows
from storage.schema.people import person, staff_role, student
from storage.schema.results import council_decision, deferral, period_mark, period_mark_version
from storage.schema.year import enrolment, teaching_group
from storage.timetable.groups import timetable_group_overlaps_dates

BESIDE = enrolment.alias("beside")
"""The other places of the students of a class."""


class SqlSummarySheets(Repository):
    async def members(self, class_id: int, scope: Scope, *, since: date, until: date) -> Sequence[SheetMember]:
        """Of two places in one class, as after a return, the later one counts."""
        opened = (
            _in_class(class_id, scope) & timetable_group_overlaps_dates(enrolment, since, until) & _has_days(enrolment)
        )
        places = (
            select(person.c.id, person.c.name, enrolment.c.starts_on, enrolment.c.ends_on, student.c.leaves_on)
            .join(enrolment, enrolment.c.student_id == person.c.id)
            .join(student, student.c.id == person.c.id)
            .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
            .where(opened)
            .order_by(person.c.name, person.c.id, enrolment.c.id)
        )
        beside = (
            select(BESIDE.c.student_id, teaching_group.c.kind, teaching_group.c.name, BESIDE.c.starts_on)
            .join(teaching_group, teaching_group.c.id == BESIDE.c.group_id)
            .where(
                BESIDE.c.student_id.in_(_students_of(opened)),
                timetable_group_overlaps_dates(BESIDE, since, until),
                _has_days(BESIDE),
            )
            .order_by(BESIDE.c.id)
        )
        own_plans: set[int] = set()
        later: dict[int, list[tuple[date, str]]] = {}
        for student_id, kind, name, starts_on in await self._connection.execute(beside):
            if kind is GroupKind.INDIVIDUAL:
                own_plans.add(student_id)
            elif kind is GroupKind.CLASS and starts_on is not None:
                later.setdefault(student_id, []).append((starts_on, name))
        found: dict[int, SheetMember] = {}
        for student_id, name, _, ends_on, leaves_on in await self._connection.execute(places):
            after = (group for on, group in later.get(student_id, ()) if ends_on is not None and on > ends_on)
            found[student_id] = SheetMember(
                student_id, name, ends_on, leaves_on, next(after, None), has_own_plan=student_id in own_plans
            )
        return list(found.values())

    async def histories(self, class_id: int, scope: Scope, *, year_id: int) -> Sequence[MarkHistory]:
        width = len(row_columns(period_mark, PeriodMark))
        of_class = (
            select(*row_columns(period_mark, PeriodMark), *row_columns(period_mark_version, PeriodMarkVersion))
            .outerjoin(period_mark_version, period_mark_version.c.period_mark_id == period_mark.c.id)
            .where(period_mark.c.year_id == year_id, _of_class(period_mark.c.student_id, class_id, scope))
            .order_by(period_mark.c.id, period_mark_version.c.version)
        )
        rows = await self._connection.execute(of_class)
        return [
            MarkHistory(PeriodMark(*mark), tuple(PeriodMarkVersion(*row[width:]) for row in some if row[width]))
            for mark, some in groupby(rows, key=lambda row: tuple(row[:width]))
        ]

    async def class_deferrals(self, class_id: int, scope: Scope, *, year_id: int) -> Sequence[Deferral]:
        is_open = (deferral.c.year_id == year_id) & deferral.c.ended_at.is_(None)
        of_class = select_rows(deferral, Deferral).where(is_open, _of_class(deferral.c.student_id, class_id, scope))
        return await fetch_rows(self._connection, Deferral, of_class.order_by(deferral.c.id))

    async def decisions(self, class_id: int, scope: Scope, *, year_id: int) -> Sequence[CouncilDecision]:
        of_class = select_rows(council_decision, CouncilDecision).where(
            council_decision.c.year_id == year_id, _of_class(council_decision.c.student_id, class_id, scope)
        )
        return await fetch_rows(self._connection, CouncilDecision, of_class.order_by(council_decision.c.id))

    async def add_decisions(self, new: Sequence[CouncilDecision]) -> None:
        rows = [{name: value for name, value in asdict(each).items() if name != "id"} for each in new]
        if rows:
            await self._connection.execute(insert(council_decision), rows)

    async def class_teachers(self, class_id: int, *, on: date) -> Sequence[str]:
        leading = (staff_role.c.group_id == class_id) & (staff_role.c.role == Role.CLASS_TEACHER)
        named = select(person.c.name).join(staff_role, staff_role.c.person_id == person.c.id)
        return list(
            await self._connection.scalars(named.where(leading, scope_role_in_force(on)).order_by(staff_role.c.id))
        )


def _has_days(places: Any) -> ColumnElement[bool]:
    """False for a place that ended before it began: the student was moved on the same day."""
    return or_(places.c.starts_on.is_(None), places.c.ends_on.is_(None), places.c.starts_on <= places.c.ends_on)


def _in_class(class_id: int, scope: Scope) -> ColumnElement[bool]:
    """Whether a row of `enrolment` with its `teaching_group` is a place in a class that the scope opens.

    Teaching in a class, or having a child there, opens no sheet.
    """
    if not isinstance(scope, Everything | OwnClasses):
        return false()
    is_class = (teaching_group.c.id == class_id) & (teaching_group.c.kind == GroupKind.CLASS)
    return is_class & scope_opens_group(scope)


def _students_of(opened: ColumnElement[bool]) -> Any:
    places = enrolment.join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
    return select(enrolment.c.student_id).select_from(places).where(opened)


def _of_class(student_id: ColumnElement[int], class_id: int, scope: Scope) -> ColumnElement[bool]:
    """Whether the student with this id has ever been in a class that the scope opens."""
    return student_id.in_(_students_of(_in_class(class_id, scope)))
