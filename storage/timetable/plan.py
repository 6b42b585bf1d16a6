"""Reads the plan of some groups: template, changes, holidays, bells. The statements are built once, for speed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model.results.statistics import ClassPlan
from core.model.timetable import (
    Bell,
    BellChoice,
    Holiday,
    Lesson,
    LessonChange,
    NamedLesson,
    NamedLessonChange,
    NamedTemplateLesson,
    Place,
    Plan,
    TemplateLesson,
)
from core.model.year import GroupKind, TeachingGroup
from core.rules.timetable import days
from core.rules.year import days_between
from storage.database.rows import fetch_rows, row_columns, select_rows
from storage.database.types import DayType
from storage.imports import diaries
from storage.schema.people import person
from storage.schema.timetable import bell, bell_choice, holiday, lesson, lesson_change, template_lesson
from storage.schema.year import subject, teaching_group
from storage.timetable.groups import timetable_group_change_touches, timetable_group_overlaps_dates

_RowsByGroup = tuple[
    Mapping[int, Sequence[NamedTemplateLesson]],
    Mapping[int, Sequence[NamedLessonChange]],
    Mapping[int, Sequence[NamedLesson]],
]

EMPTY_PLAN = Plan((), (), (), (), (), (), ())

TEACHER_ID = func.coalesce(template_lesson.c.teacher_id, teaching_group.c.teacher_id)
"""Who gives a lesson of the template: the row's own teacher, else the group's."""

SINCE, UNTIL = bindparam("since", type_=DayType()), bindparam("until", type_=DayType())
GROUPS: Any = bindparam("groups", expanding=True)

_TEMPLATE_FIELDS = [
    each if each.name != "teacher_id" else TEACHER_ID for each in row_columns(template_lesson, TemplateLesson)
]
TEMPLATE = (
    select(*_TEMPLATE_FIELDS, subject.c.name, person.c.name)
    .join(subject, subject.c.id == template_lesson.c.subject_id)
    .join(teaching_group, teaching_group.c.id == template_lesson.c.group_id)
    .outerjoin(person, person.c.id == TEACHER_ID)
    .where(template_lesson.c.group_id.in_(GROUPS), timetable_group_overlaps_dates(template_lesson, SINCE, UNTIL))
    .order_by(template_lesson.c.id)
)

IN_FORCE = and_(lesson_change.c.group_id.in_(GROUPS), lesson_change.c.withdrawn_at.is_(None))
_ARRIVED = select(lesson_change.c.on).where(IN_FORCE, lesson_change.c.new_on.between(SINCE, UNTIL)).cte(recursive=True)
ORIGINS = _ARRIVED.union(select(lesson_change.c.on).where(IN_FORCE, lesson_change.c.new_on == _ARRIVED.c.on))
"""The original dates of lessons that were moved to these dates, in one step or in several."""

NEW_SUBJECT = subject.alias()
CHANGES = (
    select(*row_columns(lesson_change, LessonChange), subject.c.name, NEW_SUBJECT.c.name, person.c.name)
    .join(subject, subject.c.id == lesson_change.c.subject_id)
    .outerjoin(NEW_SUBJECT, NEW_SUBJECT.c.id == lesson_change.c.new_subject_id)
    .outerjoin(person, person.c.id == lesson_change.c.new_teacher_id)
    .where(IN_FORCE, or_(timetable_group_change_touches(SINCE, UNTIL), lesson_change.c.on.in_(select(ORIGINS.c.on))))
    .order_by(lesson_change.c.made_at, lesson_change.c.id)
)

DIARY = (
    select(*row_columns(lesson, Lesson), subject.c.name)
    .join(subject, subject.c.id == lesson.c.subject_id)
    .where(lesson.c.group_id.in_(GROUPS), lesson.c.held_on.between(SINCE, UNTIL))
    .order_by(lesson.c.id)
)

STUDENT: Any = bindparam("student_id")
_FIELDS = [
    each if each.name != "withdrawn_at" else diaries.withdrawn_from_diary_sql(lesson)
    for each in row_columns(lesson, Lesson)
]
DIARY_OF_STUDENT = (
    select(*_FIELDS, subject.c.name)
    .join(subject, subject.c.id == lesson.c.subject_id)
    .outerjoin(diaries.own, diaries.is_own_diary_sql(lesson, STUDENT))
    .where(lesson.c.group_id.in_(GROUPS), lesson.c.held_on.between(SINCE, UNTIL))
    .where(diaries.is_in_student_diary_sql(lesson, STUDENT))
    .order_by(lesson.c.id)
)
"""A student's lessons of the diary; another diary of the class may name another half's."""

HOLIDAYS = (
    select_rows(holiday, Holiday)
    .where(holiday.c.starts_on <= UNTIL, holiday.c.ends_on >= SINCE)
    .order_by(holiday.c.starts_on, holiday.c.id)
)

BELLS = select_rows(bell, Bell).order_by(bell.c.variant, bell.c.number)

BELL_CHOICES = select_rows(bell_choice, BellChoice).where(
    or_(bell_choice.c.group_id.is_(None), bell_choice.c.group_id.in_(GROUPS)),
    or_(bell_choice.c.on.is_(None), bell_choice.c.on.between(SINCE, UNTIL)),
)


async def fetch_timetable_plan(
    connection: AsyncConnection, places: Sequence[Place], *, since: date, until: date, student_id: int | None = None
) -> Plan:
    """The plan of these groups, for one student or all. No scope is checked here: the places were read through one."""
    if not places:
        return EMPTY_PLAN
    groups = sorted({group.id for place in places for group in (place.group, *place.classes)})
    values = {"groups": groups, "since": since, "until": until}
    changes = await _changes(connection, values)
    ends = [since, until, *(named.change.on for named in changes)]
    first, last = min(ends), max(ends)
    wide = {"groups": groups, "since": first, "until": last}
    template = await _template(connection, wide)
    return Plan(
        places=places,
        template=template,
        changes=changes,
        diary=await _diary(connection, _without_template(places, template, first, last), wide, student_id),
        holidays=await fetch_rows(connection, Holiday, HOLIDAYS, values),
        bells=await fetch_rows(connection, Bell, BELLS),
        bell_choices=await fetch_rows(connection, BellChoice, BELL_CHOICES, values),
    )


async def fetch_timetable_class_plans(
    connection: AsyncConnection, places: Mapping[TeachingGroup, Sequence[Place]], *, since: date, until: date
) -> list[ClassPlan]:
    """The plans of many classes, read at once; each class comes with the places of its groups."""
    every = {place.group.id: place for of_class in places.values() for place in of_class}
    whole = await fetch_timetable_plan(connection, list(every.values()), since=since, until=until)
    rows = _by_group(whole)
    return [ClassPlan(school_class, _plan_of(whole, rows, of_class)) for school_class, of_class in places.items()]


def _by_group(whole: Plan) -> _RowsByGroup:
    template: dict[int, list[NamedTemplateLesson]] = defaultdict(list)
    changes: dict[int, list[NamedLessonChange]] = defaultdict(list)
    diary: dict[int, list[NamedLesson]] = defaultdict(list)
    for row in whole.template:
        template[row.lesson.group_id].append(row)
    for change in whole.changes:
        changes[change.change.group_id].append(change)
    for lesson_row in whole.diary:
        diary[lesson_row.lesson.group_id].append(lesson_row)
    return template, changes, diary


def _plan_of(whole: Plan, rows: _RowsByGroup, places: Sequence[Place]) -> Plan:
    """The part of a plan that some groups have; rules put changes in their order."""
    template, changes, diary = rows
    groups = [place.group.id for place in places]
    return replace(
        whole,
        places=places,
        template=[row for group_id in groups for row in template.get(group_id, ())],
        changes=[row for group_id in groups for row in changes.get(group_id, ())],
        diary=[row for group_id in groups for row in diary.get(group_id, ())],
    )


def _without_template(
    places: Sequence[Place], template: Sequence[NamedTemplateLesson], since: date, until: date
) -> list[int]:
    """Classes with a day that no template covers: the diary's lessons stand in for it."""
    classes = {place.group.id for place in places if place.group.kind is GroupKind.CLASS}
    return sorted(
        {each for on in days_between(since, until) for each in days.groups_without_day_template(template, classes, on)}
    )


async def _changes(connection: AsyncConnection, values: Mapping[str, Any]) -> list[NamedLessonChange]:
    rows = await connection.execute(CHANGES, values)
    return [
        NamedLessonChange(LessonChange(*change), subject_name, new_subject, new_teacher)
        for *change, subject_name, new_subject, new_teacher in rows
    ]


async def _template(connection: AsyncConnection, values: Mapping[str, Any]) -> list[NamedTemplateLesson]:
    rows = await connection.execute(TEMPLATE, values)
    return [
        NamedTemplateLesson(TemplateLesson(*fields), subject_name, teacher) for *fields, subject_name, teacher in rows
    ]


async def _diary(
    connection: AsyncConnection, groups: Sequence[int], values: Mapping[str, Any], student_id: int | None
) -> list[NamedLesson]:
    asked = {**values, "groups": groups} | ({} if student_id is None else {"student_id": student_id})
    rows = await connection.execute(DIARY if student_id is None else DIARY_OF_STUDENT, asked) if groups else ()
    return [NamedLesson(Lesson(*fields), subject_name) for *fields, subject_name in rows]
