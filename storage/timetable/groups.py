"""The groups whose lessons make a timetable: of a student, a group or a teacher, between two dates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.timetable import Place
from core.model.year import GroupKind, TeachingGroup
from core.rules.access import Scope
from storage.access.cached_statements import cached_access_statement
from storage.access.scopes import scope_opens_group, scope_opens_student
from storage.database.rows import fetch_rows, row_columns, select_rows
from storage.database.types import DayType
from storage.schema.people import student
from storage.schema.timetable import lesson_change, template_lesson
from storage.schema.year import enrolment, teaching_group

OURS, THEIRS = enrolment.alias("ours"), enrolment.alias("theirs")


async def timetable_groups_of_student(
    connection: AsyncConnection, student_id: int, scope: Scope, *, since: date, until: date
) -> list[Place]:
    """The places of a student. The last day at the school ends each of them, whatever the group's list still says."""
    opened, asked = cached_access_statement(_of_student, scope)
    rows = await connection.execute(opened, {"student_id": student_id, "since": since, "until": until, **asked})
    return [
        Place(TeachingGroup(*group), starts_on, min(filter(None, (ends_on, leaves_on)), default=None))
        for *group, starts_on, ends_on, leaves_on in rows
    ]


def _of_student(scope: Scope) -> Select[Any]:
    since, until = bindparam("since", type_=DayType), bindparam("until", type_=DayType)
    still_here = or_(student.c.leaves_on.is_(None), student.c.leaves_on >= since)
    return (
        select(*row_columns(teaching_group, TeachingGroup), OURS.c.starts_on, OURS.c.ends_on, student.c.leaves_on)
        .join(OURS, OURS.c.group_id == teaching_group.c.id)
        .join(student, student.c.id == OURS.c.student_id)
        .where(OURS.c.student_id == bindparam("student_id"), scope_opens_student(scope, OURS.c.student_id))
        .where(still_here, timetable_group_overlaps_dates(OURS, since, until))
        .order_by(teaching_group.c.id, OURS.c.id)
    )


async def timetable_groups_of_group(
    connection: AsyncConnection, group_id: int, scope: Scope, *, since: date, until: date
) -> list[Place]:
    """The group; for a class also the other groups of its students."""
    opened = select(teaching_group.c.id).where(teaching_group.c.id == group_id, scope_opens_group(scope))
    besides = (
        select(THEIRS.c.group_id)
        .join(OURS, OURS.c.student_id == THEIRS.c.student_id)
        .where(OURS.c.group_id.in_(opened.where(teaching_group.c.kind == GroupKind.CLASS)))
        .where(timetable_group_overlaps_dates(OURS, since, until), timetable_group_overlaps_dates(THEIRS, since, until))
    )
    besides_class = and_(teaching_group.c.kind != GroupKind.CLASS, teaching_group.c.id.in_(besides))
    places = await _places(connection, or_(teaching_group.c.id.in_(opened), besides_class))
    if any(place.group.kind is GroupKind.CLASS for place in places):
        return places
    return await _with_classes(connection, places, since=since, until=until)


async def timetable_groups_of_classes(
    connection: AsyncConnection, scope: Scope, *, since: date, until: date
) -> dict[TeachingGroup, list[Place]]:
    """Each class that the scope opens with all groups of its students, as `timetable_groups_of_group` has them."""
    opened = select_rows(teaching_group, TeachingGroup).where(
        teaching_group.c.kind == GroupKind.CLASS, scope_opens_group(scope)
    )
    classes = await fetch_rows(
        connection, TeachingGroup, opened.order_by(teaching_group.c.grade_level, teaching_group.c.name)
    )
    found = {each: [Place(each)] for each in classes}
    by_id = {each.id: each for each in classes}
    besides = (
        select(OURS.c.group_id, *row_columns(teaching_group, TeachingGroup))
        .distinct()
        .join(THEIRS, OURS.c.student_id == THEIRS.c.student_id)
        .join(teaching_group, teaching_group.c.id == THEIRS.c.group_id)
        .where(OURS.c.group_id.in_(by_id), teaching_group.c.kind != GroupKind.CLASS)
        .where(timetable_group_overlaps_dates(OURS, since, until), timetable_group_overlaps_dates(THEIRS, since, until))
        .order_by(OURS.c.group_id, teaching_group.c.id)
    )
    for class_id, *group in await connection.execute(besides):
        found[by_id[class_id]].append(Place(TeachingGroup(*group)))
    return found


async def timetable_groups_of_teacher(
    connection: AsyncConnection, person_id: int, *, since: date, until: date
) -> list[Place]:
    by_template = select(template_lesson.c.group_id).where(
        template_lesson.c.teacher_id == person_id, timetable_group_overlaps_dates(template_lesson, since, until)
    )
    by_change = select(lesson_change.c.group_id).where(
        lesson_change.c.new_teacher_id == person_id,
        lesson_change.c.withdrawn_at.is_(None),
        timetable_group_change_touches(since, until),
    )
    own = teaching_group.c.teacher_id == person_id
    taught = or_(own, teaching_group.c.id.in_(by_template), teaching_group.c.id.in_(by_change))
    return await _with_classes(connection, await _places(connection, taught), since=since, until=until)


async def _places(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Place]:
    groups = select_rows(teaching_group, TeachingGroup).where(condition).order_by(teaching_group.c.id)
    return [Place(group) for group in await fetch_rows(connection, TeachingGroup, groups)]


async def _with_classes(
    connection: AsyncConnection, places: Sequence[Place], *, since: date, until: date
) -> list[Place]:
    """Adds the classes of their students to study groups, streams and individual plans."""
    divided = [place.group.id for place in places if place.group.kind is not GroupKind.CLASS]
    if not divided:
        return list(places)
    pairs = (
        select(THEIRS.c.group_id, *row_columns(teaching_group, TeachingGroup))
        .distinct()
        .join(OURS, OURS.c.student_id == THEIRS.c.student_id)
        .join(teaching_group, teaching_group.c.id == OURS.c.group_id)
        .where(THEIRS.c.group_id.in_(divided), teaching_group.c.kind == GroupKind.CLASS)
        .where(timetable_group_overlaps_dates(OURS, since, until), timetable_group_overlaps_dates(THEIRS, since, until))
    )
    classes: dict[int, list[TeachingGroup]] = defaultdict(list)
    for group_id, *school_class in await connection.execute(pairs):
        classes[group_id].append(TeachingGroup(*school_class))
    return [replace(place, classes=tuple(classes[place.group.id])) for place in places]


def timetable_group_overlaps_dates(dated: Any, since: Any, until: Any) -> ColumnElement[bool]:
    """Whether a row with `starts_on` and `ends_on` shares a day with the dates, which may be parameters."""
    return and_(
        or_(dated.c.starts_on.is_(None), dated.c.starts_on <= until),
        or_(dated.c.ends_on.is_(None), dated.c.ends_on >= since),
    )


def timetable_group_change_touches(since: Any, until: Any) -> ColumnElement[bool]:
    """Whether a change moves a lesson away from these dates or to them."""
    return or_(lesson_change.c.on.between(since, until), lesson_change.c.new_on.between(since, until))
