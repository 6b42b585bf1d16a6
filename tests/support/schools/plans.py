"""Small timetables, made of a few numbers, for what counts lessons."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from core.model.results.statistics import ClassPlan, LessonRecords
from core.model.timetable import (
    ChangeKind,
    Holiday,
    LessonChange,
    NamedLessonChange,
    NamedTemplateLesson,
    Place,
    Plan,
    TemplateLesson,
    Week,
)
from core.model.year import GroupKind, ReportingPeriod, TeachingGroup

FIRST = date(2026, 9, 1)
"""A Tuesday."""

SUBJECTS = {1: "Алгебра", 2: "Физика", 3: "Химия"}
CLASS = TeachingGroup(1, GroupKind.CLASS, "8Б", "8б", 8, None, None)
HALF = TeachingGroup(2, GroupKind.STUDY_GROUP, "Физ 1", "физ 1", None, 2, None)
AT = datetime(2026, 9, 1, tzinfo=UTC)


def template_lesson(
    number: int, weekday: int, subject_id: int, *, group: TeachingGroup = CLASS, teacher_id: int | None = None,
    dates: tuple[date | None, date | None] = (None, None), week: Week | None = None, id_: int = 0,
) -> NamedTemplateLesson:  # fmt: skip
    """A lesson of every week, or of one of two."""
    lesson = TemplateLesson(id_, group.id, subject_id, teacher_id, weekday, number, None, *dates, week)
    return NamedTemplateLesson(lesson, SUBJECTS[subject_id], None)


def lesson_change(
    on: date, number: int, subject_id: int, kind: ChangeKind, *, new_subject_id: int | None = None,
    new_teacher_id: int | None = None, to: tuple[date, int] | None = None, id_: int = 1,
) -> NamedLessonChange:  # fmt: skip
    """A change of the lesson of a subject on a date at a number."""
    new_on, new_number = to or (None, None)
    change = LessonChange(
        id_, CLASS.id, subject_id, on, number, kind, new_subject_id, new_teacher_id, None, new_on, new_number,
        None, None, AT + timedelta(minutes=id_), None,
    )  # fmt: skip
    return NamedLessonChange(change, SUBJECTS[subject_id], SUBJECTS.get(new_subject_id or 0), None)


def plan(
    template: Sequence[NamedTemplateLesson],
    changes: Sequence[NamedLessonChange] = (),
    holidays: Sequence[Holiday] = (),
    places: Sequence[Place] = (Place(CLASS),),
) -> Plan:
    """A plan of one class."""
    return Plan(places, template, changes, (), holidays, (), (), FIRST)


def records(of_plan: Plan, *, today: date, periods: Sequence[ReportingPeriod] = ()) -> LessonRecords:
    """A class without a plan of hours, in the weeks until the end of October."""
    year = (FIRST, date(2026, 10, 31))
    return LessonRecords(ClassPlan(CLASS, of_plan), (), (), (), periods, year, today)


@st.composite
def templates(draw: st.DrawFn) -> list[NamedTemplateLesson]:
    """At most one lesson at a time in each of two weeks, some of them for some weeks only."""
    slots = draw(st.sets(st.tuples(st.integers(0, 4), st.integers(1, 2)), min_size=1, max_size=6))
    found = []
    for id_, (weekday, number) in enumerate(sorted(slots), start=1):
        week = draw(st.sampled_from([None, None, Week.ODD, Week.EVEN]))
        dates = draw(st.sampled_from([(None, None), (None, FIRST + timedelta(20)), (FIRST + timedelta(15), None)]))
        subject_id = draw(st.sampled_from([*SUBJECTS]))
        found.append(template_lesson(number, weekday, subject_id, dates=dates, week=week, id_=id_))
    return found


@st.composite
def holidays(draw: st.DrawFn) -> list[Holiday]:
    """Up to two holidays, one of which may be another grade's."""
    begins = draw(st.lists(st.integers(0, 55), max_size=2))
    grades = draw(st.sampled_from([(None, None), (8, 9), (1, 4)]))
    return [
        Holiday(at, 1, "Каникулы", FIRST + timedelta(begin), FIRST + timedelta(begin + 3), *grades)
        for at, begin in enumerate(begins)
    ]
